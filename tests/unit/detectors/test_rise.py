"""The test for a lasting rise gives the same answers as River's."""

from __future__ import annotations

import random

from river import drift

from detectors.rise import Rise


def test_it_tells_at_the_same_values_as_rivers() -> None:
    chance = random.Random(3)
    ours = Rise(delta=0.5, threshold=6.0, least=12)
    rivers = drift.PageHinkley(min_instances=12, delta=0.5, threshold=6.0, mode="up")
    told = []
    for step in range(5_000):
        value = chance.gauss(1.5 if step // 400 % 2 else 0.0, 1.0)
        rivers.update(value)  # type: ignore[no-untyped-call]
        told.append((ours.update(value), bool(rivers.drift_detected)))
    assert [mine for mine, _ in told] == [theirs for _, theirs in told]
    assert sum(mine for mine, _ in told) > 5
