"""Hours of the day at their very borders: over midnight, whole days, chosen days, zones, and when they end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from alerts.hours import Hours

TICK = timedelta(microseconds=1)
MON, SAT, SUN = 2, 7, 8
"""Days of March 2026."""


def hours(**given: Any) -> Hours:
    return Hours.model_validate(given)


def day(number: int, clock: str = "00:00", zone: str = "UTC") -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, number, hour, minute, tzinfo=ZoneInfo(zone))


def covered(one: Hours, *times: datetime) -> list[bool]:
    return [one.covers(at) for at in times]


def test_they_begin_with_their_first_minute_and_end_before_their_last() -> None:
    desk = hours(**{"from": "09:00", "to": "18:00"})
    borders = (day(MON, "09:00") - TICK, day(MON, "09:00"), day(MON, "18:00") - TICK, day(MON, "18:00"))
    assert covered(desk, *borders) == [False, True, True, False]


def test_over_midnight_they_belong_to_the_day_they_begin_on() -> None:
    night = hours(**{"from": "22:00", "to": "07:00", "days": ["sat"]})
    borders = (day(SAT, "06:00"), day(SAT, "22:00") - TICK, day(SAT, "22:00"), day(SUN, "07:00") - TICK)
    assert covered(night, *borders) == [False, False, True, True]
    assert covered(night, day(SUN, "07:00"), day(SUN, "22:00"), day(SUN + 1, "06:00")) == [False] * 3
    assert covered(hours(**{"from": "22:00", "to": "07:00"}), day(MON, "06:59"), day(MON, "12:00")) == [True, False]


def test_the_same_time_twice_is_a_whole_day_from_then() -> None:
    shift = hours(**{"from": "09:00", "to": "09:00", "days": ["sat"]})
    borders = (day(SAT, "09:00") - TICK, day(SAT, "09:00"), day(SUN, "09:00") - TICK, day(SUN, "09:00"))
    assert covered(shift, *borders) == [False, True, True, False]
    assert covered(hours(days=["sat"]), day(SAT) - TICK, day(SAT), day(SUN) - TICK, day(SUN)) == [
        False,
        True,
        True,
        False,
    ]
    assert covered(hours(), day(MON), day(SAT, "12:34")) == [True, True]


def test_days_and_dates_are_added_up() -> None:
    both = hours(days=["sat"], dates=[date(2026, 3, MON)])
    assert covered(both, day(MON, "12:00"), day(MON + 1, "12:00"), day(SAT, "12:00")) == [True, False, True]
    assert covered(hours(dates=[date(2026, 3, MON)]), day(MON, "12:00"), day(SAT, "12:00")) == [True, False]


def test_workdays_are_those_of_the_country() -> None:
    # 2026-02-14 is a Saturday on which China works for the spring festival, 2026-02-17 a Tuesday on which it rests.
    at_noon = [datetime(2026, 2, number, 12, tzinfo=UTC) for number in (14, 17)]
    assert covered(hours(days=["workday"]), *at_noon) == [True, False]
    assert covered(hours(days=["restday"]), *at_noon) == [False, True]
    assert covered(hours(days=["workday"], country=""), *at_noon) == [False, True]
    assert covered(hours(days=["restday"], country=""), *at_noon) == [True, False]
    assert covered(hours(days=["workday", "restday"]), *at_noon) == [True, True]
    assert covered(hours(days=["mon"]), *at_noon) == [False, False]


def test_they_are_those_of_their_zone() -> None:
    desk = hours(**{"from": "09:00", "to": "18:00", "zone": "Asia/Shanghai", "days": ["mon"]})
    assert covered(desk, day(MON, "00:59"), day(MON, "01:00"), day(MON, "10:00")) == [False, True, False]


@pytest.mark.parametrize(
    ("given", "at", "end"),
    [
        ({"from": "09:00", "to": "18:00"}, day(MON, "12:00"), day(MON, "18:00")),
        ({"from": "09:00", "to": "18:00"}, day(MON, "18:00") - TICK, day(MON, "18:00")),
        ({"from": "22:00", "to": "07:00"}, day(MON, "23:00"), day(MON + 1, "07:00")),
        ({"from": "22:00", "to": "07:00"}, day(MON, "06:00"), day(MON, "07:00")),
        ({"days": ["sat", "sun"]}, day(SAT, "12:00"), day(SUN + 1)),
        ({"from": "09:00", "to": "18:00", "zone": "Asia/Shanghai"}, day(MON, "02:00"), day(MON, "10:00")),
        ({"from": "09:00", "to": "18:00", "zone": "America/New_York"}, day(SUN, "14:00"), day(SUN, "22:00")),
        ({"from": "22:00", "to": "07:00", "zone": "Pacific/Auckland"}, day(MON, "10:00"), day(MON, "18:00")),
    ],
)
def test_when_they_end(given: dict[str, Any], at: datetime, end: datetime) -> None:
    found = hours(**given).ends(at)
    assert found == end
    assert found.utcoffset() == timedelta(0)
    assert not hours(**given).covers(found)


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({"from": "01:15", "to": "01:45"}, "2026-11-01T05:15", "2026-11-01T05:45"),
        ({"from": "01:30", "to": "09:00"}, "2026-11-01T05:30", "2026-11-01T14:00"),
        ({"from": "00:30", "to": "01:30"}, "2026-11-01T04:30", "2026-11-01T05:30"),
        ({"from": "02:10", "to": "02:50"}, "2026-03-08T07:10", "2026-03-08T07:50"),
        ({"from": "01:00", "to": "02:30"}, "2026-03-08T06:00", "2026-03-08T07:30"),
        ({"from": "22:00", "to": "07:00"}, "2026-11-01T02:00", "2026-11-01T12:00"),
    ],
)
def test_a_border_in_the_hour_that_comes_twice_or_never_is_one_instant(
    given: dict[str, Any], first: str, last: str
) -> None:
    one = hours(**given, zone="America/New_York")
    begin, end = (datetime.fromisoformat(f"{at}:00+00:00") for at in (first, last))
    covering = [
        begin + timedelta(minutes=minutes)
        for minutes in range(-300, 900)
        if one.covers(begin + timedelta(minutes=minutes))
    ]
    assert (covering[0], covering[-1] + timedelta(minutes=1)) == (begin, end)
    assert len(covering) == (end - begin) / timedelta(minutes=1)
    assert one.ends(begin) == one.ends(end - TICK) == end


def test_what_never_ends_ends_never() -> None:
    assert hours().ends(day(MON)) == datetime(9999, 1, 1, tzinfo=UTC)


def test_a_border_at_the_very_instant_is_not_after_it() -> None:
    assert hours(**{"from": "09:00", "to": "18:00"}).ends(day(MON, "18:00")) == day(MON + 1, "18:00")


def test_a_year_ahead_is_looked_at_and_no_more() -> None:
    rare = hours(dates=[date(2026, 3, MON) + timedelta(days=number) for number in range(398)])
    assert rare.ends(day(MON)) == day(MON) + timedelta(days=398)
    longer = hours(dates=[date(2026, 3, MON) + timedelta(days=number) for number in range(401)])
    assert longer.ends(day(MON)) == datetime(9999, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("clock", ["24:00", "12:60", "7", "07:30:00", ":", "-1:00", "0x:10", 7, None, "٠٧:٣٠:٠"])
def test_a_clock_that_is_none_is_refused(clock: object) -> None:
    with pytest.raises(ValidationError, match='must be written like "07:30", in quotes'):
        hours(**{"from": clock})


def test_a_clock_has_hours_and_minutes() -> None:
    one = hours(**{"from": "23:59", "to": "00:01"})
    assert (one.begin.hour, one.begin.minute, one.end.hour, one.end.minute) == (23, 59, 0, 1)


@pytest.mark.parametrize("zone", ["Nowhere/City", "", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(
        ValidationError, match="^1 validation error[^!]*no such time zone; write one like Asia/Shanghai"
    ):
        hours(zone=zone)


def test_a_country_without_holidays_is_refused() -> None:
    with pytest.raises(ValidationError, match="no holidays known"):
        hours(country="XX")
