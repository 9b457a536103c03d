"""Working days of a country, Chinese make-up workdays (调休) included: the one calendar of the whole project.

A year that the calendar does not hold yet falls back to Monday to Friday, and :func:`lacking` names it.

>>> from datetime import date
>>> is_workday(date(2026, 10, 1), "CN"), is_workday(date(2026, 10, 10), "CN"), is_workday(date(2026, 7, 4), "")
(False, True, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import chinese_calendar
from pydantic import AfterValidator

if TYPE_CHECKING:
    from holidays import HolidayBase

CHINA = "CN"
_CHINESE_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
"""The years whose holidays have been announced: each has some."""


@lru_cache(maxsize=4096)
def is_workday(day: date, country: str = CHINA) -> bool:
    """Whether people work that day; with no country, or in a year that is not known, Monday to Friday."""
    if country == CHINA and day.year in _CHINESE_YEARS:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and not (country and country != CHINA and day in _holidays(country, day.year))


def known(year: int, country: str = CHINA) -> bool:
    """Whether the holidays of that year are known; otherwise weekdays stand in for them.

    >>> known(2026), known(2090), known(2090, "")
    (True, False, True)
    """
    if not country:
        return True
    return year in _CHINESE_YEARS if country == CHINA else bool(_holidays(country, year))


def lacking(years: Iterable[int], country: str) -> tuple[int, ...]:
    """The years for which holidays are not known.

    >>> lacking((2015, 2060), "CN"), lacking((2060,), "")
    ((2060,), ())
    """
    return tuple(sorted({year for year in years if not known(year, country)}))


def country_code(name: str) -> str:
    """``name`` itself, which is two letters that the calendar knows, or empty; raises ValueError.

    >>> country_code("CN"), country_code("")
    ('CN', '')
    >>> country_code("XX")
    Traceback (most recent call last):
    ValueError: no holidays known for 'XX'; write two letters such as CN, or nothing
    """
    if name and name != CHINA and name not in _countries():
        raise ValueError(f"no holidays known for {name[:20]!r}; write two letters such as CN, or nothing")
    return name


Country = Annotated[str, AfterValidator(country_code)]
"""A setting: whose holidays count."""


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    from holidays import list_supported_countries  # an eighth of a second, and China needs none of it

    return frozenset(list_supported_countries())


@lru_cache(maxsize=200)
def _holidays(country: str, year: int) -> HolidayBase:
    from holidays import country_holidays

    return country_holidays(country, years=year)
