"""Who is on duty: turns, hours, swaps, daylight saving, make-up workdays, calendars, and settings that contradict."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from alerts.duty.ical import from_ical, to_ical
from alerts.duty.lint import problems
from alerts.duty.load import load_duty
from alerts.duty.rota import on_duty, shifts, step_people
from alerts.duty.settings import DutySettings, Rota, Shift, Swap
from alerts.settings import ReceiverSettings
from contracts.errors import InvalidFile, InvalidSettings
from contracts.records import Tier

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
WEEKLY = Rota(name="duty", order=("lin", "wang", "zhao"), begin=date(2026, 1, 5), zone="Asia/Shanghai")


def local(zone: ZoneInfo, *when: int) -> datetime:
    return datetime(*when, tzinfo=zone)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("when", "person"),
    [
        ((2026, 1, 5, 8, 59), None),
        ((2026, 1, 5, 9), "lin"),
        ((2026, 1, 12, 8, 59), "lin"),
        ((2026, 1, 12, 9), "wang"),
        ((2026, 1, 19, 9), "zhao"),
        ((2026, 1, 26, 9), "lin"),
    ],
)
def test_a_weekly_turn_changes_at_the_handover(when: tuple[int, ...], person: str | None) -> None:
    assert on_duty(WEEKLY, local(SHANGHAI, *when)) == person


def test_two_shifts_a_day() -> None:
    rota = Rota(name="d", order=("lin", "wang"), begin=date(2026, 1, 5), handover=("08:00", "20:00"), every=1)
    people = [on_duty(rota, datetime(2026, 1, 6, hour, tzinfo=UTC)) for hour in (7, 8, 19, 20)]
    assert people == ["wang", "lin", "lin", "wang"]


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1)])
def test_daylight_saving_moves_no_handover(day: tuple[int, int, int]) -> None:
    rota = Rota(name="d", order=("lin", "wang"), begin=date(2026, 1, 1), every=1, zone="America/New_York")
    before = on_duty(rota, local(NEW_YORK, *day, 8, 59))
    after = on_duty(rota, local(NEW_YORK, *day, 9, 0))
    assert {before, after} == {"lin", "wang"}
    begin = local(NEW_YORK, *day, 9) - timedelta(days=1)
    night = next(iter(shifts(rota, begin.astimezone(UTC), local(NEW_YORK, *day, 9).astimezone(UTC))))
    assert night.end - night.start == timedelta(hours=23 if day[1] == 3 else 25)


def test_a_make_up_workday_is_a_workday_and_a_holiday_is_none() -> None:
    desk = WEEKLY.model_copy(
        update={"hours": hours(**{"from": "09:00", "to": "18:00", "days": ["workday"], "zone": "Asia/Shanghai"})}
    )
    saturday_made_up, holiday = local(SHANGHAI, 2026, 10, 10, 10), local(SHANGHAI, 2026, 10, 1, 10)
    assert on_duty(desk, saturday_made_up) is not None
    assert on_duty(desk, holiday) is None
    assert on_duty(desk, local(SHANGHAI, 2026, 10, 9, 18)) is None


def hours(**given: Any) -> Any:
    from alerts.hours import Hours

    return Hours.model_validate(given)


def test_a_swap_replaces_for_a_while() -> None:
    start, end = local(SHANGHAI, 2026, 1, 6), local(SHANGHAI, 2026, 1, 7)
    rota = WEEKLY.model_copy(update={"swaps": (Swap(out="lin", into="zhao", start=start, end=end),)})
    assert [on_duty(rota, start + timedelta(hours=n)) for n in (-1, 0, 23, 24)] == ["lin", "zhao", "zhao", "lin"]


def test_a_rota_goes_into_a_calendar_and_comes_back() -> None:
    start, end = local(SHANGHAI, 2026, 1, 5, 9).astimezone(UTC), local(SHANGHAI, 2026, 2, 5).astimezone(UTC)
    there = list(shifts(WEEKLY, start, end))
    assert [one.person for one in there] == ["lin", "wang", "zhao", "lin", "wang"]
    assert list(from_ical(to_ical(WEEKLY, start, end), "duty.ics", "UTC")) == there
    assert to_ical(WEEKLY, start, end) == to_ical(WEEKLY, start, end)


def event(*lines: str) -> bytes:
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(rows).encode()


def test_a_foreign_calendar_is_read_in_its_zones() -> None:
    (whole_day,) = from_ical(
        event("SUMMARY:lin", "DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260106"), "x", "Asia/Shanghai"
    )
    assert whole_day.start == local(SHANGHAI, 2026, 1, 5)
    (lasting,) = from_ical(event("SUMMARY:wang", "DTSTART:20260105T010000Z", "DURATION:PT8H"), "x", "UTC")
    assert lasting == Shift(
        person="wang", start=datetime(2026, 1, 5, 1, tzinfo=UTC), end=datetime(2026, 1, 5, 9, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"no calendar", "iCalendar"),
        (event("DTSTART:20260105T010000Z", "DTEND:20260105T020000Z"), "no summary"),
        (event("SUMMARY:lin", "DTEND:20260105T020000Z"), "start"),
        (event("SUMMARY:lin", "DTSTART:20260105T030000Z", "DTEND:20260105T020000Z"), "ends before"),
        (event("SUMMARY:lin", "DTSTART:20260105T010000Z", "DTEND:20260105T020000Z", "RRULE:FREQ=DAILY"), "repeats"),
    ],
)
def test_a_bad_calendar_is_named(payload: bytes, word: str) -> None:
    with pytest.raises(InvalidFile, match=word):
        from_ical(payload, "duty.ics", "UTC")


FILE = """
zone: Asia/Shanghai
people:
  - {name: lin, channels: [phone]}
  - {name: wang, channels: [phone]}
