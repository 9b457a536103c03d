"""How much the count of one bucket varies beyond chance: what a chart's band stands for.

The dispersion of a window of many buckets says nothing of one of them: what buckets do each by itself averages out.
Learned once a quantum from the sum of squares of its buckets, the empty ones included, so that a bucket costs next to
nothing.
"""

from __future__ import annotations

from math import exp, sqrt

from detectors.dispersion import Dispersion


class Single:
    """The dispersion of single buckets of one series.

    Works at any rate; a sparse series tells little, and stays near the prior.

    >>> single = Single(Dispersion(prior=0.1, windows=6, half_life=1000), buckets=4, clip=3.0)
    >>> for quantum in range(400):
    ...     for count in (100.0, 130.0, 70.0, 100.0):
    ...         single.add(count)
    ...     single.close(4 * quantum, 100.0)
    >>> round(single.value, 3)                       # 450 = 100 + 0.035 · 100²
    0.035
    """

    __slots__ = ("_buckets", "_clip", "_count", "_phi", "_squares")

    def __init__(self, phi: Dispersion, buckets: int, clip: float) -> None:
        self._phi = phi
        self._buckets = buckets
        self._clip = clip
        self._count = self._squares = 0.0

    @property
    def value(self) -> float:
        """Relative variance of one bucket beyond chance."""
        return self._phi.value

    def add(self, count: float) -> None:
        """A bucket of the open quantum has closed."""
        self._count += count
        self._squares += count * count

    def close(self, end: int, mean: float, ignorance: float = 0.0, *, learn: bool = True) -> None:
        """The quantum that ends with bucket ``end`` is over; ``mean`` was expected of each of its buckets.

        ``ignorance`` is the relative variance due to what was not known of the mean: it is taken for chance."""
        count, squares, buckets = self._count, self._squares, self._buckets
        self._count = self._squares = 0.0
        if not learn or mean <= 0:
            return
        found = max(0.0, squares - 2 * mean * count + buckets * mean * mean) / buckets
        beyond = self._clip * self._clip
        chance = mean + ignorance * mean * mean
        usual = chance + self._phi.value * mean * mean
        most = usual * (1 + (beyond - 1) / sqrt(buckets)) + beyond / buckets
        seldom = 1 - exp(-mean * buckets)
        self._phi.learn(end, sqrt(min(found, most)), chance, mean, seldom * buckets, lumps=mean)
