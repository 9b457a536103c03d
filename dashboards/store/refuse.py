"""What no store takes, refused before any is asked: one row that cannot be written must not hold up the others.

Every store calls :func:`refuse` first, the one in memory too, so that a test on it says what a server would.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from contracts.errors import InvalidRecord
from contracts.records import BucketRow, CaseRow, Counts, IncidentEvent, LateRow
from contracts.series import DIMENSIONS, series_dims, series_key
from dashboards.schema import Row, key, split_position

EARLIEST = datetime(1678, 1, 1, tzinfo=UTC)
LATEST = datetime(2262, 1, 1, tzinfo=UTC)
"""Nanoseconds since the epoch fit into 64 bits between these."""

_LAST = LATEST - timedelta(days=1)
_BIG = 2**63
_NAMES = frozenset(DIMENSIONS) | {"brand"}


class RefusedRows(InvalidRecord):
    """A server took some rows of a batch and refused others; ``all`` says that it took none."""

    def __init__(self, place: str, reason: str, *, all: bool) -> None:
        self.all = all
        super().__init__(place, "", reason)


def refuse(rows: Iterable[Row]) -> None:
    """Raises :class:`~contracts.errors.InvalidRecord` for the first row that cannot be kept.

    That is: a series key that is not in its canonical form or of another brand, a position that is none, a number
    that is not finite or has more than 64 bits, a year before 1678 or after 2261.
    """
    for row in rows:
        if isinstance(row, BucketRow) and _plain(row):
            continue
        reason = _reason(row)
        if reason:
            raise InvalidRecord(named(row), reason[0], reason[1])


def named(row: Row) -> str:
    """The key of a row, for people."""
    return " ".join(key(row)).encode("ascii", "backslashreplace").decode()[:300]


def clamp(when: datetime) -> datetime:
    """``when``, or the first or last instant that can be asked for."""
    return min(max(when, EARLIEST), LATEST)


def _plain(row: BucketRow) -> bool:
    """Surely good, found in a quarter of the time: most rows by far are buckets, and nearly all of them are good."""
    counts = row.counts
    return (
        min(counts) >= 0
        and 0 <= sum(counts) + row.voices < _BIG
        and row.voices >= 0
        and 1 <= row.bucket_seconds <= 86_400
        and EARLIEST <= row.bucket < _LAST
        and math.isfinite((row.expected or 0.0) + (row.lower or 0.0) + (row.upper or 0.0) + (row.score or 0.0))
        and _bad_series(row.series, row.brand) is None
    )


def _reason(row: Row) -> tuple[str, str] | None:
    match row:
        case BucketRow():
            return (
                _bad_series(row.series, row.brand)
                or _bad_time("bucket", row.bucket)
                or _bad_counts(row.counts, row.voices, row.bucket_seconds)
                or _bad_floats(row.expected, row.lower, row.upper, row.score)
            )
        case LateRow():
            return (
                _bad_series(row.series, row.brand)
                or _bad_time("bucket", row.bucket)
                or _bad_counts(row.counts, 0, row.bucket_seconds)
                or _bad_floats(row.late_seconds)
                or _bad_position(row.position)
            )
        case IncidentEvent():
            return _bad_time("at", row.at) or _bad_scope(row) or _bad_counts(Counts(), row.seq, 1)
        case CaseRow():
            return _bad_time("ts", row.ts) or _bad_counts(Counts(), row.rating or 0, 1)


@lru_cache(maxsize=65_536)
def _bad_series(series: str, brand: str) -> tuple[str, str] | None:
    try:
        dims = series_dims(series)
    except ValueError:
        return ("series", "not a series key such as brand=Delta,channel=weibo")
    if dims.get("brand") != brand:
        return ("series", "its brand is not the row's")
    if not dims.keys() <= _NAMES or series_key(dims) != series:
        return ("series", f"dimensions must be brand, then some of {', '.join(sorted(DIMENSIONS))} in this order")
    return None


def _bad_time(field: str, when: datetime) -> tuple[str, str] | None:
    if not EARLIEST <= when < _LAST:
        return (field, "not between the years 1678 and 2261")
    return None


def _bad_counts(counts: Counts, other: int, seconds: int) -> tuple[str, str] | None:
    if max(*counts, other) >= _BIG or min(*counts, other) < -_BIG:
        return ("counts", "a number with more than 64 bits")
    if not 1 <= seconds <= 86_400:
        return ("bucket_seconds", "not between one second and a day")
    return None


def _bad_floats(*values: float | None) -> tuple[str, str] | None:
    for value in values:
        if value is not None and not math.isfinite(value):
            return ("score", "a number that is not finite")
    return None


def _bad_position(position: str) -> tuple[str, str] | None:
    try:
        split_position(position)
    except ValueError as error:
        return ("position", str(error))
    return None


def _bad_scope(event: IncidentEvent) -> tuple[str, str] | None:
    if "brand" not in event.scope:
        return ("scope", "has no brand")
    return None
