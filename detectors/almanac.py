"""Days that are not like their weekday: holidays, Chinese make-up workdays, and what somebody has announced.

A holiday is expected to be like a Sunday, a make-up workday like the Friday before. A year that the calendar does not
hold yet falls back to weekdays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from contracts.panes import micros
from contracts.workdays import is_workday
from detectors.outlook_settings import Announced

_EPOCH = date(1970, 1, 1)
_SUNDAY = 6
_FRIDAY = 4
ANY = "*"


@lru_cache(maxsize=4096)
def day_like(day: int, country: str) -> int:
    """The local day (since the epoch) that ``day`` is expected to be like; itself when it is an ordinary one.

    >>> from datetime import date
    >>> days = [(date(2026, 10, 1) - date(1970, 1, 1)).days, (date(2026, 10, 10) - date(1970, 1, 1)).days]
    >>> [str(_EPOCH + timedelta(days=day_like(day, "CN"))) for day in days]    # National Day; a Saturday worked
    ['2026-10-04', '2026-10-09']
    """
    when = _EPOCH + timedelta(days=day)
    weekday = when.weekday()
    works = is_workday(when, country)
    if works and weekday > _FRIDAY:
        return day - (weekday - _FRIDAY)
    if not works and weekday <= _FRIDAY:
        return day + _SUNDAY - weekday
    return day


def announced(start: int, seconds: int, brand: str, events: Sequence[Announced]) -> tuple[float, str]:
    """(factor, names) of what is announced for a brand within ``seconds`` from second ``start`` of the epoch."""
    factor, names = 1.0, []
    for one in events:
        if brand not in one.brands and ANY not in one.brands:
            continue
        first, last = micros(one.start) // 1_000_000, micros(one.end) // 1_000_000
        overlap = max(0, min(start + seconds, last) - max(start, first)) / seconds
        if overlap:
            factor *= 1 + (one.factor - 1) * overlap
            names.append(one.name)
    return factor, ", ".join(names)
