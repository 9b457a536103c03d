"""Tail probabilities of over-dispersed counts and shares, finite however far out.

Plain functions of numbers; the detectors call them only for windows that already stand out.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt

from scipy.special import betainc, gammainc  # type: ignore[import-untyped]

MONTH_SECONDS = 30 * 86_400
_TINY = 1e-250


def log_count_tail(x: float, mean: float, phi: float) -> float:
    """Natural logarithm of P(X >= x), X negative binomial with ``mean`` and variance ``mean + phi mean²``.

    >>> round(log_count_tail(6, 0.5, 0.3), 3), round(log_count_tail(1000, 0.5, 0.3), 1)
    (-8.774, -2022.1)
    """
    if x <= 0:
        return 0.0
    if mean <= 0:
        mean = 1e-9
    if phi < 1e-6:
        p = float(gammainc(x, mean))
        return log(p) if p > _TINY else x * log(mean) - mean - lgamma(x + 1)
    r = 1 / phi
    q = mean / (mean + r)
    p = float(betainc(x, r, q))
    return log(p) if p > _TINY else _log_far_tail(x, r, q)


def log_none(mean: float, phi: float) -> float:
    """Natural logarithm of P(X = 0) of the same count: how improbable a silence is.

    >>> round(log_none(20.0, 0.0), 2), round(log_none(20.0, 0.5), 2)
    (-20.0, -4.8)
    """
    return -mean if phi < 1e-6 else -log1p(phi * mean) / phi


def _log_far_tail(x: float, r: float, q: float) -> float:
    log_point = lgamma(x + r) - lgamma(r) - lgamma(x + 1) + r * log1p(-q) + x * log(q)
    ratio = min(max(q, q * (x + r) / (x + 1)), 0.999)
    return min(0.0, log_point - log1p(-ratio))


def count_band(mean: float, phi: float, z: float = 2.326) -> tuple[float, float]:
    """Lower and upper limit of a count: quantiles of a gamma with the same mean and variance (Wilson and Hilferty).

    >>> [round(one, 1) for one in count_band(100, 0.04)]
    [55.4, 159.3]
    """
    variance = mean + phi * mean * mean
    if mean <= 0 or variance <= 0:
        return 0.0, 0.0
    shape = mean * mean / variance
    low = 1 - 1 / (9 * shape) - z / (3 * sqrt(shape))
    high = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return (mean * low**3 if low > 0 else 0.0), max(mean, mean * high**3)


def log_share_tail(share: float, n: float, p: float, rho: float) -> float:
    """Natural logarithm of P(share or more of ``n``) at true share ``p``, voices correlated by ``rho``.

    A beta-binomial judged as a binomial of the effective size n / (1 + (n - 1) rho).

    >>> round(log_share_tail(0.9, 40, 0.5, 0.02), 2)
    -9.47
    """
    if share <= 0:
        return 0.0
    size = n / (1 + (n - 1) * rho)
    hits = min(share, 1.0) * size
    tail = float(betainc(hits, size - hits + 1, p))
    if tail > _TINY:
        return log(tail)
    q = min(max(share, 1e-9), 1 - 1e-9)
    return -size * (q * log(q / p) + (1 - q) * log((1 - q) / (1 - p)))


def probability(log_p: float) -> float:
    """Back to a probability, never exactly zero.

    >>> probability(-2000.0)
    1e-300
    """
    return max(exp(log_p), 1e-300) if log_p > -690 else 1e-300
