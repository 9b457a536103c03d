"""Rows as line protocol, by influxdb-client's Point, which knows the escapes; :mod:`dashboards.schema` names all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from influxdb_client.client.write.point import Point

from contracts.panes import micros
from contracts.records import BucketRow, CaseRow, IncidentEvent, LateRow
from dashboards.schema import (
    BUCKETS,
    CASES,
    FIELDS,
    INCIDENTS,
    LATE,
    PARTITION,
    Value,
    case_ns,
    incident_ns,
    late_ns,
    late_place,
    series_tags,
    tag_value,
)
from dashboards.store.values import bucket_values, case_values, incident_values, late_values


def lines(
    buckets: Sequence[BucketRow],
    late: Sequence[LateRow],
    incidents: Sequence[IncidentEvent],
    cases: Sequence[CaseRow],
) -> Iterator[str]:
    """All rows, one line each.

    >>> from datetime import UTC, datetime
    >>> from contracts.records import Counts
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> row = LateRow(brand="A", series="brand=A", bucket=at, bucket_seconds=60, position="2:7:1", counts=Counts(1),
    ...     late_seconds=30.0)
    >>> print(*lines([], [row], [], []))  # doctest: +NORMALIZE_WHITESPACE
    late,brand=A,dims=brand,partition=2
    bucket=1767225600000000i,bucket_seconds=60i,hot=0i,late_seconds=30,n=1i,negative=0i,position="2:7:1",positive=0i,reach=0i
    1767225600000003501
    """
    return chain(map(_bucket, buckets), map(_late, late), map(_incident, incidents), map(_case, cases))


def _bucket(row: BucketRow) -> str:
    return _line(BUCKETS, series_tags(row.series), bucket_values(row), micros(row.bucket) * 1000)


def _late(row: LateRow) -> str:
    tags = (*series_tags(row.series), (PARTITION, str(late_place(row)[0])))
    return _line(LATE, tags, late_values(row), late_ns(row))


def _incident(event: IncidentEvent) -> str:
    tags = (("incident", tag_value(event.incident)), ("brand", tag_value(event.brand)))
    return _line(INCIDENTS, tags, incident_values(event), incident_ns(event))


def _case(row: CaseRow) -> str:
    named = {"brand": row.brand, "event": row.event.value, "channel": row.channel, "department": row.department}
    tags = ((name, tag_value(text)) for name, text in named.items() if text)
    return _line(CASES, tags, case_values(row), case_ns(row))


def _line(name: str, tags: Iterable[tuple[str, str]], values: Sequence[Value], time: int) -> str:
    point: Any = Point(name)  # type: ignore[no-untyped-call]
    for tag, text in tags:
        point.tag(tag, text)
    for field, value in zip(FIELDS[name], values, strict=True):
        point.field(field, value)
    line: str = point.time(time).to_line_protocol()
    return line
