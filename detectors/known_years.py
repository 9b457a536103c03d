"""Which years a calendar of holidays does not hold yet, so that plain weekdays stand in: to be said to the user."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import chinese_calendar
import holidays

CHINA = "CN"


def lacking(years: Iterable[int], country: str) -> tuple[int, ...]:
    """The years for which holidays are not known.

    >>> lacking((2015, 2060), "CN"), lacking((2060,), "")
    ((2060,), ())
    """
    return tuple(sorted({year for year in years if country and not _holds(year, country)}))


def _holds(year: int, country: str) -> bool:
    if country != CHINA:
        return bool(holidays.country_holidays(country, years=year))
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
