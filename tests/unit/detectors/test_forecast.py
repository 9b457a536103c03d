"""The next hours and days, and whether they pass a capacity."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from contracts.panes import Panes
from contracts.records import Signal, SignalKind, State
from detectors.almanac import day_like
from detectors.brand import BrandDetector
from detectors.events import Events
from detectors.forecast import Forecaster, Outlook
from detectors.grid import HOUR, Grid
from detectors.outlook_settings import Announced, ForecastSettings
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, mentions

HOURS = Panes(pane_seconds=HOUR, bucket_seconds=HOUR)
FIRST = BASE // 60
"""A Monday, 00:00 in Shanghai, in hours."""


def learned(
    counts: Sequence[float], settings: ForecastSettings | None = None, known: Sequence[Announced] = ()
) -> Forecaster:
    """A forecaster that has seen these hours."""
    grid = Grid(HOURS, "Asia/Shanghai", events=Events(known, "B", HOUR))
    forecaster = Forecaster(settings or ForecastSettings(country=""), grid)
    for hour, count in enumerate(counts, FIRST):
        forecaster.learn(hour, count)
    return forecaster


def days(count: int, rate: float = 20.0, seed: int = 1) -> list[float]:
    random = np.random.default_rng(seed)
    return [
        float(random.poisson(rate * (1 + 0.9 * math.sin((hour % 24 - 9) / 24 * 2 * math.pi))))
        for hour in range(24 * count)
    ]


def test_the_next_two_days_have_the_rhythm_of_the_past() -> None:
    past = days(23)
    said = [one.mean for one in learned(past[: 21 * 24]).outlook(48)]
    came = past[21 * 24 :]
    assert sum(abs(a - b) for a, b in zip(said, came, strict=True)) / sum(came) < 0.25
    assert np.corrcoef(said, came)[0, 1] > 0.9


def test_four_of_five_hours_lie_in_the_interval_of_eighty_percent() -> None:
    forecaster = learned([])
    within = []
    said: Outlook | None = None
    for hour, count in enumerate(days(21, seed=2), FIRST):
        if said is not None and hour > FIRST + 72:
            low, high = said.band()
            within.append(low - 0.5 <= count <= high + 0.5)
        forecaster.learn(hour, count)
        said = forecaster.outlook(1)[0]
    assert 0.72 <= np.mean(within) <= 0.92


def test_a_surge_goes_on_for_some_hours_and_then_fades() -> None:
    past = days(14)
    calm = learned(past).outlook(24)
    surged = learned([*past[:-3], *(5 * one + 30 for one in past[-3:])]).outlook(24)
    assert surged[0].mean > 1.5 * calm[0].mean
    assert surged[0].mean / calm[0].mean > surged[23].mean / calm[23].mean


def test_what_is_announced_is_expected_and_named() -> None:
    begin = PANES.start_of(BASE) + timedelta(days=14, hours=6)
    sale = Announced(name="sale", start=begin, end=begin + timedelta(hours=6), factor=3.0, brands=("B",))
    plain = learned(days(14)).outlook(24)
    told = learned(days(14), known=(sale,)).outlook(24)
    assert told[8].mean == pytest.approx(3 * plain[8].mean, rel=0.05)
    assert told[8].announced == "sale"
    assert told[13].mean == pytest.approx(plain[13].mean, rel=0.05)


def test_holidays_are_like_sundays_and_make_up_workdays_like_fridays() -> None:
    first = 20_727  # Thursday 1 October 2026, National Day; its tenth is a Saturday that is worked
    assert [day_like(first + add, "CN") - first for add in (0, 1, 9, 11)] == [3, 3, 8, 11]
    assert day_like(first, "") == day_like(first, "US") == first


def test_zero_hours_and_a_long_silence_are_taken_in() -> None:
    forecaster = learned(days(7))
    forecaster.learn(FIRST + 7 * 24 + 40 * 24 - 1, 0.0)
    said = forecaster.outlook(48)
    assert said[0].quantum == FIRST + 47 * 24
    assert all(0 < one.mean < 20 and math.isfinite(one.phi) for one in said)


def test_memory_is_bounded_and_a_restored_one_has_the_same_future() -> None:
    small, large = learned(days(20)), learned(days(40))
    assert len(pickle.dumps(large)) < 1.05 * len(pickle.dumps(small)) < 40_000
    restored = pickle.loads(pickle.dumps(large))  # noqa: S301
    assert restored.outlook(48) == large.outlook(48)


def brand(capacity: float) -> list[Signal]:
    """Five days of a brand that speaks between 8 and 20 h, most at noon."""
    settings = DetectSettings(forecast=ForecastSettings(capacity={"B": capacity}, country=""))
    detector = BrandDetector("B", PANES, settings)
    random = np.random.default_rng(5)
    signals: list[Signal] = []
    for hour in range(24 * 5 - 12):
        pane = BASE + hour * 60 + 5
        n = int(random.poisson(max(0.0, 30 * math.sin((hour % 24 - 8) / 12 * math.pi))))
        if n:
            signals += detector.step(pane, mentions(pane, n, random), alive_at(pane)).signals
    return [one for one in signals if one.kind is SignalKind.FORECAST]


def test_a_capacity_that_noon_will_pass_is_told_with_chance_and_hour_and_parts() -> None:
    signals = [one for one in brand(15) if one.state is State.READY]
    assert signals
    last = signals[-1]
    assert last.observed > last.expected == 15
    assert last.labels["capacity"] == "15"
    assert float(last.labels["chance"].rstrip("%")) >= 50
    assert last.lower is not None and last.upper is not None
    assert last.lower < last.observed < last.upper
    for dimension in {one.dimension for one in last.contributions}:
        parts = sum(one.excess for one in last.contributions if one.dimension == dimension)
        assert parts == pytest.approx(last.observed - last.expected)


def test_a_capacity_that_is_ample_and_no_capacity_say_nothing() -> None:
    assert brand(500) == []


def test_an_event_that_ends_before_it_starts_and_an_unknown_country_are_refused() -> None:
    begin = PANES.start_of(BASE)
    with pytest.raises(ValidationError, match="ends before it starts"):
        Announced(name="sale", start=begin, end=begin)
    with pytest.raises(ValidationError, match="no holidays known"):
        ForecastSettings(country="XX")
