"""The numbers on the pages, out of rows of the series store. Late corrections are added, as in the panels of hours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from contracts.ports import SeriesStore
from contracts.records import Counts, State
from contracts.series import series_dims

_Z = 1.959963984540054
MOST_POINTS = 400
"""Points of one curve; more buckets are put together."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with Wilson's 95 % interval; all ``None`` of nothing.

    >>> share = Share.of(3, 10)
    >>> share.value, round(share.low, 3), round(share.high, 3), Share.of(0, 0).value
    (0.3, 0.108, 0.603, None)
    """

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, part: int, whole: int) -> Share:
        """``part`` of ``whole``."""
        if whole <= 0:
            return cls(part, whole, None, None, None)
        share, square = part / whole, _Z * _Z
        middle = share + square / (2 * whole)
        reach = _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
        below = 1 + square / whole
        low, high = (middle - reach) / below, (middle + reach) / below
        return cls(part, whole, share, max(0.0, min(low, share)), min(1.0, max(high, share)))


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a curve."""

    start: datetime
    seconds: int
    counts: Counts
    late: int = 0
    """How many of ``counts.n`` came late."""
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    state: State = State.WARMING


def curve(store: SeriesStore, series: str, start: datetime, end: datetime, most: int = MOST_POINTS) -> list[Point]:
    """The buckets of a series in [start, end) with their band, late ones added; put together when there are many.

    Of several buckets put together there is no band: limits of a minute do not add up to those of an hour.
    """
    rows = store.buckets(series, start, end)
    late = dict(store.late(series, start, end))
    points = {
        row.bucket: Point(row.bucket, row.bucket_seconds, row.counts, 0, row.expected, row.lower, row.upper, row.state)
        for row in rows
    }
    seconds = rows[0].bucket_seconds if rows else 60
    for at, more in late.items():
        known = points.get(at, Point(at, seconds, Counts()))
        points[at] = replace(known, counts=known.counts.plus(more), late=more.n)
    return gathered(_whole(points, seconds), most)


def _whole(points: dict[datetime, Point], seconds: int) -> list[Point]:
    """With the buckets between in which nothing was said: stores keep no row of them."""
    if not points:
        return []
    first, last = min(points), max(points)
    many = int((last - first).total_seconds()) // seconds + 1
    if many > _MOST_BUCKETS:
        return [points[at] for at in sorted(points)]
    every = (first + timedelta(seconds=seconds * step) for step in range(many))
    return [points.get(at) or Point(at, seconds, Counts()) for at in every]


_MOST_BUCKETS = 50_000


def gathered(points: Sequence[Point], most: int) -> list[Point]:
    """At most about ``most`` points, neighbours put together in steps of whole buckets.

    >>> start = datetime(2026, 1, 1, tzinfo=UTC)
    >>> made = gathered([Point(start + timedelta(minutes=one), 60, Counts(1)) for one in range(10)], 5)
    >>> [(one.start.minute, one.seconds, one.counts.n) for one in made]
    [(0, 300, 5), (5, 300, 5)]
    """
    if len(points) <= most:
        return list(points)
    width = points[0].seconds
    span = (points[-1].start - points[0].start).total_seconds() + width
    step = next((one for one in _STEPS if one > width and span / one <= most), 86_400)
    made: dict[float, Point] = {}
    for one in points:
        at = one.start.timestamp() // step * step
        known = made.get(at)
        if known is None:
            made[at] = Point(datetime.fromtimestamp(at, UTC), step, one.counts, one.late, state=one.state)
        else:
            counts = known.counts.plus(one.counts)
            made[at] = Point(known.start, step, counts, known.late + one.late, state=one.state)
    return [made[at] for at in sorted(made)]


_STEPS = (300, 900, 3600, 21_600)


def total(store: SeriesStore, series: str, start: datetime, end: datetime) -> Counts:
    """Everything of a series in [start, end), late ones added."""
    return added(store.counts(series, start, end).values())


def added(counts: Iterable[Counts]) -> Counts:
    """The sum of all."""
    whole = Counts()
    for one in counts:
        whole = whole.plus(one)
    return whole


def values_of(names: Iterable[str], brand: str, dimension: str) -> list[tuple[str, str]]:
    """Value and key of each series of a brand that has this dimension beside it and no other.

    >>> values_of(["brand=A", "brand=A,channel=web", "brand=A,category=x,channel=web"], "A", "channel")
    [('web', 'brand=A,channel=web')]
    """
    found = []
    for name in names:
        dims = series_dims(name)
        if dims.get("brand") == brand and set(dims) == {"brand", dimension}:
            found.append((dims[dimension], name))
    return found


def brands_of(names: Iterable[str]) -> list[str]:
    """All brands that have a series, by name."""
    return sorted({series_dims(name)["brand"] for name in names})


@dataclass(frozen=True, slots=True)
class Rise:
    """How much more of something there is than before."""

    value: str
    series: str
    now: Counts
    before: Counts
    """In a stretch of the same length just before."""

    @property
    def times(self) -> float | None:
        """How many times as many as before; of nothing before there is no such number."""
        return self.now.n / self.before.n if self.before.n else None


def rises(store: SeriesStore, named: Sequence[tuple[str, str]], start: datetime, end: datetime) -> list[Rise]:
    """Each value with the stretch before, the largest growth in mentions first."""
    length = end - start
    found = [
        Rise(value, series, total(store, series, start, end), total(store, series, start - length, start))
        for value, series in named
    ]
    return sorted(found, key=lambda one: (one.before.n - one.now.n, one.value))
