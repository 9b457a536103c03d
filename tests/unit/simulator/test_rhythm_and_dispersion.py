"""Counts follow hour, weekday and holiday, and scatter as told."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest

from fenghuo.simulator import BRANDS, CHANNELS, records, steady
from fenghuo.simulator.calendar import ZONE, DayKind, day_kind
from fenghuo.simulator.chance import Shares, generator
from fenghuo.simulator.rhythm import SLOTS, counts, day_factor, expected, level
from fenghuo.simulator.scenario import Scenario
from tests.unit.simulator.worlds import START, one_brand, scenario, when

HOTLINE = CHANNELS[0]


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


def _slots(world: Scenario) -> Shares:
    found = Counter((when(one) - world.start).total_seconds() // 300 for one in records(world))
    return np.array([found[slot] for slot in range(int((world.end - world.start).days) * SLOTS)], dtype=float)


@pytest.mark.parametrize("dispersion", [0.3, 2.0])
def test_variance_is_mean_plus_dispersion_times_mean_squared(dispersion: float) -> None:
    sample = counts(generator(1, "test"), np.full(400_000, 5.0), dispersion)
    assert sample.mean() == pytest.approx(5, rel=0.02)
    assert sample.var() == pytest.approx(5 + dispersion * 25, rel=0.05)


def test_without_dispersion_counts_are_poisson() -> None:
    sample = counts(generator(1, "test"), np.full(400_000, 5.0), 0.0)
    assert sample.var() / sample.mean() == pytest.approx(1, abs=0.02)


def test_traffic_is_over_dispersed_around_its_rhythm() -> None:
    flat = {"hourly": False, "weekly": False, "brands": BRANDS[:1], "channels": CHANNELS[:1], "rate": 2000}
    calm = _slots(scenario(days=7, dispersion=0.0, noise=0.0, **flat))
    wild = _slots(scenario(days=7, **flat))
    assert calm.var() / calm.mean() == pytest.approx(1, abs=0.1)
    assert wild.var() / wild.mean() > 1.5


def test_the_slow_level_is_alike_within_the_hour_and_forgotten_after_a_day() -> None:
    world = scenario(noise=0.5)
    path = np.log(np.concatenate([level(world, BRANDS[0], HOTLINE, 20_000 + day) for day in range(60)]))
    assert np.corrcoef(path[:-12], path[12:])[0, 1] > 0.6
    assert abs(np.corrcoef(path[:-SLOTS], path[SLOTS:])[0, 1]) < 0.2
    assert max(abs(b - a) for a, b in pairwise(path[SLOTS - 6 : SLOTS + 6])) < 0.3


def test_about_500_a_day_and_brand_busier_by_day_than_by_night() -> None:
    found = one_brand(days=14)
    assert len(found) / 14 == pytest.approx(500, rel=0.1)
    hours = Counter(when(one).hour for one in found)
    assert hours[10] > 4 * hours[4]


def test_an_office_channel_rests_at_the_weekend_and_on_holidays() -> None:
    world = scenario()
    monday, saturday = (day_factor(world, HOTLINE, _day(2026, 3, day)) for day in (2, 7))
    holiday = day_factor(world, HOTLINE, _day(2026, 2, 17))
    made_up = day_factor(world, HOTLINE, _day(2026, 2, 14))
    assert saturday == pytest.approx(0.6 * monday)
    assert holiday == pytest.approx(0.5 * monday)
    assert made_up == monday, "a Saturday that makes up for the Spring Festival is a workday"


def test_a_week_adds_up_to_seven_average_days() -> None:
    world = scenario(noise=0.0)
    total = sum(expected(world, BRANDS[0], HOTLINE, _day(2026, 3, day)).sum() for day in range(2, 9))
    assert total == pytest.approx(7 * 500 * world.share_of(HOTLINE))


def test_years_without_a_calendar_go_by_the_weekday() -> None:
    assert day_kind(date(2035, 10, 1)) is DayKind.WORKDAY
    assert day_kind(date(2035, 10, 6)) is DayKind.WEEKEND
    assert day_kind(date(1999, 5, 1)) is DayKind.WEEKEND
    far = datetime(2035, 10, 1, tzinfo=ZONE)
    assert any(True for _ in records(Scenario(start=far, end=far.replace(day=2))))


def test_steady_is_500_a_day_with_the_negative_share_drifting_from_19_to_32_percent() -> None:
    found = list(records(steady(START, labels=True)))
    days = Counter(when(one).date() for one in found)
    assert len(days) == 30
    assert {one["brand"] for one in found} == {"晨星商城"}
    assert np.mean(list(days.values())) == pytest.approx(500, rel=0.02)
    assert max(days.values()) < 500 + 5 * 500**0.5
    parts = [found[len(found) * k // 6 : len(found) * (k + 1) // 6] for k in range(6)]
    shares = [sum(one["sentiment"] == "negative" for one in part) / len(part) for part in parts]
    middles = [0.19 + 0.13 * (k + 0.5) / 6 for k in range(6)]
    assert shares == pytest.approx(middles, abs=0.035)
