"""How many voices the next hours and days will bring, with an interval, and the chance of passing a capacity.

The rhythm (:mod:`detectors.rhythm`) says what an hour usually brings; what the last hours, the last day, the same hour
lately and a week ago say beyond that is weighed by a recursive least-squares model for each distance ahead, learned
from its own past forecasts. Holidays and announced events shape the rhythm's word. The spread of each distance is
learned too: an over-dispersed count. River's SNARIMAX and HoltWinters know neither counts nor gaps nor calendars, and
forecast every step of the way; see ``python -m bench.forecast``.
"""

from __future__ import annotations

from array import array
from collections import deque
from math import exp
from typing import NamedTuple

from detectors.dispersion import Dispersion
from detectors.grid import DAY, Grid
from detectors.guards import MOST
from detectors.outlook_settings import ForecastSettings
from detectors.rhythm import Rhythm
from detectors.tails import count_band, log_count_tail

_KEPT_DAYS = 15
_CLIP = 3.0
_FORGET = 0.999
_PRIOR = 0.05
_SHORT = 3
_LATELY = 3
_HALF_LIFE_DAYS = 14.0
DISTANCES = (1, 3, 6, 12, 24, 48)
"""Hours ahead that have a model of their own; what lies between or beyond takes the nearest."""
_START = {1: (0.45, 0.2), 3: (0.25, 0.25), 6: (0.1, 0.3), 12: (0.0, 0.3), 24: (0.0, 0.25), 48: (0.0, 0.15)}
"""Weights of the last hours and the last day before anything was learned."""

Features = tuple[float, float, float, float]


class Outlook(NamedTuple):
    """The forecast of one quantum."""

    quantum: int
    mean: float
    phi: float
    """Relative variance beyond chance."""
    announced: str = ""

    def band(self, z: float = 1.2816) -> tuple[float, float]:
        """Interval of the count: 1.2816 for 80 %, 1.96 for 95 %."""
        return count_band(self.mean, self.phi, z)

    def chance(self, capacity: float) -> float:
        """Probability of more than ``capacity`` voices."""
        return exp(log_count_tail(int(capacity) + 1, self.mean, self.phi))


class _Ahead:
    """What is learned for one distance."""

    __slots__ = ("phi", "pending", "spread", "weights")

    def __init__(self, distance: int, half: float) -> None:
        self.weights = [*_START[distance], 0.1, 0.1]
        self.spread = [[_PRIOR if row == column else 0.0 for column in range(4)] for row in range(4)]
        self.phi = Dispersion(0.1, 12.0, half)
        self.pending: deque[tuple[int, float, Features]] = deque()

    def mean(self, usual: float, features: Features) -> float:
        """The forecast; never below a tenth of what is usual."""
        said = usual + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return max(said, 0.1 * usual, 0.02)

    def learn(self, quantum: int, count: float) -> None:
        """What quantum ``quantum`` brought, against what was said of it."""
        while self.pending and self.pending[0][0] < quantum:
            self.pending.popleft()
        if not self.pending or self.pending[0][0] > quantum:
            return
        _, usual, features = self.pending.popleft()
        mean = self.mean(usual, features)
        variance = mean + self.phi.value * mean * mean + 0.25
        limit = _CLIP * variance**0.5
        residual = max(-limit, min(limit, count - mean))
        self.phi.learn(quantum, residual, mean, mean, 1.0, lumps=mean)
        self._fit([one / variance**0.5 for one in features], (count - usual) / variance**0.5, _CLIP * 2)

    def _fit(self, x: list[float], y: float, limit: float) -> None:
        spread, places = self.spread, range(4)
        gain = [sum(spread[row][column] * x[column] for column in places) for row in places]
        scale = _FORGET + sum(x[row] * gain[row] for row in places)
        error = max(-limit, min(limit, y - sum(w * one for w, one in zip(self.weights, x, strict=True))))
        self.weights = [max(-0.5, min(1.5, w + g * error / scale)) for w, g in zip(self.weights, gain, strict=True)]
        for row in places:
            for column in places:
                said = (spread[row][column] - gain[row] * gain[column] / scale) / _FORGET
                spread[row][column] = min(said, 2 * _PRIOR) if row == column else said


