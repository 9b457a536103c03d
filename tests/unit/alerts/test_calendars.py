"""Calendars to the letter: what is written, what every refusal says of which file, and bounds of what is remembered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from alerts.cases.people import People
from alerts.course import MuteCalendar
from alerts.duty import ical
from alerts.duty.ical import from_ical, to_ical
from alerts.duty.load import load_duty
from alerts.duty.settings import Rota
from contracts.errors import InvalidFile, InvalidSettings
from contracts.records import Tier
from tests.unit.alerts.test_duty import event

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SHIFT = ("SUMMARY:lin", "DTSTART:20260105T010000Z", "DTEND:20260105T020000Z")


def test_a_calendar_says_who_when_and_of_which_rota() -> None:
    rota = Rota(name="duty", order=("lin",), begin=date(2026, 1, 5), every=1)
    lines = to_ical(rota, START, START + timedelta(days=1)).decode().splitlines()
    assert sorted(lines) == sorted(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Fenghuo//duty//EN",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            "UID:duty-20260105T090000Z@fenghuo",
            "DTSTAMP:20260105T090000Z",
            "DTSTART:20260105T090000Z",
            "DTEND:20260106T090000Z",
            "SUMMARY:lin",
            "CATEGORIES:duty",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"no calendar", "plan.ics: is no iCalendar (ValueError)"),
        (event(*SHIFT[1:]), "plan.ics: an event has no summary; it must be the name of a person"),
        (event(SHIFT[0], SHIFT[2]), "plan.ics: the shift of lin lacks its start or its end"),
        (event(*SHIFT[:2]), "plan.ics: the shift of lin lacks its start or its end"),
        (event(*SHIFT[:2], "DTEND:20260105T010000Z"), "plan.ics: the shift of lin ends before it starts"),
        (
            event(*SHIFT, "RDATE:20260106T010000Z"),
            "plan.ics: the shift of lin repeats by a rule; export each shift by itself",
        ),
        (
            event(SHIFT[0], "DTSTART:2026-03-02 09:00", SHIFT[2]),
            "plan.ics: the shift of lin: DTSTART is no time; it must be written like 20260302T090000Z or 20260302",
        ),
        (
            event(SHIFT[0], SHIFT[1], "DTEND;VALUE=TIME:090000"),
            "plan.ics: the shift of lin: DTEND is no time; it must be written like 20260302T090000Z or 20260302",
        ),
        (
            event(*SHIFT, "DTSTART:20260105T013000Z"),
            "plan.ics: the shift of lin: DTSTART is no time; it must be written like 20260302T090000Z or 20260302",
        ),
        (
            event(*SHIFT[:2], "DURATION:eight hours"),
            "plan.ics: the shift of lin: DURATION is no time span; it must be written like PT8H",
        ),
        (
            event(SHIFT[0], "DTSTART;TZID=Mars/Base:20260302T090000", "DTEND;TZID=Mars/Base:20260302T180000"),
            "plan.ics: the shift of lin: DTSTART is in the zone Mars/Base, which is not known; write one like "
            "Asia/Shanghai",
        ),
        (
            event(*SHIFT, "STATUS:CANCELLED"),
            "plan.ics: holds no shift: every event of it is cancelled, so nobody would be on duty; export the plan "
            "again",
        ),
        (
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n",
            "plan.ics: holds no shift: it has no events, so nobody would be on duty; export the plan again",
        ),
    ],
)
def test_every_refusal_names_the_file_and_the_shift(payload: bytes, sentence: str) -> None:
    with pytest.raises(InvalidFile) as refused:
        from_ical(payload, "plan.ics", "UTC")
    assert str(refused.value) == sentence


def test_what_was_cancelled_is_no_shift() -> None:
    gone = ("SUMMARY:wang", *SHIFT[1:], "STATUS:cancelled")
    both = event(*SHIFT, "STATUS:CONFIRMED", "END:VEVENT", "BEGIN:VEVENT", *gone)
    assert [one.person for one in from_ical(both, "plan.ics", "UTC")] == ["lin"]


@pytest.mark.parametrize(
    ("zone", "lines", "hours"),
    [
        ("Asia/Shanghai", ("DTSTART;TZID=China Standard Time:20260105T090000", "DTEND:20260105T020000Z"), (1, 2)),
        ("America/New_York", ("DTSTART:20260308T000000", "DURATION:PT8H"), (5, 13)),
        ("America/New_York", ("DTSTART:20260308T000000", "DURATION:P1D"), (5, 28)),
        ("America/New_York", ("DTSTART:20261101T013000", "DTEND:20261101T023000"), (5.5, 7.5)),
    ],
)
def test_times_are_those_of_the_zone_also_when_its_clocks_are_moved(
    zone: str, lines: tuple[str, ...], hours: tuple[float, float]
) -> None:
    (shift,) = from_ical(event("SUMMARY:lin", *lines), "plan.ics", zone)
    midnight = shift.start.replace(hour=0, minute=0)
    assert ((shift.start - midnight) / timedelta(hours=1), (shift.end - midnight) / timedelta(hours=1)) == hours
    assert shift.start.utcoffset() == shift.end.utcoffset() == timedelta(0)


def test_a_calendar_with_too_many_events_is_no_duty_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ical, "MOST", 1)
    assert len(from_ical(event(*SHIFT), "plan.ics", "UTC")) == 1
    two = event(*SHIFT, "END:VEVENT", "BEGIN:VEVENT", *SHIFT)
    with pytest.raises(InvalidFile) as refused:
        from_ical(two, "plan.ics", "UTC")
    assert str(refused.value) == "plan.ics: holds more than 1 events; is this a duty plan?"


def duty(folder: Path, calendar: str, zone: str = "Asia/Shanghai") -> Path:
    path = folder / "duty.yaml"
    people = "people: [{name: lin, channels: [phone]}]"
    path.write_text(f"zone: {zone}\n{people}\nrotas: [{{name: duty, order: [lin], calendar: {calendar}}}]\n")
    return path


def test_a_calendar_beside_the_file_is_read_in_the_zone_of_its_rota(tmp_path: Path) -> None:
    (tmp_path / "plan.ics").write_bytes(event("SUMMARY:lin", "DTSTART:20260105T090000", "DTEND:20260105T180000"))
    (shift,) = load_duty(duty(tmp_path, "plan.ics")).rotas[0].shifts
    assert (shift.start, shift.end) == (START - timedelta(hours=8), START + timedelta(hours=1))


def test_what_is_wrong_with_a_calendar_is_said_with_its_place(tmp_path: Path) -> None:
    path = duty(tmp_path, "plan.ics")
    with pytest.raises(InvalidSettings) as missing:
        load_duty(path)
    assert str(missing.value) == f"{path}: calendar plan.ics cannot be read: No such file or directory"
    (tmp_path / "plan.ics").write_bytes(b"no calendar")
    with pytest.raises(InvalidFile) as broken:
        load_duty(path)
    assert str(broken.value).startswith(f"{tmp_path / 'plan.ics'}: is no iCalendar")
    (tmp_path / "plan.ics").write_bytes(event("SUMMARY:stranger", *SHIFT[1:]))
    with pytest.raises(InvalidSettings) as strange:
        load_duty(path)
    assert str(strange.value) == f"{path}: rotas name stranger, who is none of people"


def test_a_mute_calendar_is_for_its_brands_tiers_and_hours() -> None:
    given = {"name": "night", "hours": {"from": "22:00", "to": "06:00"}, "upto": "yellow", "brands": ["Delta"]}
    night, noon = START.replace(hour=23), START.replace(hour=12)
    calendar = MuteCalendar.model_validate(given)
    assert [calendar.holds("Delta", tier, night) for tier in Tier] == [True, True, False, False]
    assert not calendar.holds("United", Tier.BLUE, night)
    assert not calendar.holds("Delta", Tier.BLUE, noon)
    for_all = MuteCalendar.model_validate({**given, "brands": []})
    assert for_all.holds("United", Tier.BLUE, night)


def test_openings_of_a_person_count_within_the_window_and_not_at_its_border() -> None:
    people, day = People(9, timedelta(days=30), 2), timedelta(days=1)
    assert [people.opened("a", START + number * day) for number in (0, 29, 30)] == [1, 2, 2]
    assert people.opened("a", START + 29 * day) == 2
    assert people.opened("a", START + 59 * day) == 2


def test_as_many_people_are_remembered_as_was_said_and_the_longest_unheard_is_forgotten() -> None:
    people, day = People(9, timedelta(days=30), 2), timedelta(days=1)
    assert [people.opened(name, START) for name in ("a", "b")] == [1, 1]
    assert len(people) == 2
    assert people.opened("a", START + day) == 2
    assert people.opened("c", START + day) == 1
    assert (len(people), people.opened("a", START + 2 * day)) == (2, 3)
    assert people.opened("b", START + 2 * day) == 1
