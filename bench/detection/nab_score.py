"""The Numenta benchmark's standard profile on mention counts with labelled windows.

0 for never alarming, 100 for an alarm at the start of every window and none elsewhere. The first 15 % of a stream (750
rows at most) count for nothing. Alarms outside that are less than an hour apart are one false alarm.

Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", ICMLA 2015.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from statistics import median

FALSE_ALARM_WEIGHT = 0.11
EPISODE_GAP = 12
WEEK = 2016

Span = tuple[int, int]


@dataclass(frozen=True)
class Scored:
    """What one or several streams came to."""

    raw: float
    windows: int
    hits: int
    false: int
    outside: int
    """Rows in no window."""
    lags: tuple[float, ...]
    """Hours from a window's start to its first alarm."""

    @property
    def score(self) -> float:
        """0 to 100."""
        return 100 * (self.raw + self.windows) / (2 * self.windows)

    @property
    def false_per_week(self) -> float:
        """False alarms a stream and week."""
        return self.false / self.outside * WEEK

    @property
    def lag(self) -> float:
        """Median, in hours."""
        return median(self.lags) if self.lags else float("nan")


def sigmoid(position: float) -> float:
    """0.987 at a window's start (-1), 0 at its end (0), falling to -1 past it."""
    return -1.0 if position > 3 else 2 / (1 + exp(5 * position)) - 1


def score(rows: int, alarms: Iterable[int], windows: Sequence[Span]) -> Scored:
    """Judge the rows at which one stream alarmed.

    >>> score(3000, [1000, 2500], [(1000, 1100)]).hits, score(3000, [1000, 2500], [(1000, 1100)]).false
    (1, 1)
    >>> score(3000, [1000], [(1000, 1100)]).score
    100.0
    """
    learning = int(min(0.15 * rows, 750))
    fired = sorted({one for one in alarms if learning <= one < rows})
    judged = [one for one in windows if one[1] >= learning]
    raw, lags = 0.0, []
    for first, last in judged:
        inside = [one for one in fired if first <= one <= last]
        if inside:
            raw += sigmoid(-(last - inside[0] + 1) / (last - first + 1)) / sigmoid(-1.0)
            lags.append((inside[0] - first) / 12)
        else:
            raw -= 1.0
    outside = [one for one in fired if not any(first <= one <= last for first, last in windows)]
    raw += FALSE_ALARM_WEIGHT * sum(_cost(one, windows) for one in outside)
    covered = set().union(*(range(first, last + 1) for first, last in windows)) if windows else set()
    free = sum(1 for one in range(learning, rows) if one not in covered)
    return Scored(raw, len(judged), len(lags), episodes(outside), free, tuple(lags))


def episodes(places: Sequence[int]) -> int:
    """How many groups: those at most an hour apart are one.

    >>> episodes([1, 5, 17, 30])
    2
    """
    return sum(1 for place, one in enumerate(places) if place == 0 or one - places[place - 1] > EPISODE_GAP)


def total(parts: Iterable[Scored]) -> Scored:
    """All streams together."""
    every = list(parts)
    return Scored(
        sum(one.raw for one in every),
        sum(one.windows for one in every),
        sum(one.hits for one in every),
        sum(one.false for one in every),
        sum(one.outside for one in every),
        tuple(lag for one in every for lag in one.lags),
    )


def _cost(place: int, windows: Sequence[Span]) -> float:
    """A false alarm soon after a window costs less."""
    passed = [one for one in windows if one[1] < place]
    if not passed:
        return -1.0
    first, last = passed[-1]
    return sigmoid((place - last) / (last - first))
