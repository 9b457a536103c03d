"""A lasting rise: the Page-Hinkley test, upwards only.

The same numbers as River's ``drift.PageHinkley(mode="up")`` (a test compares them), on River's running mean. River's
own cannot be had alone: importing ``river.drift`` brings ``scipy.stats``, two seconds at the start of every process.

Source: Page (1954), "Continuous inspection schemes", Biometrika 41; Hinkley (1971), Biometrika 58.
"""

from __future__ import annotations

from river import stats

_FADING = 1 - 0.0001


class Rise:
    """Tells when the mean of a stream has risen for good; the value after that begins anew.

    Works on residuals of about unit spread; a rise smaller than ``delta`` is never told.

    Parameters
    ----------
    delta
        How far above the mean so far a value must lie to count as risen.
    threshold
        How much may add up before it is told.
    least
        So many values are seen first.

    Examples
    --------
    >>> rise = Rise(delta=0.5, threshold=6.0, least=12)
    >>> [rise.update(0.0) for _ in range(20)].count(True), [rise.update(2.0) for _ in range(8)].index(True)
    (0, 4)
    """

    __slots__ = ("_delta", "_least", "_lowest", "_mean", "_sum", "_threshold", "_told")

    def __init__(self, delta: float, threshold: float, least: int) -> None:
        self._delta = delta
        self._threshold = threshold
        self._least = least
        self._begin()

    def _begin(self) -> None:
        self._mean = stats.Mean()
        self._sum = 0.0
        self._lowest = float("inf")
        self._told = False

    def update(self, value: float) -> bool:
        """Take in one value; whether the rise is now beyond the threshold."""
        if self._told:
            self._begin()
        self._mean.update(value)
        self._sum = _FADING * self._sum + (value - self._mean.get()) - self._delta
        self._lowest = min(self._lowest, self._sum)
        self._told = self._mean.n >= self._least and self._sum - self._lowest > self._threshold
        return self._told
