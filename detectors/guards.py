"""Keeps what is not a finite count away from every model: one NaN would poison an estimator for ever."""

from __future__ import annotations

from contracts.records import State
from detectors.protocol import Bucket, Reason, Score

MOST = 1e12
"""No bucket truly holds more; squares of it stay finite."""

NOT_FINITE = Score(value=None, state=State.STALE, reason=Reason.NOT_FINITE)


def sound(bucket: Bucket) -> bool:
    """Whether a bucket holds finite, non-negative counts: no more hot voices than negative ones, nor of those than all.

    >>> sound(Bucket(3, 2.0, 1.0)), sound(Bucket(3, float("nan"))), sound(Bucket(3, 1.0, 2.0))
    (True, False, False)
    """
    return 0 <= bucket.hot <= bucket.negative <= bucket.n <= MOST
