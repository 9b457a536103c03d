"""The thermometer: hot negative voices among all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from contracts.records import Sentiment, Signal, SignalKind
from detectors.grid import Grid
from detectors.heat import HeatDetector
from detectors.protocol import Bucket, Reason
from detectors.settings import DetectSettings, EmotionSettings
from fenghuo.settings import with_hot
from tests.unit.detectors.streams import BASE, PANES, alive_at, mentions, trained


def known(hot: float, days: int = 5, **changes: float) -> tuple[HeatDetector, int]:
    """A thermometer that has seen some days with this share of hot voices."""
    detector = HeatDetector(EmotionSettings(**changes), Grid(PANES, "UTC"), BASE)
    random = np.random.default_rng(3)
    for minute in range(0, days * 1440, 4):
        fierce = float(random.binomial(2, hot))
        detector.learn_one(Bucket(BASE + minute, 2.0, 2.0, fierce))
    return detector, BASE + days * 1440


def test_its_limit_is_absolute_so_it_needs_no_baseline() -> None:
    detector = HeatDetector(EmotionSettings(), Grid(PANES, "UTC"), BASE)
    assert detector.score_one(Bucket(BASE, 60.0, 60.0, 45.0)).reason is Reason.BEYOND


def test_few_voices_never_page_however_hot() -> None:
    detector, now = known(0.05)
    score = detector.score_one(Bucket(now + 3000, 19.0, 19.0, 19.0))
    assert (score.reason, score.value) == (Reason.TOO_FEW, None)


def test_the_interval_must_clear_the_limit_not_only_the_share() -> None:
    detector, now = known(0.05)
    score = detector.score_one(Bucket(now + 3000, 25.0, 20.0, 11.0))
    assert score.observed > 0.4
    assert score.reason is Reason.NORMAL


def test_a_series_that_is_always_hot_is_judged_by_its_own_usual_share() -> None:
    detector, now = known(0.45)
    assert detector.score_one(Bucket(now + 3000, 60.0, 60.0, 30.0)).reason is Reason.NORMAL
    assert detector.score_one(Bucket(now + 3000, 60.0, 60.0, 58.0)).reason is Reason.BEYOND


def test_a_crisis_of_a_day_does_not_become_the_usual() -> None:
    detector, now = known(0.05)
    for minute in range(0, 1440, 4):
        detector.learn_one(Bucket(now + minute, 2.0, 2.0, 2.0))
    later = now + 1440
    assert detector.score_one(Bucket(later + 600, 60.0, 60.0, 45.0)).reason is Reason.BEYOND


def test_a_brand_tells_it_and_its_parts_add_up() -> None:
    detector, now, _ = trained()
    random = np.random.default_rng(4)
    signals: list[Signal] = []
    for minute in range(0, 60, 4):
        given = mentions(now + minute, 4, random, negative=1.0, heat=0.8)
        rows = {key: counts._replace(hot=counts.negative) for key, counts in given.rows.items()}
        signals += detector.step(now + minute, replace(given, rows=rows), alive_at(now + minute)).signals
    red = next(one for one in signals if one.kind is SignalKind.EMOTION_RED)
    assert red.support >= 20
    assert len(red.voices) == 5
    for dimension in {one.dimension for one in red.contributions}:
        parts = sum(one.excess for one in red.contributions if one.dimension == dimension)
        assert parts == pytest.approx(red.observed - red.expected, abs=1e-6)


def test_a_flood_of_one_hot_text_heats_nothing() -> None:
    detector, now, _ = trained()
    random = np.random.default_rng(4)
    given = mentions(now, 200, random, sentiment=Sentiment.NEGATIVE, heat=0.9, signature="one text")
    rows = {key: counts._replace(hot=counts.negative) for key, counts in given.rows.items()}
    signals = detector.step(now, replace(given, rows=rows), alive_at(now)).signals
    assert SignalKind.EMOTION_RED not in {one.kind for one in signals}


def test_what_counting_calls_hot_is_hot_for_the_thermometer_too() -> None:
    assert with_hot(DetectSettings(), 0.7).emotion.least_heat == 0.7
    own = DetectSettings(emotion=EmotionSettings(hot=0.5))
    assert with_hot(own, 0.7).emotion.least_heat == 0.5
