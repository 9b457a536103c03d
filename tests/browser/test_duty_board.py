"""The duty board in a real browser: live, shared, in two languages, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.browser.house import House
from tests.browser.page import Page

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
Open = Callable[[str], Page]


def test_an_incident_appears_without_reload_and_climbs(house: House, page: Open) -> None:
    seen = page("lin")
    seen.live()
    seen.reads("没有未结事件")
    seen.script("window.mine = 'not reloaded'")
    house.do(house.town.signal("云杉航空", NOON, 1.7))
    seen.reads("云杉航空", "#board")
    assert seen.text("#board .badge") == "黄"
    house.do(house.town.signal("云杉航空", NOON + timedelta(minutes=2), 4.0))
    seen.wait(lambda: seen.text("#board .badge") == "红")
    assert seen.script("return window.mine") == "not reloaded"
    seen.press("[data-pick]")
    seen.reads("等了三天还没有人回复", "#detail")
    assert "三天没人回" in seen.text("#detail") and "weibo" in seen.text("#detail")


def test_an_acknowledgement_is_seen_by_others(house: House, page: Open) -> None:
    house.do(house.town.signal("云杉航空", NOON, 4.0))
    lin, wang = page("lin"), page("wang")
    lin.live()
    wang.live()
    wang.reads("无人接手", "#board")
    lin.press("#acknowledge")
    lin.reads("已接手，稍候更新", "#notice")
    wang.reads("已接手: lin", "#board")
    wang.wait(lambda: not wang.all("#acknowledge"))
    lin.reads("已接手: lin", "#detail")


def test_a_plan_is_started_and_a_task_ticked(house: House, page: Open) -> None:
    house.do(house.town.signal("云杉航空", NOON, 1.7))
    seen = page("lin")
    seen.live()
    seen.press("details:has(select[name=plan]) > summary")
    seen.press("form[action$='/plan'] button")
    seen.reads("投诉激增", "#detail .run")
    before = len(seen.all("#detail .tasks .done"))
    seen.press("#detail .tasks li:not(.done) button")
    seen.wait(lambda: len(seen.all("#detail .tasks .done")) == before + 1)
    seen.reads("预案 1/", "#board")


def test_language_switches_and_stays(house: House, page: Open) -> None:
    house.do(house.town.signal("云杉航空", NOON, 2.5))
    seen = page("lin")
    seen.press("#language")
    seen.reads("Duty", "nav")
    seen.ready()
    assert "volume spike" in seen.text("#board") and seen.script("return document.documentElement.lang") == "en"
    seen.go("/plans")
    seen.reads("Plans under way")
    seen.press("#language")
    seen.reads("执行中的预案")


def test_on_a_phone_nothing_sticks_out(house: House, page: Open) -> None:
    house.do(house.town.signal("云杉航空", NOON, 2.5))
    seen = page("lin")
    seen.browser.set_window_size(390, 844)
    try:
        seen.go("/")
        seen.reads("云杉航空", "#board")
        assert seen.script("return document.documentElement.scrollWidth <= window.innerWidth + 1")
    finally:
        seen.browser.set_window_size(1400, 1000)


def test_it_can_be_used_with_the_keys_alone_and_by_those_who_do_not_see(
    house: House, page: Open, libraries: Path
) -> None:
    house.do(house.town.signal("云杉航空", NOON, 2.5))
    house.do(house.town.signal("青禾银行", NOON, 4.0))
    seen = page("lin")
    seen.one("body").send_keys("j")
    first = seen.script("return document.activeElement.dataset.pick")
    seen.browser.switch_to.active_element.send_keys("k")
    assert first and seen.script("return document.activeElement.dataset.pick") not in (None, first)
    assert seen.axe(libraries) == []
