"""What somebody has announced for one brand, bucket by bucket: how many times the usual it will bring, and its name.

In the flow: :class:`~detectors.grid.Grid` holds the events of its brand, so that whatever asks the calendar for the
usual knows them too. A sale that was announced as ×3 and brings ×3 is no surge; one that brings ×9 is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from contracts.panes import micros
from detectors.almanac import ANY, announced
from detectors.outlook_settings import Announced

if TYPE_CHECKING:
    from detectors.season import Season

LABEL = "announced"
"""Label of a signal that names the events that explain it."""
DOUBT = 0.1
"""Relative variance of what an event brings, against what was announced: more or less a third."""


class Piece(NamedTuple):
    """Buckets ``first`` to ``last`` (which is still part of it), through which the same is announced."""

    first: int
    last: int
    factor: float
    names: str


class Events:
    """The events of one brand; without any, every question costs next to nothing.

    Parameters
    ----------
    brand
        Events of this brand and those of all (``*``) count.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> noon, evening = datetime(2026, 11, 11, 12, tzinfo=UTC), datetime(2026, 11, 11, 18, tzinfo=UTC)
    >>> events = Events([Announced(name="sale", start=noon, end=evening, factor=3)], "Delta", 3600)
    >>> bucket = int(noon.timestamp()) // 3600
    >>> [events.factor(bucket + hour) for hour in (-1, 0, 5, 6)], events.names(bucket - 3, bucket)
    ([1.0, 3.0, 3.0, 1.0], 'sale')
    """

    __slots__ = ("_firsts", "pieces")

    def __init__(self, known: Sequence[Announced] = (), brand: str = "", bucket_seconds: int = 60) -> None:
        mine = [one for one in known if brand in one.brands or ANY in one.brands]
        self.pieces = tuple(_pieces(mine, brand, bucket_seconds))
        self._firsts = [one.first for one in self.pieces]

    def factor(self, bucket: int) -> float:
        """Times the usual that is announced for ``bucket``."""
        if not self.pieces:
            return 1.0
        place = bisect_right(self._firsts, bucket) - 1
        return self.pieces[place].factor if place >= 0 and bucket <= self.pieces[place].last else 1.0

    def names(self, first: int, last: int) -> str:
        """What is announced within the buckets ``first`` to ``last``."""
        if not self.pieces:
            return ""
        return ", ".join(dict.fromkeys(name for one in self._within(first, last) for name in one.names.split(", ")))

    def over(self, first: int, last: int) -> float:
        """Mean factor of the buckets ``first`` to ``last``."""
        more = sum((one.factor - 1) * (one.last - one.first + 1) for one in self._within(first, last))
        return 1 + more / (last - first + 1)

    def lift(self, season: Season, end: int, buckets: int) -> float:
        """Times the usual that is expected of the ``buckets`` buckets that end with ``end``, by their season."""
        if not self.pieces:
            return 1.0
        within = list(self._within(end - buckets + 1, end))
        usual = season.span(end, buckets) if within else 0.0
        if usual <= 0:
            return 1.0
        more = sum((one.factor - 1) * season.span(one.last, one.last - one.first + 1) for one in within)
        return max(0.0, 1 + more / usual)

    def _within(self, first: int, last: int) -> Iterator[Piece]:
        """The pieces that these buckets touch, cut to them."""
        place = max(0, bisect_right(self._firsts, first) - 1) if self.pieces else 0
        for one in self.pieces[place:]:
            if one.first > last:
                return
            if one.last >= first:
                yield one._replace(first=max(first, one.first), last=min(last, one.last))


def doubt(lift: float) -> float:
    """Relative variance of what is expected, due to what is announced being a guess.

    >>> doubt(1.0), round(doubt(3.0), 3)
    (0.0, 0.044)
    """
    return DOUBT * (1 - 1 / lift) ** 2 if lift > 1 else 0.0


def middle(gross: float, usual: float, net: float) -> float:
    """What a time with an event says of the usual, given all that came, what is usual, and what came by its factor.

    An event that brings what was announced, or less, says nothing; beyond that, the part that is not announced counts.

    >>> [middle(gross, 10.0, gross / 3) for gross in (6.0, 15.0, 30.0, 60.0)]
    [6.0, 10.0, 10.0, 20.0]
    """
    return sorted((gross, usual, net))[1]


def _pieces(known: Sequence[Announced], brand: str, seconds: int) -> Iterator[Piece]:
    """Runs of buckets between which something begins or ends; a bucket that lies half in an event is one by itself."""
    cuts = set()
    for one in known:
        first = micros(one.start) // (seconds * 1_000_000)
        last = (micros(one.end) - 1) // (seconds * 1_000_000)
        cuts |= {first, first + 1, last, last + 1}
    edges = sorted(cuts)
    for first, after in zip(edges, edges[1:], strict=False):
        factor, names = announced(first * seconds, seconds, brand, known)
        if names:
            yield Piece(first, after - 1, factor, names)
