"""How fast the console answers under load, without a browser: python -m bench.console

500 open incidents, 10 000 series in a SQLite store: the first paint of the duty board, its update after a change for
one page and for 100 pages at once, and 100 series over 30 days decided again. Prints a table.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import httpx

from contracts.clock import SystemClock
from contracts.desk import Retuned
from contracts.records import BucketRow, Counts, IncidentEvent, IncidentEventKind, SignalKind, Tier
from dashboards.console.app import make_app
from dashboards.settings import StoreSettings
from dashboards.store.sqlite import SqliteStore
from fenghuo.tuning.desk import TuningDesk
from tests.browser.house import PASSWORD, parts_of
from tests.browser.town import Town

START = datetime(2026, 3, 1, tzinfo=UTC)
INCIDENTS, SERIES, PAGES, TUNED, DAYS = 500, 10_000, 100, 100, 30
ROUNDS = 20
HOUR = 3_600


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


async def measure(folder: Path) -> None:
    """One line a figure."""
    town = Town()
    store = SqliteStore(StoreSettings(path=folder / "series.sqlite"))
    store.setup()
    fill(store)
    for number in range(INCIDENTS):
        await town.view.take([opened(number)])
    parts = parts_of(town, folder, store=store)
    app = make_app(parts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client:
        await client.post("/sign-in", data={"name": "lin", "password": PASSWORD})
        first = [await timed(lambda: client.get("/")) for _ in range(ROUNDS)]
        one = [await timed(lambda: client.get("/board")) for _ in range(ROUNDS)]
        show("duty board, first paint", first)
        show("duty board, update, one page", one)
        listening = app.state.office.hub.listen(60, 0.05)
        await anext(listening)
        many: list[float] = []
        spent: list[float] = []
        for number in range(5):
            await town.view.take([opened(number, seq=1)])
            await asyncio.sleep(0.2)
            begun = time.process_time()
            many += await asyncio.gather(*(timed(lambda: client.get("/board")) for _ in range(PAGES)))
            spent.append(time.process_time() - begun)
        show(f"duty board, update, {PAGES} pages at once", many)
        show("processor time of all of them together", spent)
        await listening.aclose()
    desk = TuningDesk(town.config.detect, store, town, SystemClock(), patience=3_600.0)
    series = [f"brand=B{number}" for number in range(TUNED)]
    span = (START, START + timedelta(days=DAYS))
    judged = await timed(lambda: desk.compare(series, *span, {"budget.start": 3.0}))
    decided = [await desk.compare(series, *span, {"budget.start": 3.0 + step / 10}) for step in range(5)]
    again = [one.seconds for one in decided if isinstance(one, Retuned)]
    print(f"{TUNED} series of {DAYS} days by the hour: judged the first time {judged:.1f} s")
    show("decided again, both settings, all series", again)
    store.close()


def fill(store: SqliteStore) -> None:
    """Many series with a few rows, and a hundred with a month of hours."""
    rows = [row(f"B{number}", hour, 5 + hour % 3) for number in range(TUNED) for hour in range(24 * DAYS)]
    rows += [row(f"C{number}", 24 * DAYS - 1, 3) for number in range(SERIES - TUNED)]
    for place in range(0, len(rows), 5_000):
        store.write(rows[place : place + 5_000])


def row(brand: str, hour: int, n: int) -> BucketRow:
    """One hour of one brand."""
    at = START + timedelta(hours=hour)
    return BucketRow(brand=brand, series=f"brand={brand}", bucket=at, bucket_seconds=HOUR, counts=Counts(n, n // 2))


def opened(number: int, seq: int = 0) -> IncidentEvent:
    """One incident, opened or promoted."""
    return IncidentEvent(
        incident=f"{number:016x}", seq=seq,
        event=IncidentEventKind.PROMOTED if seq else IncidentEventKind.OPENED,
        at=START + timedelta(days=DAYS), tier=tuple(Tier)[(number + seq) % 4], kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": f"B{number}"}, reason="threshold", observed=90, expected=10, score=4,
    )  # fmt: skip


async def timed(call: Callable[[], Awaitable[object]]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    await call()
    return time.perf_counter() - begun


def show(name: str, seconds: list[float]) -> None:
    """Median and 95th percentile."""
    late = sorted(seconds)[max(0, round(0.95 * len(seconds)) - 1)]
    print(f"{name}: median {median(seconds) * 1000:.0f} ms, p95 {late * 1000:.0f} ms, {len(seconds)} times")


if __name__ == "__main__":
    main()
