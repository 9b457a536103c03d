"""The one place for measurements, tags and fields: used by the stores, by panels and by tests.

============= ======================================= =============================== =======================
measurement   tags                                    time                            a point's key
============= ======================================= =============================== =======================
``buckets``   ``dims``, ``brand`` and the series' own start of the bucket             series, bucket
``late``      the same and ``partition``              in the bucket, by position      series, position
``incidents`` ``incident``, ``brand``                 ``at``, plus ``seq`` ns         incident, seq
``cases``     ``brand``, ``event``, ``channel``,      in the minute of the event,     brand, case, id
              ``department``                          by hash of case and id
``hours``     as ``buckets``                          start of the hour               series, hour
``words``     ``incident``, ``brand``                 as ``incidents``, by place      incident, seq, place
``parts``     the same and ``dimension``              as ``incidents``, by place      incident, seq, place
``vitals``    ``member``                              of the measurement              member, time
``dead``      ``source``                              in the minute, by hash of id    source, id
============= ======================================= =============================== =======================

The last five, and the fields of :data:`DRAWN`, are there for panels alone and stand in InfluxDB alone: they follow from
rows, which all stores keep. ``hours`` holds sums of an hour, corrections in them, for as long as people look back.

``dims`` names the dimensions of a series (``brand+channel``), so that one condition keeps the series of a
brand apart from its parts, which must never be added to it. Fields and their kinds are :data:`FIELDS`; SQLite
has the same names as columns. A field never changes its kind: InfluxDB would refuse the point.

**Times of late rows.** Many corrections fall into one bucket of one series, and each must stay a point of its own.
``partition`` is a tag (as many values as there are partitions), and offset and index are written into the
nanoseconds of the bucket: ``offset * 500 + index``, modulo its width. Within a bucket of 60 s two positions meet
only if their messages are an exact multiple of 120 000 000 apart in the same partition (2 000 000 for 1 s).

**Times of cases.** A file gives thousands of events the same instant, and a tag for each case would let the number
of series grow without bound. So the hash of (case, id) is spread over the nanoseconds of the minute, and the true
instant is the field ``at``: 1 000 events of one brand, kind, channel and department in one minute lose one with
probability 1e-5, 10 000 with 1e-3.

**Incidents** are series of their own: they are few (a budget bounds them), and the key must be exact.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from urllib.parse import quote, unquote

from contracts.panes import micros
from contracts.records import BucketRow, CaseRow, IncidentEvent, LateRow
from contracts.records.mention import MAX_BATCH
from contracts.series import DIMENSIONS, series_dims, series_key

BUCKETS = "buckets"
LATE = "late"
INCIDENTS = "incidents"
CASES = "cases"

HOURS = "hours"
WORDS = "words"
PARTS = "parts"
VITALS = "vitals"
DEAD = "dead"

DIMS = "dims"
PARTITION = "partition"

MINUTE_NS = 60_000_000_000

Value = int | float | str | bool | None
Row = BucketRow | LateRow | IncidentEvent | CaseRow
"""What the store keeps."""


class Kind(StrEnum):
    """Kinds of field values: what SQLite calls a column of it; InfluxDB knows all four."""

    INT = "INTEGER"
    FLOAT = "REAL"
    TEXT = "TEXT"
    BOOL = "BOOLEAN"


_COUNTS = {name: Kind.INT for name in ("n", "negative", "positive", "hot", "reach")}

FIELDS = MappingProxyType(
    {
        BUCKETS: {
            "bucket_seconds": Kind.INT,
            **_COUNTS,
            "voices": Kind.INT,
            "expected": Kind.FLOAT,
            "lower": Kind.FLOAT,
            "upper": Kind.FLOAT,
            "score": Kind.FLOAT,
            "known": Kind.INT,  # 1 expected + 2 lower + 4 upper + 8 score …: InfluxDB cannot empty a field again
            "state": Kind.TEXT,
            "told": Kind.INT,  # 1 held back, 2 more of a warning, 3 a new one: what became of what stood out (known 16)
            "shadow": Kind.INT,  # the same under the settings on trial (known 32)
        },
        LATE: {
            "position": Kind.TEXT,
            "bucket": Kind.INT,  # microseconds since the epoch
            "bucket_seconds": Kind.INT,
            **_COUNTS,
            "late_seconds": Kind.FLOAT,
        },
        INCIDENTS: {
            "seq": Kind.INT,
            "event": Kind.TEXT,
            "tier": Kind.TEXT,
            "rank": Kind.INT,  # 0 blue to 3 red
            "kind": Kind.TEXT,
            "scope": Kind.TEXT,  # as a series key
            "reason": Kind.TEXT,
            "observed": Kind.FLOAT,
            "expected": Kind.FLOAT,
            "score": Kind.FLOAT,
            "notify": Kind.BOOL,
            "record": Kind.TEXT,  # the whole event as JSON
        },
        CASES: {
            "case_id": Kind.TEXT,
            "id": Kind.TEXT,
            "at": Kind.INT,  # microseconds since the epoch
            "rating": Kind.INT,
            "late": Kind.BOOL,
            "record": Kind.TEXT,  # the whole row as JSON
        },
    }
)
"""Fields of each measurement in order, with their kinds, as every store keeps them."""

DRAWN = MappingProxyType(
    {
        BUCKETS: {name: Kind.INT for name in ("warming", "ready", "stale")},  # 1 for the state that it is in
        INCIDENTS: {
            **{name: Kind.INT for name in ("blue", "yellow", "orange", "red")},  # 1 while it is open in this tier
            "alarm": Kind.INT,  # 1 when people are told that it opened, opened again or rose
        },
        CASES: {
            "opened_at": Kind.INT,  # microseconds since the epoch
            "elapsed": Kind.FLOAT,  # seconds since then
            "first": Kind.INT,  # 1 for the first event of its kind in its case
            "open": Kind.INT,  # what it adds to the number of open cases
            "unanswered": Kind.INT,  # what it adds to the number of cases that nobody has replied to
            "resolved": Kind.INT,  # 1 for an event of this kind
            "reopened": Kind.INT,
        },
        HOURS: {**_COUNTS, "voices": Kind.INT, "late": Kind.INT},
        WORDS: {"word": Kind.TEXT, "tier": Kind.TEXT, "kind": Kind.TEXT, "place": Kind.INT},
        PARTS: {"value": Kind.TEXT, "excess": Kind.FLOAT, "tier": Kind.TEXT, "kind": Kind.TEXT},
        VITALS: {
            "rows": Kind.INT,
            "rows_per_second": Kind.FLOAT,
            "waiting": Kind.INT,
            "refused": Kind.INT,
            "dead": Kind.INT,
            "lag_seconds": Kind.FLOAT,
            "delay_seconds": Kind.FLOAT,
            "memory_bytes": Kind.INT,
        },
        DEAD: {"n": Kind.INT, "id": Kind.TEXT, "place": Kind.TEXT, "field": Kind.TEXT, "reason": Kind.TEXT},
    }
)
"""What InfluxDB has beside :data:`FIELDS`, for panels."""

_SERIES_TAGS = (DIMS, "brand", *DIMENSIONS)

TAGS = MappingProxyType(
    {
        BUCKETS: _SERIES_TAGS,
        LATE: (*_SERIES_TAGS, PARTITION),
        INCIDENTS: ("incident", "brand"),
        CASES: ("brand", "event", "channel", "department"),
        HOURS: _SERIES_TAGS,
        WORDS: ("incident", "brand"),
        PARTS: ("incident", "brand", "dimension"),
        VITALS: ("member",),
        DEAD: ("source",),
    }
)
"""Tags of each measurement. Their values are bounded: what is free text or unbounded is a field."""


def columns(measurement: str) -> frozenset[str]:
    """Everything that a query of ``measurement`` may name.

    >>> "expected" in columns("buckets"), "expected" in columns("hours")
    (True, False)
    """
    fields = {**FIELDS.get(measurement, {}), **DRAWN.get(measurement, {})}
    return frozenset((*fields, *TAGS[measurement], "time"))


_POSITION = re.compile(r"(\d{1,9}):(\d{1,18}):(\d{1,3})", re.ASCII)


@lru_cache(maxsize=65_536)
def series_tags(series: str) -> tuple[tuple[str, str], ...]:
    """The tags of a series, ready to be written, by name.

    >>> dict(series_tags("brand=Delta,channel=app store"))
    {'brand': 'Delta', 'channel': 'app store', 'dims': 'brand+channel'}
    """
    dims = series_dims(series)
    tags = {name: tag_value(value) for name, value in dims.items()}
    tags[DIMS] = "+".join(sorted(dims))
    return tuple(sorted(tags.items()))


def series_of(tags: dict[str, str]) -> str:
    """The reverse of :func:`series_tags`; other tags are passed over.

    >>> series_of({"brand": "Delta", "channel": "app", "dims": "brand+channel", "partition": "3"})
    'brand=Delta,channel=app'
    """
    return series_key({name: tag_text(tags.get(name, "")) for name in tags[DIMS].split("+")})


def tag_value(text: str) -> str:
    r"""A text as a tag: ``%``, ``\`` and what does not print are percent-encoded, as line protocol cannot carry them.

    >>> tag_value("app store"), tag_value("a\nb\\"), tag_value("50%")
    ('app store', 'a%0Ab%5C', '50%25')
    """
    if text.isprintable() and "%" not in text and "\\" not in text:
        return text
    return "".join(one if one.isprintable() and one not in "%\\" else quote(one, safe="") for one in text)


def tag_text(value: str) -> str:
    """The reverse of :func:`tag_value`."""
    return unquote(value) if "%" in value else value


def late_place(row: LateRow) -> tuple[int, int]:
    """Partition and nanoseconds after the start of the bucket; see the module.

    Works for a position that :func:`split_position` understands.
    """
    partition, offset, index = split_position(row.position)
    return partition, (offset * MAX_BATCH + index) % (row.bucket_seconds * 1_000_000_000)


def split_position(position: str) -> tuple[int, int, int]:
    """Partition, offset and index of a mention in the log; raises ValueError.

    >>> split_position("3:1042:17")
    (3, 1042, 17)
    """
    match = _POSITION.fullmatch(position)
    if match is None or int(match[3]) >= MAX_BATCH:
        raise ValueError(f"not partition:offset:index with an index below {MAX_BATCH}")
    return int(match[1]), int(match[2]), int(match[3])


def late_ns(row: LateRow) -> int:
    """The time of a late row's point, in nanoseconds."""
    return micros(row.bucket) * 1000 + late_place(row)[1]


