"""The negative share against its own baseline."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.records import Signal, SignalKind
from detectors.grid import Grid
from detectors.protocol import Bucket, Reason
from detectors.settings import ShareSettings
from detectors.share import ShareDetector
from tests.unit.detectors.streams import BASE, PANES, alive_at, mentions, trained


def known(share: float = 0.3, per_bucket: int = 2, days: int = 5) -> tuple[ShareDetector, int, np.random.Generator]:
    detector = ShareDetector(ShareSettings(), Grid(PANES, "UTC"), BASE)
    random = np.random.default_rng(2)
    for minute in range(0, days * 1440, 4):
        detector.learn_one(Bucket(BASE + minute, per_bucket, float(random.binomial(per_bucket, share))))
    return detector, BASE + days * 1440, random


def test_a_shift_at_constant_volume_is_found_within_two_hours() -> None:
    detector, now, random = known()
    told = None
    for minute in range(0, 240, 4):
        bucket = Bucket(now + minute, 2, float(random.binomial(2, 0.8)))
        if told is None and detector.score_one(bucket).beyond:
            told = minute
        detector.learn_one(bucket)
    assert told is not None
    assert told <= 120


def test_few_voices_are_never_judged() -> None:
    detector, now, _ = known(per_bucket=1)
    score = detector.score_one(Bucket(now + 3000, 6, 6))
    assert score.reason is Reason.TOO_FEW
    assert score.value is None


def test_a_small_rise_is_no_shift_however_sure_it_is() -> None:
    detector, now, _ = known(per_bucket=20)
    score = detector.score_one(Bucket(now, 4000, 4000 * 0.40))
    assert score.reason is Reason.NORMAL


def test_without_a_baseline_it_says_warming() -> None:
    detector = ShareDetector(ShareSettings(), Grid(PANES, "UTC"), BASE)
    assert detector.score_one(Bucket(BASE, 30, 30)).reason is Reason.WARMING


def test_the_band_holds_the_expected_share() -> None:
    detector, now, _ = known()
    score = detector.score_one(Bucket(now, 40, 38))
    assert score.lower is not None
    assert score.upper is not None
    assert score.lower < score.expected < score.upper < score.observed


def test_a_brand_tells_a_shift_and_no_spike() -> None:
    detector, now, _ = trained()
    random = np.random.default_rng(4)
    signals: list[Signal] = []
    for minute in range(0, 600, 4):
        pane = now + minute
        signals += detector.step(pane, mentions(pane, 1, random, negative=0.9), alive_at(pane)).signals
    assert {one.kind for one in signals} == {SignalKind.SENTIMENT_SHIFT}
    for dimension in {one.dimension for one in signals[0].contributions}:
        parts = sum(one.excess for one in signals[0].contributions if one.dimension == dimension)
        assert parts == pytest.approx(signals[0].observed - signals[0].expected, abs=1e-6)
