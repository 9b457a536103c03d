"""Working days of a country, Chinese make-up workdays (调休) included.

A year that the calendar does not hold yet falls back to Monday to Friday, and :func:`known` says so.

>>> from datetime import date
>>> is_workday(date(2026, 10, 1), "CN"), is_workday(date(2026, 10, 10), "CN"), is_workday(date(2026, 7, 4), "")
(False, True, False)
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import chinese_calendar
import holidays

CHINA = "CN"


@lru_cache(maxsize=4_000)
def is_workday(day: date, country: str = CHINA) -> bool:
    """Whether people work that day; with no country, Monday to Friday."""
    if country == CHINA:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5
    return day.weekday() < 5 and not (country and day in _holidays(country, day.year))


def known(year: int, country: str = CHINA) -> bool:
    """Whether the calendar of that year is published; otherwise weekdays stand in for it.

    >>> known(2026), known(2090)
    (True, False)
    """
    if country != CHINA:
        return True
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


def is_country(name: str) -> bool:
    """Whether the calendar knows this country code (two letters), or it is empty.

    >>> is_country("CN"), is_country("XX"), is_country("")
    (True, False, True)
    """
    return name in ("", CHINA) or name in holidays.list_supported_countries()


@lru_cache(maxsize=200)
def _holidays(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)
