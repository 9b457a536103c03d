"""Mentions into arrays for the log: by partition, at most 500 and about 900 kB each, marks for every partition.

A mention's partition follows from its id, so that a repeat meets its first delivery. Pure; the order of
records within a partition is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson

from contracts.codec import encode
from contracts.ports import Out
from contracts.records import Batch, CaseEvent, Mention
from contracts.records.mention import MAX_BATCH
from contracts.series import partition_of
from contracts.topics import Topic
from streams.settings import HEARTBEAT, SourceSettings

MAX_BYTES = 900_000
"""Kafka takes a megabyte a message by default."""
_FIXED = 600
"""More bytes than keys, times and numbers of one record can have."""

Placed = tuple[int, Batch]
"""A batch and the partition that it goes to."""


def gather(source: SourceSettings, records: Iterable[Mention | CaseEvent], partitions: int) -> list[Placed]:
    """Batches with all of ``records``, by partition.

    >>> gather(SourceSettings(name="weibo"), [], partitions=6)
    []
    """
    by_partition: dict[int, list[Mention | CaseEvent]] = {}
    for record in records:
        by_partition.setdefault(partition_of(record.id, partitions), []).append(record)
    return [
        (partition, _batch(source, part))
        for partition in sorted(by_partition)
        for part in _parts(by_partition[partition])
    ]


def progress(source: SourceSettings, at: datetime, partitions: int) -> list[Placed]:
    """Marks for every partition: the source lives, and its event time has come to ``at``."""
    mark = Batch(source=source.name, lateness=source.lateness, progress=at)
    return [(partition, mark) for partition in range(partitions)]


def heartbeat(at: datetime, lateness: float, partitions: int) -> list[Placed]:
    """Intake's own marks, which move time on when every source has died."""
    mark = Batch(source=HEARTBEAT, lateness=lateness, progress=at)
    return [(partition, mark) for partition in range(partitions)]


def end(source: SourceSettings, at: datetime, partitions: int) -> list[Placed]:
    """Marks for every partition: the source has ended, and its event time had come to ``at``."""
    mark = Batch(source=source.name, lateness=source.lateness, progress=at, end=True)
    return [(partition, mark) for partition in range(partitions)]


def outs(placed: Sequence[Placed]) -> list[Out]:
    """The messages that carry these batches."""
    return [Out(Topic.MENTIONS, batch.source, encode(batch), partition) for partition, batch in placed]


def _batch(source: SourceSettings, part: Sequence[Mention | CaseEvent]) -> Batch:
    return Batch(
        source=source.name,
        lateness=source.lateness,
        mentions=tuple([one for one in part if isinstance(one, Mention)]),
        cases=tuple([one for one in part if isinstance(one, CaseEvent)]),
    )


def _parts(records: Sequence[Mention | CaseEvent]) -> Iterable[list[Mention | CaseEvent]]:
    part: list[Mention | CaseEvent] = []
    size = 0
    for record in records:
        weight = _size(record)
        if part and (len(part) == MAX_BATCH or size + weight > MAX_BYTES):
            yield part
            part, size = [], 0
        part.append(record)
        size += weight
    if part:
        yield part


def _size(record: Mention | CaseEvent) -> int:
    """An upper bound of the bytes of one record: its free texts as JSON, plus room for the rest."""
    if isinstance(record, CaseEvent):
        return _FIXED + len(orjson.dumps((record.id, record.brand, record.channel, record.department)))
    words = (record.product, record.region, record.channel, record.brand, record.author_class, record.extra)
    return _FIXED + len(orjson.dumps((record.id, record.text, words)))