def incident_ns(event: IncidentEvent) -> int:
    """The time of an incident event's point, in nanoseconds; ``at`` has microseconds, the rest is left for ``seq``."""
    return micros(event.at) * 1000 + event.seq % 1000


def case_ns(row: CaseRow) -> int:
    """The time of a case row's point, in nanoseconds; see the module."""
    digest = blake2b(f"{row.case_id}\0{row.id}".encode(), digest_size=8).digest()
    minute = micros(row.ts) * 1000 // MINUTE_NS * MINUTE_NS
    return minute + int.from_bytes(digest) % MINUTE_NS


def key(row: Row) -> tuple[str, ...]:
    """What a row is replaced by: the measurement, then its key.

    >>> from datetime import UTC, datetime
    >>> from contracts.records import Counts
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> key(BucketRow(brand="Delta", series="brand=Delta", bucket=at, bucket_seconds=60, counts=Counts(1)))
    ('buckets', 'brand=Delta', '1767225600000000')
    """
    match row:
        case BucketRow():
            return (BUCKETS, row.series, str(micros(row.bucket)))
        case LateRow():
            return (LATE, row.series, row.position)
        case IncidentEvent():
            return (INCIDENTS, row.incident, str(row.seq))
        case CaseRow():
            return (CASES, row.brand, row.case_id, row.id)
