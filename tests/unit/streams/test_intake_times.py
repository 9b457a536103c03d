"""Times as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.times import NoZone, parse_time

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2015-02-24T11:35:52-08:00", "2015-02-24T19:35:52"),
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("2015-02-24T19:35:52Z", "2015-02-24T19:35:52"),
        ("2015-02-24T19:35:52.123456789Z", "2015-02-24T19:35:52.123456"),
        ("Tue Feb 24 11:35:52 -0800 2015", "2015-02-24T19:35:52"),
        ("2020/1/6 12:09:38", "2020-01-06T04:09:38"),
        ("2020.1.6 12:09", "2020-01-06T04:09:00"),
        ("2020年1月6日 12时09分38秒", "2020-01-06T04:09:38"),
        ("2020-1-6 9:05:00 UTC", "2020-01-06T09:05:00"),
        ("2020-01-06", "2020-01-05T16:00:00"),
        ("20200106", "2020-01-05T16:00:00"),
        ("1424806552", "2015-02-24T19:35:52"),
        ("1424806552.5", "2015-02-24T19:35:52.500000"),
        (1424806552000, "2015-02-24T19:35:52"),
        (1424806552000000, "2015-02-24T19:35:52"),
        (43836.50669, "2020-01-06T04:09:38.016000"),
        (datetime(2020, 1, 6, 12, 9, 38), "2020-01-06T04:09:38"),
    ],
)
def test_a_time_is_understood(written: object, utc: str) -> None:
    assert parse_time(written, SHANGHAI) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("written", ["2020/1/6 12:09:38", "2020-01-06", datetime(2020, 1, 6), 43836.5])
def test_a_time_without_zone_is_not_guessed(written: object) -> None:
    with pytest.raises(NoZone):
        parse_time(written)


@pytest.mark.parametrize(
    "written", ["6/1/2020", "12:00", "", "soon", True, None, [], "9" * 70, float("inf"), -(10**30)]
)
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError):
        parse_time(written, SHANGHAI)


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.from_regex(r"[0-9/:. +-]{1,30}", fullmatch=True)))
def test_whatever_is_given_it_is_a_time_in_utc_or_a_value_error(value: object) -> None:
    try:
        assert parse_time(value, SHANGHAI).tzinfo is UTC
    except ValueError as error:
        assert str(error)
