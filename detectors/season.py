"""How many an hour of the week usually brings: level, hour of day, day of week, learned slowly, told at any time.

Counts are weighted forward (a count at quantum h weighs 2^(h / half-life)), so that nothing has to be touched while
nothing comes: what empty time means for the averages follows in closed form from how long has been watched.
River's estimators step per item and cannot fade with time, hence plain floats here.
"""

from __future__ import annotations

from array import array
from math import exp2
from typing import NamedTuple

from detectors.grid import Grid

_LOOK_BACK = 27
"""Quanta whose shape is kept for long windows; more than a day."""
_HOUR_SPREAD = 0.5
_WEEK_SPREAD = 0.04
_DAY_SPREAD = 0.08
"""Relative variance of hours of a day, hours of a week and days of a week around what is above them."""
_PRIOR_COUNT = 0.5
_PRIOR_SECONDS = 60.0


class Lifted(NamedTuple):
    """What a level was before a person's word changed it, so that the word can be taken back."""

    cells: array[float]
    factor: float
    ref: int
    start: int


class Season:
    """Expected count of each quantum, by shrinking hour of week to hour of day to the level.

    Works from the first bucket (flat, or with the shape of ``parent``) and is good after a week. A holiday is expected
    to be like a Sunday, and teaches nothing about the day of the week it falls on.
    ``start`` is the bucket from which silence counts as silence.
    """

    __slots__ = (
        "_cells", "_day_factor", "_decay", "_first_day", "_gap", "_grid", "_half", "_parent", "_ref", "_rel",
        "_sums", "_today", "_unknown", "_unknown_day", "_watched", "open_count", "quantum", "seen", "start", "version",
    )  # fmt: skip

    def __init__(self, grid: Grid, half_life_seconds: float, start: int, parent: Season | None = None) -> None:
        self._grid = grid
        self._half = half_life_seconds / grid.seconds
        self._decay = exp2(-1 / self._half)
        self._parent = parent
        self._cells = array("d", bytes(8 * (1 + grid.per_day * 8 + 7)))
        self._rel = array("d", [1.0]) * _LOOK_BACK
        self._sums = array("d", bytes(8 * (_LOOK_BACK + 1)))
        self.version = 0
        self.restart(start)

    def restart(self, start: int) -> None:
        """Forget everything: what comes from bucket ``start`` on is of a new nature."""
        self.start = start
        self.quantum = self._ref = self._grid.quantum_of(start)
        self._first_day = self._grid.cells(self.quantum)[0]
        for place in range(len(self._cells)):
            self._cells[place] = 0.0
        for place in range(_LOOK_BACK):
            self._rel[place] = 1.0
        self._gap = 0.0
        self._today = -(10**9)
        self._day_factor = self._unknown = self._unknown_day = 1.0
        self.open_count = 0.0
        self.seen = 0.0
        self._settle(self.quantum)
        self._add_up()

    def level(self, bucket: int) -> float:
        """Mean count of a quantum as of the start of ``bucket``, the open quantum's closed buckets included."""
        exposure = self._watched + self._elapsed(bucket)
        return (self.seen + self.open_count + _PRIOR_COUNT) / (exposure + _PRIOR_SECONDS / self._grid.seconds)

    def weight(self) -> float:
        """How many counts stand behind the level."""
        return self.seen + self.open_count + _PRIOR_COUNT

    def unknown(self) -> float:
        """0 when the present hour of the day is well known, 1 when nothing is known of it."""
        return self._unknown

    def unknown_day(self) -> float:
        """Relative variance due to not knowing this day of the week: large in the first week, then small."""
        return _DAY_SPREAD * self._unknown_day if self._parent is None else self._parent.unknown_day()

    def expected(self, bucket: int, buckets: int, level: float) -> float:
        """Expected count of the ``buckets`` buckets that end with ``bucket``, given the present level."""
        return self.span(bucket, buckets) * level

    def span(self, bucket: int, buckets: int) -> float:
        """Shape summed over these buckets; it stays the same while :attr:`version` does."""
        return self._up_to(bucket + 1) - self._up_to(bucket + 1 - buckets)

    def ahead(self, quantum: int) -> float:
        """Expected count of the present or a later quantum, as known now."""
        return self._shape(quantum)[0] * self._base(self.quantum)

    def recent(self, quantum: int) -> float:
        """Shape of the present or a recent quantum: its usual count against the level, for a child to borrow."""
        return self._rel[quantum % _LOOK_BACK]

    def close(self, learned: float) -> None:
        """End the present quantum with ``learned`` counts (clipped by the caller)."""
        if learned > 0:
            if self.quantum - self._ref > 12 * self._half:
                self._rebase()
            weight = exp2((self.quantum - self._ref) / self._half)
            day, hour, week = self._grid.cells(self.quantum)
            per_day = self._grid.per_day
            self._cells[0] += weight * learned
            self._cells[1 + hour] += weight * learned
            if self._grid.counts_as(day, hour) != week:
                learned = self._base(self.quantum) * self._shape(self.quantum, week)[0]
            self._cells[1 + per_day + week] += weight * learned
            if day != self._first_day:
                self._cells[1 + per_day * 8 + (week // per_day)] += weight * learned
        self.open_count = 0.0

    def move(self, quantum: int) -> None:
        """Go to a later quantum; the present one must be closed. Cutting a move in two changes nothing."""
        for one in range(max(self.quantum + 1, quantum - _LOOK_BACK + 1), quantum + 1):
            self._settle(one)
        self._add_up()

    def accept(self, factor: float) -> None:
        """Take ``factor`` times the level as the new level, with the shape as it was."""
        for place in range(len(self._cells)):
            self._cells[place] *= factor
        self._settle(self.quantum)
        self._add_up()

    def lift(self, factor: float) -> Lifted:
        """:meth:`accept`, by a person's word: what it was before, for :meth:`sink`."""
        before = Lifted(array("d", self._cells), factor, self._ref, self.start)
        self.accept(factor)
        return before

    def sink(self, lifted: Lifted) -> None:
        """Take :meth:`lift` back: exactly, as long as nothing was learned since; what was learned since stays.

        Nothing happens when the series has begun anew meanwhile."""
        if lifted.start != self.start:
            return
        scale = exp2((lifted.ref - self._ref) / self._half)
        for place, before in enumerate(lifted.cells):
            rest = self._cells[place] - before * lifted.factor * scale
            self._cells[place] = max(0.0, rest + before * scale)
        self._settle(self.quantum)
        self._add_up()

    def skip(self, quanta: float) -> None:
        """The last ``quanta`` quanta were not watched: their silence means nothing."""
        weight = exp2((self.quantum - self._ref) / self._half)
        self._gap += weight * max(0.0, quanta)
        self._settle(self.quantum)
        self._add_up()

    def _settle(self, quantum: int) -> None:
        self.quantum = quantum
        self.seen = self._cells[0] * self._scale(quantum)
        day, hour, _ = self._grid.cells(quantum)
        today = day * 8 + self._grid.counts_as(day, hour) // self._grid.per_day
        if today != self._today:
            watched = quantum - self._grid.quantum_of(self.start)
            self._day_factor, self._today = self._factor(quantum, today), today
            self._unknown_day = 1 / (1 + 4 * self._passes(watched // (7 * self._grid.per_day), 7 * self._grid.per_day))
        ratio, self._unknown = self._shape(quantum)
        self._rel[quantum % _LOOK_BACK] = ratio
        self._watched = self._exposure(quantum)

    def _add_up(self) -> None:
        self.version += 1
        total = 0.0
        for place in range(_LOOK_BACK):
            total += self._rel[(self.quantum - _LOOK_BACK + 1 + place) % _LOOK_BACK]
            self._sums[place + 1] = total

    def _up_to(self, bucket: int) -> float:
        """Shape summed over the kept quanta up to the start of ``bucket``."""
        per = self._grid.buckets
        place = bucket // per - self.quantum + _LOOK_BACK - 1
        if place < 0:
            return 0.0
        if place >= _LOOK_BACK:
            place = _LOOK_BACK - 1
        inside = (bucket - (self.quantum - _LOOK_BACK + 1 + place) * per) / per
        return self._sums[place] + inside * (self._sums[place + 1] - self._sums[place])

    def _shape(self, quantum: int, week: int | None = None) -> tuple[float, float]:
        """(usual count of ``quantum`` against the level, share of ignorance in it), as what ``week`` says or as what
        the calendar says."""
        per_day = self._grid.per_day
        day, hour, _ = self._grid.cells(quantum)
        if week is None:
            week = self._grid.counts_as(day, hour)
        scale = self._scale(quantum)
        watched = quantum - self._grid.quantum_of(self.start)
        base = self._base(quantum)
        prior = self._parent.recent(quantum) if self._parent is not None else 1.0
        noise = 1 / base + 0.1
        hours = noise / _HOUR_SPREAD
        passed = self._passes(watched // per_day, per_day)
        by_hour = (self._cells[1 + hour] * scale / base + hours * prior) / (passed + hours)
        if self._parent is None:
            by_hour *= self._factor(quantum, day * 8 + week // per_day)
        weeks = (noise + 0.1) / _WEEK_SPREAD
        passed_weeks = self._passes(watched // (7 * per_day), 7 * per_day)
        by_week = (self._cells[1 + per_day + week] * scale / base + weeks * by_hour) / (passed_weeks + weeks)
        return by_week, hours / (passed + hours)

    def _factor(self, quantum: int, day: int) -> float:
        """How this day of the week differs from the mean day; fixed when the day's first quantum is met.

        ``day`` is eight times the day and the day of the week as which it counts. The first day, which may not be
        whole, tells nothing of its day of the week, and is not counted among those that passed.
        """
        if day != self._today:
            per_day = self._grid.per_day
            _, hour, _ = self._grid.cells(quantum)
            dawn = quantum - hour
            mean = self._base(dawn) * per_day
            passed = self._passes((day // 8 - self._first_day - 1) // 7, 7 * per_day)
            weight = (1 / mean + 0.02) / _DAY_SPREAD
            seen = self._cells[1 + per_day * 8 + day % 8] * self._scale(dawn) / mean
            return (seen + weight) / (passed + weight)
        return self._day_factor

    def _base(self, quantum: int) -> float:
        prior = _PRIOR_SECONDS / self._grid.seconds
        return (self._cells[0] * self._scale(quantum) + _PRIOR_COUNT) / (self._exposure(quantum) + prior)

    def _exposure(self, quantum: int) -> float:
        first = self._grid.quantum_of(self.start)
        watched = quantum - first
        if watched <= 0:
            return 0.0
        missing = (self.start - first * self._grid.buckets) / self._grid.buckets
        whole = self._passes(watched, 1) - missing * self._decay**watched
        return max(whole - self._gap * self._scale(quantum), 0.02 * whole)

    def _elapsed(self, bucket: int) -> float:
        begun = max(self.quantum * self._grid.buckets, self.start)
        return max(0, bucket - begun) / self._grid.buckets

    def _passes(self, times: int, step: int) -> float:
        if times <= 0:
            return 0.0
        one = self._decay**step
        return one * (1 - one**times) / (1 - one)

    def _scale(self, quantum: int) -> float:
        return exp2(-(quantum - self._ref) / self._half)

    def _rebase(self) -> None:
        scale = self._scale(self.quantum)
        for place in range(len(self._cells)):
            self._cells[place] *= scale
        self._gap *= scale
        self._ref = self.quantum
