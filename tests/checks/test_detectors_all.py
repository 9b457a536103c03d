"""Every detector of a series passes the same checks."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest

from contracts.panes import Panes
from detectors.grid import Grid
from detectors.heat import HeatDetector
from detectors.protocol import Bucket, Detector, Reason
from detectors.settings import EmotionSettings, ShareSettings, VolumeSettings
from detectors.share import ShareDetector
from detectors.volume import VolumeDetector

GRID = Grid(Panes(), "Asia/Shanghai")
START = 29_005_440

Make = Callable[[], Detector]
DETECTORS: dict[str, Make] = {
    "volume": lambda: VolumeDetector(VolumeSettings(), GRID, START),
    "sentiment": lambda: ShareDetector(ShareSettings(), GRID, START),
    "emotion": lambda: HeatDetector(EmotionSettings(), GRID, START),
}

every = pytest.mark.parametrize("make", DETECTORS.values(), ids=DETECTORS.keys())


def stream(length: int, seed: int = 1, start: int = START) -> list[Bucket]:
    """Buckets with gaps."""
    random = np.random.default_rng(seed)
    buckets = []
    for index in range(start, start + length):
        n = int(random.poisson(1.5))
        if n:
            negative = int(random.binomial(n, 0.4))
            buckets.append(Bucket(index, float(n), float(negative), float(random.binomial(negative, 0.3))))
    return buckets


def learned(make: Make, buckets: list[Bucket]) -> Detector:
    detector = make()
    for one in buckets:
        detector.learn_one(one)
    return detector


@every
def test_scores_before_it_has_learned_anything(make: Make) -> None:
    score = make().score_one(Bucket(START, 3.0, 1.0))
    assert score.reason is Reason.WARMING
    assert score.value is None


@every
def test_scoring_changes_nothing(make: Make) -> None:
    buckets = stream(3000)
    asked, plain = make(), make()
    for one in buckets:
        asked.score_one(one)
        first = asked.score_one(one)
        assert first == plain.score_one(one)
        asked.learn_one(one)
        plain.learn_one(one)


@every
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, 1e300])
def test_what_is_no_count_leaves_the_model_unchanged(make: Make, bad: float) -> None:
    detector = learned(make, stream(2000))
    before = pickle.dumps(detector)
    detector.learn_one(Bucket(START + 2001, bad, 0.0))
    detector.learn_one(Bucket(START + 2001, 1.0, bad))
    detector.learn_one(Bucket(START + 2001, 1.0, 1.0, bad))
    assert detector.score_one(Bucket(START + 2001, bad, 0.0)).reason is Reason.NOT_FINITE
    assert pickle.dumps(detector) == before


@every
def test_a_restored_detector_has_the_same_future(make: Make) -> None:
    detector = learned(make, stream(3000))
    twin = pickle.loads(pickle.dumps(detector))  # noqa: S301
    for one in stream(3000, seed=2, start=START + 3000):
        assert twin.score_one(one) == detector.score_one(one)
        twin.learn_one(one)
        detector.learn_one(one)


@every
def test_a_copy_is_independent(make: Make) -> None:
    detector = learned(make, stream(2000))
    twin = pickle.loads(pickle.dumps(detector))  # noqa: S301
    before = twin.score_one(Bucket(START + 2500, 40.0, 39.0, 38.0))
    for one in stream(400, seed=3, start=START + 2000):
        detector.learn_one(one)
    assert twin.score_one(Bucket(START + 2500, 40.0, 39.0, 38.0)) == before


@every
def test_memory_does_not_grow(make: Make) -> None:
    buckets = stream(12_000)
    half = len(pickle.dumps(learned(make, buckets[: len(buckets) // 2])))
    whole = len(pickle.dumps(learned(make, buckets)))
    assert whole <= half * 1.02
    assert whole < 20_000


@every
def test_a_far_outlier_scores_above_the_usual_and_more_scores_more(make: Make) -> None:
    detector = learned(make, stream(6 * 1440))
    index = START + 6 * 1440
    values = [detector.score_one(Bucket(index, n, n, n)).value for n in (1.0, 30.0, 100.0, 1e4, 1e7)]
    known = [value for value in values if value is not None]
    assert known == sorted(known)
    assert known[-1] > 1
    assert all(np.isfinite(known))
