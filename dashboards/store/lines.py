"""Rows as line protocol, by influxdb-client's Point, which knows the escapes; :mod:`dashboards.schema` names all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from influxdb_client.client.write.point import Point

from contracts.panes import micros
from contracts.records import BucketRow, CaseRow, DeadLetter, IncidentEvent, LateRow
from dashboards.schema import (
    BUCKETS,
    CASES,
    DEAD,
    DRAWN,
    FIELDS,
    INCIDENTS,
    LATE,
    PARTITION,
    PARTS,
    VITALS,
    WORDS,
    Value,
    case_ns,
    incident_ns,
    late_ns,
    late_place,
    series_tags,
    tag_value,
)
from dashboards.store import drawn
from dashboards.store.values import bucket_values, case_values, incident_values, late_values
from dashboards.vitals import Vital

_NAMES = {name: (*FIELDS.get(name, ()), *DRAWN.get(name, ())) for name in (*FIELDS, *DRAWN)}


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
    told = chain.from_iterable(map(_incident, incidents))
    return chain(map(_bucket, buckets), map(_late, late), told, map(_case, cases))


def drawn_lines(vitals: Sequence[Vital], dead: Sequence[DeadLetter]) -> Iterator[str]:
    """What only panels show, one line each."""
    return chain(map(_vital, vitals), map(_dead, dead))


def line(name: str, tags: Iterable[tuple[str, str]], values: Sequence[Value], time: int) -> str:
    """One point; a value that is None is left out.

    >>> line("hours", [("brand", "A"), ("dims", "brand")], (3, 1, 0, 0, 9, 3, 0), 1767225600000000000)
    'hours,brand=A,dims=brand hot=0i,late=0i,n=3i,negative=1i,positive=0i,reach=9i,voices=3i 1767225600000000000'
    """
    point: Any = Point(name)  # type: ignore[no-untyped-call]
    for tag, text in tags:
        point.tag(tag, text)
    for field, value in zip(_NAMES[name], values, strict=True):
        point.field(field, value)
    made: str = point.time(time).to_line_protocol()
    return made


def _bucket(row: BucketRow) -> str:
    values = (*bucket_values(row), *drawn.bucket_drawn(row))
    return line(BUCKETS, series_tags(row.series), values, micros(row.bucket) * 1000)


def _late(row: LateRow) -> str:
    tags = (*series_tags(row.series), (PARTITION, str(late_place(row)[0])))
    return line(LATE, tags, late_values(row), late_ns(row))


def _incident(event: IncidentEvent) -> Iterator[str]:
    tags = (("incident", tag_value(event.incident)), ("brand", tag_value(event.brand)))
    values = (*incident_values(event), *drawn.incident_drawn(event))
    yield line(INCIDENTS, tags, values, incident_ns(event))
    for time, fields in drawn.words(event):
        yield line(WORDS, tags, fields, time)
    for dimension, time, fields in drawn.parts(event):
        yield line(PARTS, (*tags, ("dimension", tag_value(dimension))), fields, time)


def _case(row: CaseRow) -> str:
    named = {"brand": row.brand, "event": row.event.value, "channel": row.channel, "department": row.department}
    tags = ((name, tag_value(text)) for name, text in named.items() if text)
    return line(CASES, tags, (*case_values(row), *drawn.case_drawn(row)), case_ns(row))


def _vital(vital: Vital) -> str:
    return line(VITALS, [("member", tag_value(vital.member))], drawn.vital_drawn(vital), micros(vital.at) * 1000)


def _dead(letter: DeadLetter) -> str:
    return line(DEAD, [("source", tag_value(letter.source))], drawn.dead_drawn(letter), drawn.dead_ns(letter))
