"""When a number of working days is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.workdays import is_workday


@lru_cache(maxsize=10_000)
def _end(day: int, days: int, zone: str, country: str) -> datetime:
    date = datetime.fromordinal(day).date()
    left = days
    while left:
        date += timedelta(days=1)
        left -= is_workday(date, country)
    return datetime.combine(date + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)


def end_of_workday(start: datetime, days: int, zone: str, country: str) -> datetime:
    """The end of the ``days``-th working day after the day of ``start``.

    Before the long holiday of October 2026 (1 to 7, with 10 October worked instead):

    >>> start = datetime(2026, 9, 29, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> end_of_workday(start, 3, "Asia/Shanghai", "CN").astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-10-10T00:00:00+08:00'
    """
    return _end(start.astimezone(ZoneInfo(zone)).toordinal(), days, zone, country)
