"""A stream's own record: how far it has gone beyond its expectation before, so that "unusual" means unusual for it.

Two memories of the same deviations: the largest so far, fading slowly, and the largest of the last weeks, in blocks
of some hours. A stream that bursts every day needs a larger burst; after a quiet month a smaller one tells again.
"""

from __future__ import annotations

from array import array
from math import exp2, sqrt
from typing import NamedTuple

_CALM = 5.0
_QUIET = 2.2
"""What a record counts as at least: deviations that any stream of chance reaches."""


class Forgotten(NamedTuple):
    """What a record was before a person's word made it forget."""

    ring: array[float]
    number: int
    open: float
    peak: float
    at: int


class Record:
    """The record of one window length of one series.

    Parameters
    ----------
    half_life, block
        Of the fading record, and the length of a block, in buckets.
    blocks
        Finished blocks that are remembered.

    Examples
    --------
    >>> record = Record(half_life=1000, block=10, blocks=3)
    >>> before = record.scale(0)
    >>> record.add(3, 16.0)
    >>> record.scale(4) > before, record.scale(12) > record.scale(4), record.scale(60) < record.scale(12)
    (True, True, True)
    """

    __slots__ = ("_at", "_block", "_half", "_number", "_open", "_peak", "_ring", "_top")

    def __init__(self, half_life: float, block: int, blocks: int) -> None:
        self._half = half_life
        self._block = block
        self._ring = array("f", bytes(4 * blocks))
        self._number = -1
        self._open = self._top = self._peak = 0.0
        self._at = 0

    def scale(self, bucket: int) -> float:
        """How many deviations are as usual as it gets: geometric mean of the two records."""
        peak = self._peak * exp2((self._at - bucket) / self._half) if self._peak else 0.0
        number = bucket // self._block
        top = self._top if number == self._number else self._before(number)
        return sqrt((peak + _CALM) * (top if top > _QUIET else _QUIET))

    def add(self, bucket: int, deviations: float) -> None:
        """Take in how far a closed bucket went."""
        number = bucket // self._block
        if number != self._number:
            self._turn(number)
        if deviations <= 0:
            return
        if deviations > self._open:
            self._open = deviations
        if self._peak < deviations or deviations > self._peak * exp2((self._at - bucket) / self._half):
            self._peak, self._at = deviations, bucket

    def forget(self, since: int) -> Forgotten:
        """Forget how far it went from bucket ``since`` on; what it was before, for :meth:`recall`."""
        before = Forgotten(array("f", self._ring), self._number, self._open, self._peak, self._at)
        kept = len(self._ring)
        first = since // self._block
        for one in range(max(first, self._number - kept), self._number):
            self._ring[one % kept] = 0.0
        if self._number >= first:
            self._open = 0.0
        self._top = max(self._ring)
        if self._at >= since:
            self._peak = max(self._top, self._open)
        return before

    def recall(self, before: Forgotten) -> None:
        """Take :meth:`forget` back: exactly, as long as nothing was added since; else the larger of both."""
        kept = len(self._ring)
        for one in range(max(before.number - kept, self._number - kept), before.number):
            self._ring[one % kept] = max(self._ring[one % kept], before.ring[one % kept])
        if before.number == self._number:
            self._open = max(self._open, before.open)
        elif before.number >= self._number - kept:
            self._ring[before.number % kept] = max(self._ring[before.number % kept], before.open)
        self._top = max(self._ring)
        if before.peak > self._peak * exp2((self._at - before.at) / self._half):
            self._peak, self._at = before.peak, before.at

    def _turn(self, number: int) -> None:
        if self._number >= 0:
            self._ring[self._number % len(self._ring)] = self._open
            for one in range(self._number + 1, min(number, self._number + 1 + len(self._ring))):
                self._ring[one % len(self._ring)] = 0.0
        self._number, self._open = number, 0.0
        self._top = max(self._ring)

    def _before(self, number: int) -> float:
        """Largest of the finished blocks as of block ``number``."""
        if self._number < 0:
            return self._top
        kept = len(self._ring)
        first = number - kept
        top = self._open if self._number >= first else 0.0
        for one in range(max(first, self._number - kept), self._number):
            top = max(top, self._ring[one % kept])
        return top
