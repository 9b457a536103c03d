"""When something beyond its limit is told: at first, when it grew by a factor, and once per bucket while it lasts.

Holding back repeats from people is not done here: the deciding stage needs to see that a thing still lasts.
"""

from __future__ import annotations


class Gate:
    """The last telling of one series and kind.

    >>> gate = Gate()
    >>> [gate.tell(bucket, score, 1.5) for bucket, score in ((7, 1.1), (7, 1.3), (7, 1.7), (8, 1.2))]
    [True, False, True, True]
    """

    __slots__ = ("_bucket", "_score")

    def __init__(self) -> None:
        self._bucket = -(10**12)
        self._score = 0.0

    def tell(self, bucket: int, score: float, growth: float) -> bool:
        """Whether a score beyond the limit is worth a signal now."""
        if bucket == self._bucket and score < growth * self._score:
            return False
        self._bucket, self._score = bucket, score
        return True