rotas:
  - {name: duty, order: [lin, wang], begin: 2026-01-05}
escalation:
  red: {steps: [{after: 0s, to: [duty]}, {after: 5m, to: [wang]}]}
"""


def test_the_file_is_read_with_its_zone_and_its_calendar(tmp_path: Path) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(FILE.replace("order: [lin, wang]", "calendar: plan.ics"), encoding="utf-8")
    with pytest.raises(InvalidSettings, match=r"plan\.ics"):
        load_duty(path)
    start = local(SHANGHAI, 2026, 1, 5, 9).astimezone(UTC)
    (tmp_path / "plan.ics").write_bytes(
        to_ical(WEEKLY.model_copy(update={"order": ("wang",)}), start, start + timedelta(days=7))
    )
    duty = load_duty(path)
    assert duty.rotas[0].zone == "Asia/Shanghai"
    assert [one.name for one in step_people(duty, Tier.RED, 0, start)] == ["wang"]
    assert step_people(duty, Tier.RED, 2, start) == step_people(duty, Tier.BLUE, 0, start) == []
    assert load_duty(tmp_path / "none.yaml") == DutySettings()


SWAPPED = "swaps: [{{out: {out}, into: {into}, start: 2026-01-05T00:00:00+08:00, end: 2026-01-0{end}T00:00:00+08:00}}]"


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("order: [lin, wang]", "order: [lin, li]", "li, who is none of people"),
        ("to: [wang]", "to: [boss]", "neither a person nor a rota"),
        ("name: wang", "name: lin", "stands twice"),
        ("after: 5m", "after: 0s", "one after the other"),
        ("after: 0s", "after: 1m", "at once"),
        ("Asia/Shanghai", "Asia/Peking", "no such time zone"),
        ("order: [lin, wang]", "order: []", "names nobody"),
        ("begin: 2026-01-05", SWAPPED.format(out="wagn", into="lin", end=6), "wagn, who is none of people"),
        ("begin: 2026-01-05", SWAPPED.format(out="lin", into="wang", end=4), "must end after it starts"),
        ("begin: 2026-01-05", SWAPPED.format(out="lin", into="lin", end=6), "lin cannot stand in for lin"),
    ],
)
def test_contradictions_are_explained(tmp_path: Path, old: str, new: str, word: str) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidSettings, match=word):
        load_duty(path)


def receivers(*, wakes: bool, brands: tuple[str, ...] = ()) -> ReceiverSettings:
    return ReceiverSettings.model_validate(
        {
            "receivers": [{"name": "phone", "type": "terminal", "wakes": wakes}],
            "routes": [{"to": ["phone"], "brands": brands}],
        }
    )


def test_red_must_wake_somebody(tmp_path: Path) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(FILE, encoding="utf-8")
    duty = load_duty(path)
    assert problems(receivers(wakes=True), DutySettings(), START) == []
    (nobody,) = problems(receivers(wakes=False), DutySettings(), START)
    assert "wakes: true" in nobody
    assert problems(receivers(wakes=True, brands=("Delta",)), DutySettings(), START) != []
    assert problems(receivers(wakes=True, brands=("Delta",)), duty, START) == []
    assert problems(receivers(wakes=False), duty, START) != []


def test_a_channel_that_is_no_receiver_is_named(tmp_path: Path) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(FILE.replace("channels: [phone]", "channels: [fone]", 1), encoding="utf-8")
    assert "lin is reached by fone" in problems(receivers(wakes=True), load_duty(path), START)[0]


def test_an_endless_escalation_is_refused() -> None:
    steps = [{"after": f"{n}m", "to": ["lin"]} for n in range(21)]
    with pytest.raises(ValidationError):
        DutySettings.model_validate(
            {"people": [{"name": "lin", "channels": ["phone"]}], "escalation": {"red": {"steps": steps}}}
        )
