"""Hours of the day on chosen days in a time zone: for rules, mute calendars, quiet hours and shifts. Pure.

Daylight saving is the zone's: ``22:00`` to ``07:00`` lasts eight hours in the night the clock is put forward and ten
when it is put back; a border within the hour that comes twice or is left out is one :func:`instant`. Hours over
midnight belong to the day on which they begin.

>>> from datetime import UTC
>>> night = Hours.model_validate({"from": "22:00", "to": "07:00", "zone": "Asia/Shanghai"})
>>> at = datetime(2026, 3, 2, 15, tzinfo=UTC)
>>> night.covers(at), night.ends(at).isoformat()
(True, '2026-03-02T23:00:00+00:00')
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from contracts.workdays import Country, is_workday

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "workday", "restday"]
_LONGEST = 400
"""Days that are looked ahead for an end."""


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no such time zone; write one like Asia/Shanghai or UTC") from None
    return value


def _clock(value: object) -> object:
    if isinstance(value, str) and value.count(":") == 1:
        hour, _, minute = value.partition(":")
        if hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60:
            return time(int(hour), int(minute))
    raise ValueError('must be written like "07:30", in quotes')


def instant(day: date, clock: time, zone: str) -> datetime:
    """When the clocks of a zone show this time of day, in UTC.

    In the hour that comes twice it is the first time; in the hour that is left out as much later as the clock is put
    forward. Calendar programs count so too (RFC 5545, 3.3.5).

    >>> [instant(date(2026, 11, 1), time(1, 30), "America/New_York").hour,
    ...  instant(date(2026, 3, 8), time(2, 30), "America/New_York").hour]
    [5, 7]
    """
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


Zone = Annotated[str, AfterValidator(_known_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]


class Hours(BaseModel):
    """From one time of day to another; the same time twice means the whole day."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    begin: Clock = Field(default=time(0), alias="from")
    """First minute, ``"22:00"``."""
    end: Clock = Field(default=time(0), alias="to")
    """First minute after it; earlier than ``from`` means the next day."""
    days: tuple[Day, ...] = ()
    """``mon`` to ``sun``, ``workday``, ``restday`` (make-up workdays as the country has them); empty means all."""
    dates: tuple[date, ...] = ()
    """These dates alone, in addition to ``days`` when that is given."""
    zone: Zone = "UTC"
    """Time zone; by default the one of the file."""
    country: Country = "CN"
    """Whose holidays; two letters, empty for none."""

    def covers(self, at: datetime) -> bool:
        """Whether ``at`` lies within."""
        today = at.astimezone(ZoneInfo(self.zone)).date()
        return any(self._on(day) and self._lasts(day, at) for day in (today, today - timedelta(days=1)))

    def ends(self, at: datetime) -> datetime:
        """The first instant after ``at`` that does not lie within; never, if it is further than a year away."""
        return next((one for one in self._borders(at) if one > at and not self.covers(one)), _NEVER)

    def _lasts(self, day: date, at: datetime) -> bool:
        """Whether ``at`` lies within the hours that begin on this day."""
        last = day if self.begin < self.end else day + timedelta(days=1)
        return instant(day, self.begin, self.zone) <= at < instant(last, self.end, self.zone)

    def _on(self, day: date) -> bool:
        if not self.days and not self.dates:
            return True
        if day in self.dates or WEEK[day.weekday()] in self.days:
            return True
        asked = {"workday", "restday"} & set(self.days)
        return bool(asked) and ("workday" if is_workday(day, self.country) else "restday") in asked

    def _borders(self, at: datetime) -> Iterator[datetime]:
        first = at.astimezone(ZoneInfo(self.zone)).date()
        for ahead in range(_LONGEST):
            day = first + timedelta(days=ahead)
            yield from sorted(instant(day, clock, self.zone) for clock in {self.end, self.begin})


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
