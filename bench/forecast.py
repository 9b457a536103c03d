"""``python -m bench.forecast``: how good the forecast is, against seasonal-naive, on real and on simulated streams.

Each stream is walked hour by hour; before an hour is learned, what was said of it one, six and twenty-four hours before
is compared with it, and so is the total of the next day. Weighted absolute percentage error: absolute errors over all
that came. Coverage: how many hours lay within the intervals of 80 and 95 %. Seasonal-naive says what the same hour of
the week before brought (of the latest day, in the first week); its intervals are the quantiles of its own past errors.
The first three days of each stream are not counted. ``--data`` names the folder of the real streams.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from contracts.panes import Panes
from detectors.events import Events
from detectors.forecast import Forecaster, Outlook
from detectors.grid import HOUR, Grid
from detectors.outlook_settings import Announced, ForecastSettings
from fenghuo.simulator.calendar import ZONE, day_number, day_start
from fenghuo.simulator.cast import Cast
from fenghuo.simulator.presets import calm, steady

AHEAD = (1, 6, 24)
DAY = 24
SKIP = 3 * DAY
PANES = Panes(pane_seconds=HOUR, bucket_seconds=HOUR)
Z80, Z95 = 1.2816, 1.96
console = Console(highlight=False)
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stream:
    """Hourly counts from an hour of the epoch on."""

    name: str
    first: int
    counts: Counts
    zone: str
    settings: ForecastSettings = ForecastSettings()
    known: tuple[Announced, ...] = ()
    """What is announced."""


@dataclass(slots=True)
class Sums:
    """Errors and hits of one way of forecasting at one distance."""

    errors: float = 0.0
    came: float = 0.0
    hours: int = 0
    within: list[int] = field(default_factory=lambda: [0, 0])
    banded: bool = False

    def add(self, count: float, said: float, bands: Sequence[tuple[float, float]]) -> None:
        """One hour, or one day."""
        self.errors += abs(count - said)
        self.came += count
        self.hours += 1
        self.banded = bool(bands)
        for place, (low, high) in enumerate(bands):
            self.within[place] += low - 0.5 <= count <= high + 0.5

    def row(self) -> tuple[str, str, str]:
        """Error and coverages, as text."""
        shares = [f"{one / max(1, self.hours):.0%}" if self.banded else "" for one in self.within]
        return (f"{self.errors / max(1.0, self.came):.3f}", *shares)  # type: ignore[return-value]


def main(words: Sequence[str] | None = None) -> int:
    """Print one table; 0, or 1 when the folder of the real streams lacks."""
    parser = argparse.ArgumentParser(prog="python -m bench.forecast", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real streams")
    asked = parser.parse_args(words)
    table = Table(title="Forecast against seasonal-naive")
    for name in ("stream", "ahead", "WAPE", "80 %", "95 %", "naive WAPE", "80 %", "95 %"):
        table.add_column(name, justify="left" if name == "stream" else "right")
    missing = not asked.data.is_dir()
    for stream in [*(() if missing else real(asked.data)), *simulated()]:
        for ahead, (ours, naive) in compared(stream).items():
            table.add_row(stream.name, ahead, *ours.row(), *naive.row())
    console.print(table)
    if missing:
        print(f"bench.forecast: {asked.data} is no folder, so the real streams were left out", file=sys.stderr)
    return int(missing)


def compared(stream: Stream) -> dict[str, tuple[Sums, Sums]]:
    """By distance: our sums and those of seasonal-naive."""
    sums = {f"{hours} h": (Sums(), Sums()) for hours in AHEAD} | {"day": (Sums(), Sums())}
    naive = Naive(stream.counts)
    for place, outlook in walked(stream):
        if place < SKIP:
            naive.learn(place)
            continue
        for hours in AHEAD:
            if place + hours < len(stream.counts):
                one = outlook[hours - 1]
                count = float(stream.counts[place + hours])
                sums[f"{hours} h"][0].add(count, one.band(0.0)[0], (one.band(Z80), one.band(Z95)))
                sums[f"{hours} h"][1].add(count, *naive.said(place, hours))
        if place + DAY < len(stream.counts) and (place + 1) % DAY == 0:
            total = float(stream.counts[place + 1 : place + 1 + DAY].sum())
            sums["day"][0].add(total, sum(one.mean for one in outlook[:DAY]), ())
            sums["day"][1].add(total, sum(naive.point(place, hour) for hour in range(1, DAY + 1)), ())
        naive.learn(place)
    return sums


def walked(stream: Stream) -> Iterator[tuple[int, list[Outlook]]]:
    """(place, outlook) after each hour has been learned."""
    forecaster = Forecaster(stream.settings, Grid(PANES, stream.zone, events=Events(stream.known, "B", HOUR)))
    for place, count in enumerate(stream.counts.tolist()):
        forecaster.learn(stream.first + place, count)
        yield place, forecaster.outlook(max(AHEAD))


class Naive:
    """The same hour of the week before; its past errors are its intervals."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._errors: dict[int, list[float]] = {hours: [] for hours in AHEAD}

    def point(self, place: int, hours: int) -> float:
        """What is said at ``place`` of ``hours`` later."""
        target = place + hours
        back = 7 * DAY if target >= 7 * DAY else DAY
        while target - back > place:
            back += DAY
        return float(self._counts[target - back]) if target >= back else 0.0

    def said(self, place: int, hours: int) -> tuple[float, list[tuple[float, float]]]:
        """Point and both intervals."""
        point, errors = self.point(place, hours), self._errors[hours]
        tails = [np.quantile(errors, (tail, 1 - tail)) for tail in (0.1, 0.025)] if errors else [(0.0, 0.0)] * 2
        return point, [(point + float(low), point + float(high)) for low, high in tails]

    def learn(self, place: int) -> None:
        """The errors that ``place`` shows."""
        for hours in AHEAD:
            if place - hours >= DAY:
                self._errors[hours].append(float(self._counts[place]) - self.point(place - hours, hours))


