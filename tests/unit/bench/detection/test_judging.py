"""Intervals, verdicts, moved settings, shares of an allowance, ranks of counts."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from bench.detection.budget import Kept
from bench.detection.intervals import median_interval, poisson, sign_test, wilson
from bench.detection.jitter import jittered
from bench.detection.pit import transform
from bench.detection.planted_tables import verdict
from bench.detection.stream import Stream
from detectors.settings import VolumeSettings


def test_intervals_hold_what_was_seen() -> None:
    for hits in range(21):
        low, high = wilson(hits, 20)
        assert low <= hits / 20 <= high
        low, high = poisson(hits)
        assert low <= hits <= high
    assert wilson(0, 0) == (0.0, 1.0)


def test_an_exact_poisson_interval_covers_the_mean_often_enough() -> None:
    rng = np.random.default_rng(1)
    inside = [low <= 4.0 <= high for low, high in (poisson(int(one)) for one in rng.poisson(4.0, 2000))]
    assert sum(inside) / len(inside) >= 0.95


def test_a_median_interval_of_nothing_is_infinite() -> None:
    assert median_interval([]) == (float("inf"), float("inf"))


def test_a_verdict_needs_more_than_chance() -> None:
    assert sign_test(5, 0) > 0.01
    assert verdict([5.0] * 5 + [None] * 5, [None] * 10) == "level"
    assert verdict([None] * 20, [5.0] * 20) == "behind"
    assert verdict([20.0] * 20, [5.0] * 20) == "behind"
    assert verdict([5.0, None] * 20, [5.0, None] * 20) == "level"


def test_moved_settings_stay_in_range_and_all_numbers_move() -> None:
    rng = random.Random(4)
    base = VolumeSettings()
    seen: dict[str, set[object]] = {}
    for _ in range(30):
        moved = jittered(base, rng)
        for name in VolumeSettings.model_fields:
            seen.setdefault(name, set()).add(getattr(moved, name))
    still = {name for name, values in seen.items() if len(values) == 1}
    numbers = {name for name, value in base if isinstance(value, float | int) and value}
    assert still.isdisjoint(numbers)
    assert still <= {"watch"} | {name for name, value in base if not value}


def test_a_share_of_an_allowance_and_its_interval() -> None:
    kept = Kept(told=10, allowed=20.0, candidates=True)
    assert kept.share == 0.5
    assert kept.interval == pytest.approx((0.24, 0.92), abs=0.01)


def test_ranks_of_counts_that_follow_the_prediction_are_uniform() -> None:
    values = np.random.default_rng(5).poisson(2.0, 288 * 28).astype(float)
    ranks = transform(Stream.made("chance", values, 300), seed=1)[288 * 14 :]
    assert stats.kstest(ranks, "uniform").statistic < 0.03
