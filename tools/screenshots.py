"""Pictures of the console's pages for docs/, made from the simulated day in a real browser.

``python -m tools.screenshots`` plays some ordinary days and the busy one after them until an incident has climbed and
its plan has begun, serves the console over it, and writes a PNG a page. Takes minutes; needs chromium and chromedriver.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from contracts.clock import SystemClock
from contracts.records import CaseEvent, SignalKind
from contracts.view import IncidentCard
from dashboards.console.libraries import fetch
from fenghuo.cli.filework import file_key, load_files, options_from
from fenghuo.doors import file_tools
from fenghuo.replay_cases import read_cases
from fenghuo.settings import Runtime
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.cases import case_events
from fenghuo.simulator.presets import demo
from fenghuo.simulator.simulation import Simulation
from streams.sources.load import Loaded
from tests.browser.house import House, parts_of
from tests.browser.page import Page, open_chromium
from tests.browser.town import Town, shipped

OUT = Path("docs/images/console")
END = datetime(2026, 3, 31, 12, tzinfo=ZONE)
CUT = timedelta(hours=22, minutes=12)
"""So long before the end the day stops: in the middle of its first surge, its plan under way."""
RATE = 150
DAYS = 8
"""Of ordinary history before the busy day; the demo itself has more."""
WIDTH, HEIGHT, PHONE = 1360, 860, 390
TALLEST = 1900
SETTLE_SECONDS = 1.5
TUNED_SECONDS = 120.0


def main(out: Path = OUT) -> None:
    """Play the day, then take the pictures."""
    out.mkdir(parents=True, exist_ok=True)
    libraries = fetch(Path("var/console"))
    town = Town()
    loaded, cases = day()
    last = END - CUT
    rows = [row for row in loaded.rows if row.ts < last]
    asyncio.run(town.play(rows, loaded.source, [one for one in cases if one.ts < last]))
    with House(parts_of(town, libraries), town) as house, tempfile.TemporaryDirectory() as profile:
        browser = open_chromium(Path(profile))
        try:
            take(Page(browser, house.url), house, out)
        finally:
            browser.quit()


def day() -> tuple[Loaded, tuple[CaseEvent, ...]]:
    """The simulated month, read like any file."""
    scenario = demo(END, rate=RATE).model_copy(update={"start": END - timedelta(days=DAYS + 1)})
    config, runtime = shipped(), Runtime()
    with tempfile.TemporaryDirectory() as folder:
        said, lived = Path(folder, "day.ndjson"), Path(folder, "cases.ndjson")
        said.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in Simulation(scenario).records()))
        lived.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in case_events(scenario)))
        loaded = load_files([said], options_from(None, None, "auto", None, None), config, runtime, SystemClock())
        tools = file_tools(config, file_key(runtime))
        brands = [one.name for one in config.subjects.subjects]
        cases, _ = read_cases(lived, loaded.source, tools, brands, SystemClock().now())
    return loaded, cases


def take(page: Page, house: House, out: Path) -> None:
    """All pages, some in the dark and one on a phone."""
    page.sign_in("zhao")
    cards = house.do(house.town.view.open_incidents())
    worst: IncidentCard = next((one for one in cards if one.kind is SignalKind.VOLUME_SPIKE), cards[0])
    brand = worst.brand
    places = {
        "duty": f"/?incident={worst.incident}",
        "incident": f"/incidents/{worst.incident}",
        "report": f"/incidents/{worst.incident}/report",
        "plans": "/plans",
        "sentiment": f"/sentiment?brand={brand}",
        "cases": "/cases",
        "tuning": f"/tuning?brand={brand}",
        "settings": "/settings",
        "health": "/health",
    }
    for name, place in places.items():
        shot(page, place, out / f"{name}.png")
    page.script("localStorage.setItem('theme', 'dark')")
    shot(page, places["duty"], out / "duty-dark.png")
    page.script("localStorage.setItem('theme', 'light')")
    page.go("/language/en?next=/")
    shot(page, places["duty"], out / "duty-en.png")
    page.go("/language/zh?next=/")
    shot(page, places["duty"], out / "duty-phone.png", width=PHONE)


def shot(page: Page, place: str, path: Path, width: int = WIDTH) -> None:
    """One page, as tall as it is within reason."""
    page.browser.set_window_size(width, HEIGHT)
    page.go(place)
    if place.startswith("/tuning"):
        page.one("#before")
    tall = min(TALLEST, int(page.script("return document.documentElement.scrollHeight")) + 90)
    page.browser.set_window_size(width, max(HEIGHT, tall))
    time.sleep(SETTLE_SECONDS)
    page.browser.save_screenshot(str(path))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
