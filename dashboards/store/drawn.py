"""What InfluxDB has beside the rows, for panels: numbers that follow from one row, in the order of ``schema.DRAWN``.

InfluxQL can add and count numbers, but it cannot count texts of a field by value, nor give a zero where nothing
matches. So a state is three numbers of which one is 1, and what is open in a tier is a number that can be summed.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from contracts.panes import micros
from contracts.records import (
    BucketRow,
    CaseEventKind,
    CaseRow,
    DeadLetter,
    IncidentEvent,
    IncidentEventKind,
    State,
    Tier,
)
from dashboards.schema import MINUTE_NS, Value, incident_ns
from dashboards.vitals import Vital

PLACE_NS = 1_000_000
"""Nanoseconds between two words or parts of one incident event: far more than ``seq`` takes."""

_ANSWERED = {CaseEventKind.OPENED: 1, CaseEventKind.REPLIED: -1}
_ALARMS = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)


def bucket_drawn(row: BucketRow) -> tuple[Value, ...]:
    """The state as three numbers."""
    return tuple(int(row.state is state) for state in (State.WARMING, State.READY, State.STALE))


def incident_drawn(event: IncidentEvent) -> tuple[Value, ...]:
    """In which tier it is open, and whether it is an alarm.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> event = IncidentEvent(incident="0123abcd", seq=0, event="opened", at=at, tier="orange", kind="volume.spike",
    ...     scope={"brand": "A"}, reason="threshold", observed=9, expected=1, score=2)
    >>> incident_drawn(event), incident_drawn(event.model_copy(update={"event": IncidentEventKind.RESOLVED}))
    ((0, 0, 1, 0, 1), (0, 0, 0, 0, 0))
    """
    alive = event.event is not IncidentEventKind.RESOLVED
    alarm = event.notify and event.event in _ALARMS
    return (*(int(alive and event.tier is tier) for tier in Tier), int(alarm))


def case_drawn(row: CaseRow) -> tuple[Value, ...]:
    """Since when, for how long, whether first, and what it adds to the open ones."""
    known = row.opened is not None and row.opened <= row.ts
    opened = micros(row.opened) if known and row.opened is not None else None
    elapsed = None if opened is None else (micros(row.ts) - opened) / 1_000_000
    unanswered = _ANSWERED.get(row.event, 0) if row.first and opened is not None else 0
    ends = (int(row.event is CaseEventKind.RESOLVED), int(row.event is CaseEventKind.REOPENED))
    return (opened, elapsed, int(row.first), row.change, unanswered, *ends)


def words(event: IncidentEvent) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """The new phrases of an incident event: time and fields of each."""
    for place, word in enumerate(event.detail.phrases):
        yield incident_ns(event) + place * PLACE_NS, (word, event.tier.value, event.kind.value, place)


def parts(event: IncidentEvent) -> Iterator[tuple[str, int, tuple[Value, ...]]]:
    """What the excess of an incident event is made of: dimension, time and fields of each part."""
    for place, part in enumerate(event.detail.contributions):
        values = (part.value, float(part.excess), event.tier.value, event.kind.value)
        yield part.dimension, incident_ns(event) + place * PLACE_NS, values


def vital_drawn(vital: Vital) -> tuple[Value, ...]:
    """The fields of a vital."""
    return (
        vital.rows,
        float(vital.rows_per_second),
        vital.waiting,
        vital.refused,
        vital.dead,
        vital.lag_seconds,
        vital.delay_seconds,
        vital.memory_bytes,
    )


def dead_drawn(letter: DeadLetter) -> tuple[Value, ...]:
    """The fields of a dead letter: never its preview."""
    return (1, letter.id, letter.place, letter.field, letter.reason)


def dead_ns(letter: DeadLetter) -> int:
    """The time of a dead letter's point: spread over its minute by its id, so that many of one instant stay apart."""
    minute = micros(letter.at) * 1000 // MINUTE_NS * MINUTE_NS
    return minute + int.from_bytes(blake2b(letter.id.encode(), digest_size=8).digest()) % MINUTE_NS
