"""The record of a series fades, and knows its last weeks."""

from __future__ import annotations

import numpy as np

from detectors.record import Record


def test_the_scale_equals_a_plain_reckoning() -> None:
    random = np.random.default_rng(1)
    record = Record(half_life=50, block=5, blocks=4)
    seen: list[tuple[int, float]] = []
    for bucket in sorted(random.choice(400, 150, replace=False).tolist()):
        peak = max((far * 2 ** ((at - bucket) / 50) for at, far in seen), default=0.0)
        block = bucket // 5
        recent = max((far for at, far in seen if block - 4 <= at // 5 < block), default=0.0)
        assert np.isclose(record.scale(bucket), np.sqrt((peak + 5.0) * max(recent, 2.2)), rtol=1e-5)
        far = float(random.exponential(5))
        record.add(bucket, far)
        seen.append((bucket, far))
