"""Excess over a slow level in several window lengths, against the stream's own record."""

from __future__ import annotations

from collections import deque
from math import exp, sqrt

from detectors.grid import DAY, HOUR


class Excess:
    """Plain core of volume detection: one value a bucket, no gaps."""

    def __init__(self, seconds: int, per_week: float | None) -> None:
        self._lengths = [max(1, round(minutes * 60 / seconds)) for minutes in (30, 120, 480)]
        count = len(self._lengths)
        self._sum, self._mean, self._phi = [0.0] * count, [0.0] * count, [0.0] * count
        self._peak, self._now, self._most = [0.0] * count, [0.0] * count, [0.0] * count
        self._block = max(1, round(6 * HOUR / seconds))
        self._past: list[deque[float]] = [deque(maxlen=84) for _ in self._lengths]
        day = DAY / seconds
        self._day = day
        self._fade, self._rate = 0.5 ** (1 / (28 * day)), 1 - 0.5 ** (1 / (14 * day))
        self._drift = exp(-0.1 * (1.0 if per_week is None else per_week) / (7 * day))
        self._limit, self._level, self._told, self._last = 0.65, 0.0, 0.0, -(10**12)
        self._row = 0
        self.score = 0.0
        """Of the last row judged."""

    def judge(self, value: float) -> tuple[float, float] | None:
        """(score, expected) when ``value`` is a warning; learns it afterwards."""
        row = self._row
        if row == 0:
            self._level = value
        mean = self._level + 0.02
        best, farthest = self._windows(value, mean)
        self._limit = max(0.9 * 0.65, self._limit * self._drift)
        self.score = min(best / 0.65, farthest / 5)
        told = None
        free = row - self._last >= self._day or best > 3 * self._told
        if best > self._limit and farthest > 5 and row >= self._day and free:
            told = (self.score, mean)
            self._last, self._told = row, best
            self._limit = min(1.2, self._limit * exp(0.1))
        deviation = sqrt(mean + self._phi[0] * mean * mean + 0.25)
        residual = max(-3 * deviation, min(3 * deviation, value - mean))
        self._level = max(0.0, self._level + max(self._rate, 1 / (row + 1)) * residual)
        self._row += 1
        return told

    def _windows(self, value: float, mean: float) -> tuple[float, float]:
        best = farthest = 0.0
        for k, length in enumerate(self._lengths):
            alpha = 2 / (length + 1) if self._row else 1.0
            self._sum[k] += alpha * (value - self._sum[k])
            self._mean[k] += alpha * (mean - self._mean[k])
            seen, due = length * self._sum[k], length * self._mean[k]
            deviation = sqrt(due + self._phi[k] * due * due + 0.25)
            z = max(0.0, (seen - due) / deviation)
            best = max(best, z / sqrt((self._peak[k] + 2) * max(self._most[k], 4)))
            farthest = max(farthest, z)
            self._peak[k], self._now[k] = max(self._peak[k] * self._fade, z), max(self._now[k], z)
            residual = max(-3 * deviation, min(3 * deviation, seen - due))
            share = max(self._rate, 1 / (self._row + 1))
            self._phi[k] = max(0.0, self._phi[k] + share * ((residual * residual - due) / (due * due) - self._phi[k]))
            if self._row % self._block == self._block - 1:
                self._past[k].append(self._now[k])
                self._now[k], self._most[k] = 0.0, max(*self._past[k], self._now[k])
        return best, farthest