def real(folder: Path) -> Iterator[Stream]:
    """Brands of the airline tweets and the messages to a city hall, by hour."""
    for file, zone, brands in (
        ("airline_2015.csv", "America/Los_Angeles", ("United", "US Airways", "Southwest", "Delta")),
        ("citizen_messages_2019h1.csv", "Asia/Shanghai", ()),
    ):
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            rows = [(one["brand"], datetime.fromisoformat(one["ts"])) for one in csv.DictReader(lines)]
        settings = ForecastSettings(country="CN" if zone == "Asia/Shanghai" else "US")
        for brand in brands or sorted({name for name, _ in rows})[:1]:
            found = np.asarray([int(when.timestamp()) // HOUR for name, when in rows if name == brand])
            counts = np.bincount(found - found.min()).astype(float)
            yield Stream(f"{file.split('_')[0]} {brand}", int(found.min()), counts, zone, settings)


def simulated() -> Iterator[Stream]:
    """Eight weeks over the Spring Festival, a month without weeks, and two announced promotions."""
    start = datetime(2026, 1, 5, tzinfo=ZONE)
    first, counts = _hours(Cast(calm(start, days=56)))
    yield Stream("Spring Festival", first, counts, "Asia/Shanghai")
    yield Stream("… no holidays known", first, counts, "Asia/Shanghai", ForecastSettings(country=""))
    yield Stream("steady", *_hours(Cast(steady(start))), "Asia/Shanghai")
    events = tuple(
        Announced(name="sale", start=start + timedelta(days=day), end=start + timedelta(days=day + 1), factor=3.0)
        for day in (17, 31)
    )
    promoted = counts.copy()
    rng = np.random.default_rng(1)
    for one in events:
        begin = int(one.start.astimezone(UTC).timestamp()) // HOUR - first
        promoted[begin : begin + DAY] += rng.poisson(2 * counts[begin : begin + DAY])
    yield Stream("sales announced", first, promoted, "Asia/Shanghai", known=events)
    yield Stream("sales not announced", first, promoted, "Asia/Shanghai")


def _hours(cast: Cast) -> tuple[int, Counts]:
    scenario = cast.scenario
    brand = scenario.brands[0].name
    ms = [
        cast.ordinary(brand, channel, day, day_start(day), day_start(day + 1)).times
        for day in range(day_number(_ms(scenario.start)), day_number(_ms(scenario.end)))
        for channel in scenario.channels
    ]
    hours = np.concatenate(ms) // (1000 * HOUR)
    return int(hours.min()), np.bincount(hours - hours.min()).astype(float)


def _ms(when: datetime) -> int:
    return int(when.timestamp() * 1000)


if __name__ == "__main__":
    raise SystemExit(main())
