"""What an hour usually brings, for looking ahead: level, hour of a workday or a day off, and day of the week.

Unlike :mod:`detectors.season` it is told of every hour, empty ones too, and knows holidays and make-up workdays: an
hour counts as the kind of day that it was. Fading counts over fading hours, each shrunk to what is above it.
"""

from __future__ import annotations

from array import array
from math import exp2, sqrt

from detectors.almanac import day_like
from detectors.grid import Grid

_WEEK = 7
_FRIDAY = 4
_EPOCH_WEEKDAY = 3
_HOUR_PRIOR = 0.5
_KIND_PRIOR = 3.0
_DAY_PRIOR = 2.0
"""How many hours, hours of a kind, or days of the level above it each part is worth before it was seen."""
_CLIP = 4.0


class Rhythm:
    """Usual counts of hours (quanta), learned one by one.

    >>> from contracts.panes import Panes
    >>> rhythm = Rhythm(Grid(Panes(), "Asia/Shanghai"), "CN", half_days=14.0)
    >>> for quantum in range(24 * 28):
    ...     rhythm.learn(quantum, 10.0 if quantum % 24 < 12 else 2.0)
    >>> round(rhythm.usual(24 * 28), 1), round(rhythm.usual(24 * 28 + 15), 1)
    (10.0, 2.0)
    """

    __slots__ = ("_country", "_counts", "_day", "_decay", "_grid", "_hours", "_said")

    def __init__(self, grid: Grid, country: str, half_days: float) -> None:
        self._grid = grid
        self._country = country
        self._decay = exp2(-1 / half_days)
        size = 1 + 3 * grid.per_day
        self._counts = array("d", bytes(8 * (size + _WEEK)))
        """The whole, each hour of any day, of workdays, of days off; then each day of the week."""
        self._hours = array("d", bytes(8 * size))
        self._said = array("d", bytes(8 * _WEEK))
        self._day = -1

    def usual(self, quantum: int) -> float:
        """What a quantum is expected to bring, by what was learned so far."""
        weekday, places = self._places(quantum)
        hourly = self._hourly(places)
        level = self._level() * self._grid.per_day * _DAY_PRIOR
        seen = self._counts[len(self._hours) + weekday] + level
        return hourly * seen / (self._said[weekday] + level)

    def learn(self, quantum: int, count: float) -> None:
        """A quantum is over; one far beyond what is usual counts in part."""
        weekday, places = self._places(quantum)
        if self._grid.cells(quantum)[0] != self._day:
            self._day = self._grid.cells(quantum)[0]
            for cells in (self._counts, self._hours, self._said):
                for place in range(len(cells)):
                    cells[place] *= self._decay
        if self._hours[0] > self._grid.per_day:
            usual = self.usual(quantum)
            count = min(count, usual + _CLIP * sqrt(usual + 0.3 * usual * usual + 1))
        self._said[weekday] += self._hourly(places)
        self._counts[len(self._hours) + weekday] += count
        for place in places:
            self._counts[place] += count
            self._hours[place] += 1

    def _level(self) -> float:
        return (self._counts[0] + 0.1) / (self._hours[0] + 1)

    def _hourly(self, places: tuple[int, int, int]) -> float:
        _, hour, kind = places
        of_any = (self._counts[hour] + _HOUR_PRIOR * self._level()) / (self._hours[hour] + _HOUR_PRIOR)
        return (self._counts[kind] + _KIND_PRIOR * of_any) / (self._hours[kind] + _KIND_PRIOR)

    def _places(self, quantum: int) -> tuple[int, tuple[int, int, int]]:
        """(day of the week that it is like, cells of the whole, its hour, its hour on this kind of day)."""
        day, hour, _ = self._grid.cells(quantum)
        weekday = (day_like(day, self._country) + _EPOCH_WEEKDAY) % _WEEK
        per_day = self._grid.per_day
        return weekday, (0, 1 + hour, 1 + hour + per_day * (1 if weekday <= _FRIDAY else 2))
