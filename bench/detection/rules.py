"""The usual rules, as a comparison: each makes of a stream a score a step, and fires where it exceeds a threshold.

All of them see the same closed steps as our detector and nothing else. Where a rule is published with hours, it is
given hours that slide with every step instead of whole hours, which is to its advantage.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from scipy.signal import lfilter  # type: ignore[import-untyped]

from bench.detection.stream import DAY, HOUR, WEEK, Bools, Floats, Stream

Prepared = Floats
"""What a rule computes once a stream, whatever the threshold."""


class Rule(ABC):
    """One way to raise an alarm.

    ``natural`` is the threshold it is published or commonly used with.
    """

    name: str
    natural: float

    @abstractmethod
    def prepare(self, stream: Stream) -> Prepared:
        """Score of every step, from this step and those before it."""

    def fires(self, prepared: Prepared, at: float) -> Bools:
        """Where the score exceeds the threshold ``at``."""
        return np.asarray(prepared > at)

    def saves(self, stream: Stream, starts: Sequence[int], at: float) -> dict[int, bytes]:
        """State before each of ``starts``, for a rule whose state cannot be had from some steps before it."""
        return {}

    def branch(self, stream: Stream, start: int, values: Floats, at: float, saved: bytes | None) -> Bools:
        """Where it fires if from ``start`` on ``values`` come instead of what the stream holds."""
        begin = self.since(stream, start)
        other = stream.with_values(np.concatenate((stream.values[begin:start], values)))
        return self.fires(self.prepare(other), at)[start - begin :]

    def since(self, stream: Stream, start: int) -> int:
        """The first step that still matters at ``start``."""
        return max(0, start - stream.rows(2 * WEEK))

    def ladder(self, prepared: Sequence[Prepared]) -> Sequence[float]:
        """Thresholds worth trying, the most lenient first; the last one never fires on these streams."""
        values: list[float] = np.unique(np.concatenate(prepared)).tolist()
        return values


def trailing(values: Floats, rows: int) -> Floats:
    """Sum of each step and the ``rows - 1`` before it; fewer at the start.

    >>> trailing(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist()
    [1.0, 3.0, 5.0, 7.0]
    """
    sums = np.concatenate(([0.0], np.cumsum(values)))
    ends = np.arange(1, len(values) + 1)
    return np.asarray(sums[ends] - sums[np.maximum(0, ends - rows)])


def before(values: Floats, rows: int) -> Floats:
    """Each value as it was ``rows`` steps ago; zero at the start.

    >>> before(np.array([1.0, 2.0, 3.0]), 1).tolist()
    [0.0, 1.0, 2.0]
    """
    return np.concatenate((np.zeros(min(rows, len(values))), values[: max(0, len(values) - rows)]))


class Spike(Rule):
    """ElastAlert's spike rule: the last hour against the hour before it, alarm at three times as many.

    An empty hour counts as one mention, so that the quotient says something on sparse streams too; a fixed least
    number of mentions, as its users set by hand, would silence it there. Nothing is said in the first two hours.
    """

    name = "spike, hour on hour"
    natural = 3.0

    def prepare(self, stream: Stream) -> Prepared:
        """Quotient of the two hours."""
        hour = stream.rows(HOUR)
        now = trailing(stream.values, hour)
        score = now / np.maximum(before(now, hour), 1.0)
        score[: 2 * hour] = 0.0
        return score


class Listening(Rule):
    """A social-listening rule: the last hour against the mean hour of the 12 h before it, and the same hour yesterday
    and a week ago; it must exceed all three. Vendors name the three comparisons and not the factor: two is taken.
    """

    name = "listening, 12 h / day / week"
    natural = 2.0

    def prepare(self, stream: Stream) -> Prepared:
        """Quotient to the largest of the three, at least one mention each."""
        hour = stream.rows(HOUR)
        now = trailing(stream.values, hour)
        past = before(trailing(stream.values, 12 * hour), hour) / 12
        usual = np.maximum(np.maximum(past, 1.0), before(now, stream.rows(DAY)))
        score = now / np.maximum(usual, before(now, stream.rows(WEEK)))
        score[: 13 * hour] = 0.0
        return score


class WindowedGaussian(Rule):
    """The Numenta benchmark's windowed Gaussian: mean and deviation of a window of 6400 steps that slides by 100.

    Its published score is one minus the tail beyond the value, kept with twelve digits, and its published threshold 1:
    a tail of 5e-13. Here the score is the number of deviations, and its natural threshold where that tail begins.
    ``both_sides`` as published: a value far below is an anomaly too. Without it the rule is better at surges.
    """

    name = "windowed Gaussian"
    natural = 7.1305
    window = 6400
    slide = 100

    def __init__(self, *, both_sides: bool = False) -> None:
        self._both = both_sides

    def prepare(self, stream: Stream) -> Prepared:
        """Standard deviations from the mean of the window as it stood before the step."""
        mean, deviation = self._windows(stream.values)
        z = (stream.values - mean) / deviation
        z[0] = 0.0
        return np.asarray(np.abs(z) if self._both else z)

    def since(self, stream: Stream, start: int) -> int:
        """Where the window lies that is known at ``start``."""
        return max(0, start - self.window) // self.slide * self.slide

    def _windows(self, values: Floats) -> tuple[Floats, Floats]:
        """Mean and deviation known before each step."""
        steps = np.arange(len(values))
        slid = np.maximum(0, (steps - self.window) // self.slide) * self.slide
        ends = np.where(steps <= self.window, steps, slid + self.window)
        sums = np.concatenate(([0.0], np.cumsum(values)))
        squares = np.concatenate(([0.0], np.cumsum(values * values)))
        size = np.maximum(1, ends - slid)
        mean = (sums[ends] - sums[slid]) / size
        variance = np.maximum(0.0, (squares[ends] - squares[slid]) / size - mean * mean)
        return mean, np.where(variance > 0, np.sqrt(variance), 1e-6)


class EwmaZ(Rule):
    """Deviations from an exponentially weighted mean and variance with a half-life of one day; alarm beyond three."""

    name = "EWMA z-score"
    natural = 3.0
    half_life = DAY

    def prepare(self, stream: Stream) -> Prepared:
        """Deviations of each step from what was known before it; nothing is said in the first half-life."""
        rows = stream.rows(self.half_life)
        fading = 1 - 0.5 ** (1 / rows)
        values = stream.values
        mean = _smoothed(values, fading, values[0])
        away = values - np.concatenate((values[:1], mean[:-1]))
        variance = _smoothed((1 - fading) * away * away, fading, 0.0)
        known = np.concatenate(([0.0], variance[:-1]))
        scores = away / np.sqrt(np.maximum(known, 1e-6))
        scores[:rows] = 0.0
        return np.asarray(scores)


def _smoothed(values: Floats, fading: float, begin: float) -> Floats:
    """``begin`` before the first, then each ``fading`` of the new and the rest of the old.

    >>> _smoothed(np.array([4.0, 4.0]), 0.5, 0.0).tolist()
    [2.0, 3.0]
    """
    found, _ = lfilter([fading], [1.0, fading - 1.0], values, zi=np.array([(1 - fading) * begin]))
    return np.asarray(found)
