"""Confidence intervals and paired tests, exact where counts are small."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np
from scipy import stats  # type: ignore[import-untyped]


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927).

    >>> [round(one, 3) for one in wilson(45, 48)]
    [0.832, 0.979]
    """
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def poisson(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval of a Poisson mean of which ``count`` was seen (Garwood 1936).

    >>> [round(one, 2) for one in poisson(0)], [round(one, 2) for one in poisson(10)]
    ([0.0, 3.69], [4.8, 18.39])
    """
    tail = (1 - confidence) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2


def median_interval(values: Sequence[float], seed: int = 1, rounds: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of a median; infinite when there is nothing.

    >>> median_interval([5.0] * 9)
    (5.0, 5.0)
    """
    if not len(values):
        return inf, inf
    draws = np.random.default_rng(seed).choice(np.asarray(values, dtype=float), (rounds, len(values)))
    low, high = np.percentile(np.median(draws, axis=1), (2.5, 97.5))
    return float(low), float(high)


def sign_test(better: int, worse: int) -> float:
    """Two-sided probability of so unequal a split by chance; McNemar's exact test for pairs of hits and misses.

    >>> round(sign_test(10, 1), 4), sign_test(0, 0)
    (0.0117, 1.0)
    """
    return float(stats.binomtest(better, better + worse, 0.5).pvalue) if better + worse else 1.0
