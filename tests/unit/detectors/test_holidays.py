"""Holidays are expected to be like Sundays, and teach nothing about the weekday they fall on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from contracts.panes import Panes
from contracts.workdays import lacking
from detectors.almanac import day_like
from detectors.grid import Grid
from detectors.protocol import Bucket
from detectors.settings import VolumeSettings
from detectors.volume import VolumeDetector

HOUR = Panes(pane_seconds=60, bucket_seconds=3600)
SHANGHAI = "Asia/Shanghai"


def day_of(at: date) -> int:
    return (at - date(1970, 1, 1)).days


def counts_as(day: int, country: str) -> int:
    return (day_like(day, country) + 3) % 7


def learned(country: str, until: datetime, days: int = 42) -> tuple[VolumeDetector, int]:
    """Hourly counts, 40 on workdays and 10 on free days, up to ``until``."""
    grid = Grid(HOUR, SHANGHAI, country)
    end = int(until.timestamp()) // 3600
    detector = VolumeDetector(VolumeSettings(), grid, end - 24 * days)
    random = np.random.default_rng(1)
    for bucket in range(end - 24 * days, end):
        local, _, _ = grid.cells(bucket)
        detector.learn_one(Bucket(bucket, float(random.poisson(40 if counts_as(local, "CN") < 5 else 10))))
    return detector, end


def test_a_holiday_is_expected_to_be_like_a_sunday() -> None:
    noon = datetime(2024, 6, 10, 4, tzinfo=UTC)
    aware, bucket = learned("CN", noon)
    plain, _ = learned("", noon)
    assert aware.rate(bucket) < 0.6 * plain.rate(bucket)


def test_a_make_up_workday_is_expected_to_be_like_a_workday() -> None:
    noon = datetime(2024, 5, 11, 4, tzinfo=UTC)
    aware, bucket = learned("CN", noon)
    plain, _ = learned("", noon)
    assert aware.rate(bucket) > 1.5 * plain.rate(bucket)


def test_other_countries_have_their_own() -> None:
    assert counts_as(day_of(date(2024, 7, 4)), "US") == 6
    assert counts_as(day_of(date(2024, 7, 4)), "CN") == 3


def test_a_year_the_calendar_lacks_falls_back_to_weekdays_and_says_so() -> None:
    assert lacking((2024, 2070), "CN") == (2070,)
    assert counts_as(day_of(date(2070, 1, 1)), "CN") == date(2070, 1, 1).weekday()


@pytest.mark.parametrize("begun", [0, 10, 23])
@pytest.mark.parametrize("days", range(6, 16))
def test_the_day_of_the_week_on_which_watching_began_is_no_quiet_day(begun: int, days: int) -> None:
    grid = Grid(HOUR, SHANGHAI)
    start = int(datetime(2026, 1, 4, 16, tzinfo=UTC).timestamp()) // 3600 + begun  # Monday 00:00 in Shanghai
    detector = VolumeDetector(VolumeSettings(), grid, start)
    now = start - begun + 24 * days + 9
    for bucket in range(start, now):
        detector.learn_one(Bucket(bucket, 40.0))
    assert 36 < detector.rate(now) < 44
