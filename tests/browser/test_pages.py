"""All other pages in a real browser: drilling down, retuning, and what axe-core finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from contracts.records import DeadLetter
from tests.browser.house import Desk, House
from tests.browser.page import Page
from tests.unit.dashboards.console_counts import two_weeks
from tests.unit.dashboards.test_repeats_told import PLACE as TEXTS
from tests.unit.dashboards.test_repeats_told import all_said, pane
from tests.unit.detectors.test_copies import EDITS, TEXT

Open = Callable[[str], Page]
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_a_threshold_is_moved_and_warnings_go(house: House, page: Open) -> None:
    end = two_weeks(house.town.store)
    house.do(house.town.signal("A", end, 1.7))
    seen = page("zhao")
    seen.go("/tuning")
    Select(seen.one("select[name=days]")).select_by_value("14")
    seen.wait(lambda: seen.text("#before") == "1" and seen.text("#after") == "1")
    for name, value in (("volume.least_voices", "50"), ("volume.least_deviations", "8")):
        seen.script(
            "const knob = document.getElementsByName(arguments[0])[0]; knob.value = arguments[1];"
            "for (const one of ['input', 'change']) knob.dispatchEvent(new Event(one, {bubbles: true}))",
            name,
            value,
        )
    seen.wait(lambda: seen.text("#after") == "0")
    assert "消失" in seen.text("#result")
    seen.one("input[name=reason]").send_keys("一周内都是误报")
    seen.press("#knobs button.main")
    seen.reads("台账", "#notice")
    given = house.town.commands[-1]
    assert (given.reason, given.args["values"]) == (
        "一周内都是误报",
        {"volume.least_deviations": 8.0, "volume.least_voices": 50.0},
    )
    seen.reads("一周内都是误报", "#applied")
    seen.wait(lambda: "现行 50" in seen.text("#knobs"))
    assert house.do(house.town.surge("B", end)) == 0, "the detectors go by the moved limits"
    seen.one("input[name=reason]").clear()
    seen.one("input[name=reason]").send_keys("错过了一次")
    seen.press("#applied button[name=undo]")
    seen.reads("恢复原值", "#notice")
    seen.wait(lambda: "一周内都是误报" not in seen.text("#applied"))
    assert house.town.commands[-1].args["undo"] == given.id
    assert house.do(house.town.surge("B", end + timedelta(days=4))) > 0


def test_a_point_leads_to_its_texts(house: House, page: Open) -> None:
    end = two_weeks(house.town.store)
    house.do(house.town.signal("A", end, 1.7))
    seen = page("lin")
    seen.go("/sentiment?brand=A")
    box = seen.one(".chart[data-drill]")
    seen.script("arguments[0].scrollIntoView({block: 'center'})", box)
    seen.wait(lambda: bool(box.find_elements(By.TAG_NAME, "canvas")))
    box.click()
    seen.wait(lambda: "/sentiment/texts" in seen.browser.current_url)
    seen.reads("背后的原文")
    seen.ready()
    assert seen.script("return Number(document.getElementById('counts').dataset.n)") > 0


PLACES = (
    "/", "/plans", "/sentiment?brand=A", "/cases", "/tuning", "/settings", "/health", "/incident", "/report", TEXTS,
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_by_axe(house: House, page: Open, libraries: Path, theme: str) -> None:
    end = two_weeks(house.town.store)
    house.do(house.town.signal("A", end, 4.0))
    desk = house.parts.letters
    assert isinstance(desk, Desk)
    desk.dead.append(DeadLetter(id="d", at=NOON, source="web", place="row 1", reason="no time", raw_masked="{}"))
    name = house.do(house.town.view.open_incidents())[0].incident
    house.town.texts.take([pane(*all_said([TEXT, *EDITS]))])
    seen = page("zhao")
    found = {}
    for place in PLACES:
        seen.go({"/incident": f"/incidents/{name}", "/report": f"/incidents/{name}/report"}.get(place, place))
        seen.script("document.documentElement.dataset.theme = arguments[0]", theme)
        found[place] = seen.axe(libraries)
    assert {place: some for place, some in found.items() if some} == {}


def test_no_page_sticks_out_of_a_phone(house: House, page: Open) -> None:
    end = two_weeks(house.town.store)
    house.do(house.town.signal("A", end, 4.0))
    name = house.do(house.town.view.open_incidents())[0].incident
    seen = page("zhao")
    seen.browser.set_window_size(390, 844)
    try:
        out = []
        for place in PLACES[:8]:
            seen.go(place if place != "/incident" else f"/incidents/{name}")
            if seen.script("return document.documentElement.scrollWidth > window.innerWidth + 1"):
                out.append(place)
        assert out == []
    finally:
        seen.browser.set_window_size(1400, 1000)
