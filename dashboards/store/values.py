"""Rows to field values, in the order of :data:`dashboards.schema.FIELDS`, and back.

Shared by SQLite and InfluxDB, so that both keep the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.codec import encode
from contracts.panes import micros
from contracts.records import BucketRow, CaseRow, Counts, IncidentEvent, LateRow, State
from contracts.records.row import Became
from contracts.series import series_dims, series_key
from dashboards.schema import BUCKETS, FIELDS, Value

_BAND = ("expected", "lower", "upper", "score")
BUCKET_FIELDS = tuple(FIELDS[BUCKETS])
BECAME: tuple[Became, ...] = ("held", "more", "new")
"""By number from 1: the more, the higher."""


def added(pairs: Iterable[tuple[datetime, Counts]]) -> dict[datetime, Counts]:
    """The sum for each bucket, by time.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> added([(at, Counts(2, 1)), (at, Counts(1))])[at]
    Counts(n=3, negative=1, positive=0, hot=0, reach=0)
    """
    found: dict[datetime, Counts] = {}
    for bucket, counts in pairs:
        found[bucket] = found.get(bucket, Counts()).plus(counts)
    return dict(sorted(found.items()))


def bucket_values(row: BucketRow) -> tuple[Value, ...]:
    """The fields of a bucket row."""
    expected, lower, upper, score = row.expected, row.lower, row.upper, row.score
    told, shadow = _place(row.told), _place(row.shadow)
    marks = (expected, lower, upper, score, told, shadow)
    known = sum(1 << bit for bit, value in enumerate(marks) if value is not None)
    state = row.state.value
    return (row.bucket_seconds, *row.counts, row.voices, expected, lower, upper, score, known, state, told, shadow)


def late_values(row: LateRow) -> tuple[Value, ...]:
    """The fields of a late row."""
    return (row.position, micros(row.bucket), row.bucket_seconds, *row.counts, row.late_seconds)


def incident_values(event: IncidentEvent) -> tuple[Value, ...]:
    """The fields of an incident event."""
    return (
        event.seq,
        event.event.value,
        event.tier.value,
        event.tier.rank,
        event.kind.value,
        series_key(event.scope),
        event.reason,
        event.observed,
        event.expected,
        event.score,
        event.notify,
        encode(event).decode(),
    )


def case_values(row: CaseRow) -> tuple[Value, ...]:
    """The fields of a case row."""
    return (row.case_id, row.id, micros(row.ts), row.rating, row.late, encode(row).decode())


def bucket_row(series: str, start: datetime, values: Mapping[str, Any]) -> BucketRow:
    """The reverse of :func:`bucket_values`."""
    known = values["known"]
    band = {name: float(values[name]) if known >> bit & 1 else None for bit, name in enumerate(_BAND)}
    return BucketRow(
        brand=series_dims(series)["brand"],
        series=series,
        bucket=start,
        bucket_seconds=values["bucket_seconds"],
        counts=counts_of(values),
        voices=values["voices"],
        state=State(values["state"]),
        told=BECAME[values["told"] - 1] if known & 16 else None,
        shadow=BECAME[values["shadow"] - 1] if known & 32 else None,
        **band,
    )


def _place(became: Became | None) -> int | None:
    return None if became is None else 1 + BECAME.index(became)


def counts_of(values: Mapping[str, Any]) -> Counts:
    """The counts among some field values."""
    return Counts(values["n"], values["negative"], values["positive"], values["hot"], values["reach"])


def in_order(events: Sequence[IncidentEvent]) -> list[IncidentEvent]:
    """Incident events in the order of ``incidents.ndjson``."""
    return sorted(events, key=IncidentEvent.sort_key)
