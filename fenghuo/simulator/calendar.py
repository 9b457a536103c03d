"""Days: local time of the simulated country, workdays, weekends and public holidays.

Times inside the simulator are whole milliseconds since the epoch; days are days of China Standard Time,
which has had no summer time since 1991.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

import chinese_calendar

from contracts.workdays import is_workday, known

ZONE = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
OFFSET_MS = 8 * HOUR_MS


class DayKind(StrEnum):
    """What a day is for most people."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@lru_cache(maxsize=4096)
def day_kind(day: date) -> DayKind:
    """Workday, weekend or holiday; make-up workdays are workdays; years the calendar lacks go by the weekday alone.

    >>> day_kind(date(2026, 2, 17)), day_kind(date(2026, 2, 14)).value, day_kind(date(2031, 10, 1)).value
    (<DayKind.HOLIDAY: 'holiday'>, 'workday', 'workday')
    """
    if is_workday(day):
        return DayKind.WORKDAY
    named = known(day.year) and chinese_calendar.get_holiday_detail(day)[1]
    return DayKind.HOLIDAY if named else DayKind.WEEKEND


def to_ms(when: datetime) -> int:
    """Whole milliseconds since the epoch of a zone-aware instant."""
    return (when - EPOCH) // MS


def from_ms(ms: int) -> datetime:
    """The instant in the simulator's own zone.

    >>> from_ms(0).isoformat()
    '1970-01-01T08:00:00+08:00'
    """
    return (EPOCH + ms * MS).astimezone(ZONE)


def day_number(ms: int) -> int:
    """The number of the local day that holds ``ms``."""
    return (ms + OFFSET_MS) // DAY_MS


def day_start(number: int) -> int:
    """The first millisecond of a local day."""
    return number * DAY_MS - OFFSET_MS


def day_date(number: int) -> date:
    """The date of a local day.

    >>> day_date(0).isoformat()
    '1970-01-01'
    """
    return date(1970, 1, 1) + timedelta(days=number)
