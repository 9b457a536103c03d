"""Swaps, handovers and calendars as people on duty live through them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.duty.lint import problems
from alerts.duty.rota import shifts
from alerts.duty.settings import DutySettings
from alerts.settings import ReceiverSettings
from contracts.records import CommandKind
from tests.acceptance.duty_story import PEOPLE, Night
from tests.acceptance.house_story import House
from tests.unit.alerts.given import NOON

SWAP = CommandKind.SWAP


def duty(**rota: Any) -> DutySettings:
    """The people of the stories with another rota; only the first step is paged."""
    given = PEOPLE.model_dump(mode="json", by_alias=True)
    given["rotas"] = [{"name": "duty", **rota}]
    given["escalation"]["red"]["steps"] = [{"after": "0s", "to": ["duty"]}]
    return DutySettings.model_validate(given)


WEEKLY = duty(order=["lin", "wang"], begin="2026-03-02", handover=["09:00"], every=7)


def swapped(house: House, at: str, out: str, into: str, until: str = "2026-03-02T21:00:00+00:00") -> House:
    """At this time somebody stands in for somebody until the evening."""
    return house.says(at, SWAP, rota="duty", out=out, into=into, start="2026-03-02T09:00:00+00:00", end=until)


async def test_a_swap_is_taken_back_and_made_again_and_each_page_follows_it(tmp_path: Path) -> None:
    house = House(tmp_path, duty=WEEKLY)
    for minute, brand in ((1, "Delta"), (3, "United"), (5, "Sigma"), (7, "Alpha")):
        house.push(f"{minute}:00", 4.0, brand)
        house.brands.add(brand)
    swapped(house, "2:00", "lin", "wang")
    swapped(house, "4:00", "wang", "lin")
    swapped(house, "6:00", "lin", "wang")
    await house.play("8:00")
    assert house.heard("lin-phone") == ["1:00 opened red", "5:00 opened red"]
    assert house.heard("wang-phone") == ["3:00 opened red", "7:00 opened red"]


async def test_a_stand_in_is_replaced_by_a_third_person(tmp_path: Path) -> None:
    house = House(tmp_path, duty=WEEKLY)
    swapped(house, "1:00", "lin", "wang")
    swapped(house, "2:00", "wang", "chief", "2026-03-02T12:05:00+00:00")
    house.push("3:00", 4.0).push("6:00", 4.0, "Sigma")
    await house.play("7:00")
    assert (house.heard("chief-phone"), house.heard("wang-phone"), house.heard("lin-phone")) == (
        ["3:00 opened red"],
        ["6:00 opened red"],
        [],
    )


async def test_a_handover_in_the_hour_that_comes_twice_is_one_and_the_calendar_says_the_same() -> None:
    there = duty(order=["lin", "wang"], begin="2026-10-20", handover=["01:30"], every=1, zone="America/New_York")
    before = datetime.fromisoformat("2026-11-01T05:28:00+00:00")
    night = Night(there, shift=before - NOON)
    for minute, brand in ((1, "Delta"), (3, "United"), (40, "Sigma"), (64, "Alpha")):
        night.push(f"{minute}:00", 4.0, brand)
    await night.play("1:05:00")
    opened = {phone: [one for one in night.heard(phone) if "opened" in one] for phone in ("lin-phone", "wang-phone")}
    assert opened == {
        "wang-phone": ["1:00 opened red"],  # 01:29, the last minute of the old turn
        "lin-phone": ["3:00 opened red", "40:00 opened red", "64:00 opened red"],  # 01:31, 01:08 and 01:32 again
    }
    (first, second) = shifts(there.rotas[0], before, before + timedelta(hours=2))
    assert (first.person, second.person, second.start - before) == ("wang", "lin", timedelta(minutes=2))


async def test_what_check_calls_a_gap_is_a_night_in_which_nobody_is_woken() -> None:
    office = duty(order=["lin", "wang"], begin="2026-03-02", hours={"from": "09:00", "to": "18:00"})
    night_time = datetime.fromisoformat("2026-03-02T18:30:00+00:00")
    night = await Night(office, shift=night_time - NOON).push("1:00", 4.0).play("9:00")
    assert {phone for phone in night.phones if night.heard(phone)} == {"desk"}, "and the desk is not woken"
    receivers = [{"name": name, "type": "terminal", "wakes": name != "desk"} for name in night.phones]
    settings = ReceiverSettings.model_validate({"receivers": receivers, "routes": [{"to": ["desk"]}]})
    (found,) = problems(settings, office, NOON)
    assert found.startswith("duty.yaml: from 2026-03-02T18:00+00:00 to 2026-03-03T09:00+00:00 a red warning would wake")
    always = duty(order=["lin", "wang"], begin="2026-03-02")
    assert problems(settings, always, NOON) == []
