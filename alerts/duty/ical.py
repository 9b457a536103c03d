"""Rotas as iCalendar, in and out: a duty plan goes into everybody's calendar, and one kept there comes back.

>>> from datetime import date, datetime, UTC
>>> from alerts.duty.settings import Rota
>>> rota = Rota(name="duty", order=("lin", "wang"), begin=date(2026, 1, 5), every=1)
>>> text = to_ical(rota, datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 7, 9, tzinfo=UTC))
>>> [(one.person, one.start.day) for one in from_ical(text, "duty.ics", "UTC")]
[('lin', 5), ('wang', 6)]
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from alerts.duty.rota import shifts
from alerts.duty.settings import Rota, Shift
from contracts.errors import InvalidFile

MOST = 10_000
_REPEATS = ("RRULE", "RDATE", "EXDATE")


def to_ical(rota: Rota, start: datetime, end: datetime) -> bytes:
    """The shifts within [start, end) as a calendar; the same shifts give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fenghuo//duty//EN")
    calendar.add("version", "2.0")
    for shift in shifts(rota, start, end):
        event = Event()
        event.add("uid", f"{rota.name}-{shift.start:%Y%m%dT%H%M%SZ}@fenghuo")
        event.add("dtstamp", shift.start)
        event.add("dtstart", shift.start)
        event.add("dtend", shift.end)
        event.add("summary", shift.person)
        event.add("categories", [rota.name])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def from_ical(payload: bytes, path: str, zone: str) -> tuple[Shift, ...]:
    """The shifts of a calendar: the summary is the person; times without a zone are in ``zone``; what was cancelled is
    no shift.

    Raises
    ------
    InvalidFile
        It is no calendar or holds no shift; an event lacks a person, a time, or a zone that is known; or it repeats by
        a rule (write each shift out).
    """
    try:
        calendar = Calendar.from_ical(payload)
        events: list[Any] = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError) as error:
        raise InvalidFile(path, f"is no iCalendar ({type(error).__name__})") from None
    if len(events) > MOST:
        raise InvalidFile(path, f"holds more than {MOST} events; is this a duty plan?")
    shifts = [_shift(one, path, zone) for one in events if not _cancelled(one)]
    if not shifts:
        what = "every event of it is cancelled" if events else "it has no events"
        raise InvalidFile(path, f"holds no shift: {what}, so nobody would be on duty; export the plan again")
    return tuple(sorted(shifts, key=lambda one: (one.start, one.person)))


def _cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def _shift(event: Any, path: str, zone: str) -> Shift:
    person = str(event.get("SUMMARY", "")).strip()
    if not person:
        raise InvalidFile(path, "an event has no summary; it must be the name of a person")
    if any(name in event for name in _REPEATS):
        raise InvalidFile(path, f"the shift of {person} repeats by a rule; export each shift by itself")
    if "DTSTART" not in event or ("DTEND" not in event and "DURATION" not in event):
        raise InvalidFile(path, f"the shift of {person} lacks its start or its end")
    first = _time(event, "DTSTART", path, person, zone)
    if "DTEND" in event:
        start, end = first.astimezone(UTC), _time(event, "DTEND", path, person, zone).astimezone(UTC)
    else:
        start, end = first.astimezone(UTC), _after(first, event, path, person)
    if start >= end:
        raise InvalidFile(path, f"the shift of {person} ends before it starts")
    return Shift(person=person, start=start, end=end)


def _time(event: Any, name: str, path: str, person: str, zone: str) -> datetime:
    """A time of an event, in its zone; the start of the day where it is a date."""
    value, given = _decoded(event, name), getattr(event[name], "params", {}).get("TZID")
    if not isinstance(value, date):
        raise InvalidFile(
            path, f"the shift of {person}: {name} is no time; it must be written like 20260302T090000Z or 20260302"
        )
    if not isinstance(value, datetime):
        value = datetime.combine(value, datetime.min.time())
    if value.tzinfo is None and given is not None:
        raise InvalidFile(
            path,
            f"the shift of {person}: {name} is in the zone {given}, which is not known; write one like Asia/Shanghai",
        )
    return value if value.tzinfo is not None else value.replace(tzinfo=ZoneInfo(zone))


def _after(first: datetime, event: Any, path: str, person: str) -> datetime:
    """The end: whole days by the clock of the zone, hours and minutes as they pass (RFC 5545, 3.3.6)."""
    lasts = _decoded(event, "DURATION")
    if not isinstance(lasts, timedelta):
        raise InvalidFile(path, f"the shift of {person}: DURATION is no time span; it must be written like PT8H")
    days = timedelta(days=lasts.days)
    return (first + days).astimezone(UTC) + (lasts - days)


def _decoded(event: Any, name: str) -> object:
    try:
        value: object = event.decoded(name)
    except (ValueError, TypeError, AttributeError):
        return None
    return value