class Forecaster:
    """The outlook of one series, hour by hour (quantum by quantum).

    Works from the first days, wide; good after two weeks. It knows nothing that neither returns by day or week, nor
    goes on from the last hours, nor was announced. Memory: fifteen days of hourly counts.

    Parameters
    ----------
    grid
        Its calendar; what is announced there is expected.
    """

    __slots__ = ("_aheads", "_counts", "_first", "_grid", "_kept", "_last", "_rhythm", "_said", "_settings")

    def __init__(self, settings: ForecastSettings, grid: Grid) -> None:
        self._settings = settings
        self._grid = grid
        self._kept = _KEPT_DAYS * grid.per_day
        self._counts = array("d", bytes(8 * self._kept))
        self._said = array("d", bytes(8 * self._kept))
        self._rhythm = Rhythm(grid, settings.country, _HALF_LIFE_DAYS)
        half = _HALF_LIFE_DAYS * DAY / grid.seconds
        self._aheads = {one: _Ahead(one, half) for one in DISTANCES}
        self._first = self._last = -1

    def learn(self, quantum: int, count: float) -> None:
        """Quantum ``quantum`` has ended with ``count``; those since the last one were empty.

        One that is not finite, negative or out of order leaves the forecaster unchanged.
        """
        if quantum <= self._last or not 0 <= count <= MOST:
            return
        if self._first < 0:
            self._first, self._last = quantum, quantum - 1
        for one in range(max(self._last + 1, quantum - self._kept), quantum + 1):
            self._put(one, count if one == quantum else 0.0)

    def outlook(self, hours: int) -> list[Outlook]:
        """The next ``hours`` quanta after the last one learned."""
        found = []
        for hour in range(1, hours + 1):
            ahead = self._aheads[min(DISTANCES, key=lambda one: (abs(one - hour), one))]
            usual, features, names = self._features(self._last + hour)
            found.append(Outlook(self._last + hour, ahead.mean(usual, features), ahead.phi.value, names))
        return found

    def _put(self, quantum: int, count: float) -> None:
        self._counts[quantum % self._kept] = count
        said, _ = self._usual(quantum)
        self._said[quantum % self._kept] = said
        usual = self._rhythm.usual(quantum)
        self._rhythm.learn(quantum, count * usual / said)
        self._last = quantum
        for distance, ahead in self._aheads.items():
            ahead.learn(quantum, count)
            usual, features, _ = self._features(quantum + distance)
            ahead.pending.append((quantum + distance, usual, features))

    def _usual(self, quantum: int) -> tuple[float, str]:
        first, last = quantum * self._grid.buckets, (quantum + 1) * self._grid.buckets - 1
        events = self._grid.events
        return self._rhythm.usual(quantum) * events.over(first, last), events.names(first, last)

    def _features(self, quantum: int) -> tuple[float, Features, str]:
        usual, names = self._usual(quantum)
        day = self._grid.per_day
        lately = self._against([quantum - back * day for back in range(1, _LATELY + 1)], 2.0)
        week = self._against([quantum - 7 * day], 1.0)
        return usual, (usual * self._beyond(_SHORT), usual * self._beyond(day), usual * week, usual * lately), names

    def _against(self, quanta: list[int], prior: float) -> float:
        """What these quanta brought against what was said of them (their holidays and events included), less one."""
        places = [
            one % self._kept for one in quanta if self._first <= one <= self._last and one > self._last - self._kept
        ]
        seen, said = sum(self._counts[one] for one in places), sum(self._said[one] for one in places)
        return min(3.0, (seen + prior) / (said + prior) - 1) if places else 0.0

    def _beyond(self, quanta: int) -> float:
        """By how much the last quanta were beyond what was usual, relatively; shrunk where little was expected."""
        first = max(self._first, self._last - quanta + 1)
        seen = said = 0.0
        for one in range(first, self._last + 1):
            seen += self._counts[one % self._kept]
            said += self._said[one % self._kept]
        return max(-0.9, min(3.0, (seen - said) / (said + 4.0)))
