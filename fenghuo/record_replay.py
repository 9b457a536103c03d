"""What a replay found, into the series store: for dashboards over a file, with no Kafka."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.clock import Clock
from contracts.ports import SeriesStore
from contracts.records import BucketRow, CaseRow, DeadLetter, IncidentEvent, LateRow, Record
from dashboards.recorder import Recorder
from dashboards.settings import StoreSettings
from dashboards.store.influx import InfluxStore
from dashboards.upkeep import Told, Upkeep
from fenghuo.replay import Replayed

AT_ONCE = 2_000
MEMBER = "replay"


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many rows the store has now, and how many it refused."""

    written: int
    refused: int


def record(
    found: Replayed,
    letters: Sequence[DeadLetter],
    store: SeriesStore,
    settings: StoreSettings,
    clock: Clock,
    told: Callable[[int], None] = lambda done: None,
) -> Recorded:
    """Write rows, incident events and dead letters of a replay, in the order of event time; closes ``store``.

    In InfluxDB also hours and vitals, these at the event time that was reached. Writing it twice changes nothing but
    the vitals. Raises what the store raises; then some may be written.
    """
    rows = sorted([*found.rows, *found.events], key=happened)
    upkeep = None
    if isinstance(store, InfluxStore):
        store = upkeep = Upkeep(store, settings, clock, MEMBER, told=_told(rows))
    try:
        store.setup()
        if upkeep is not None and letters and rows:
            upkeep.draw(dead=tuple(at_event_time(letters, happened(rows[0]))))
        recorder = Recorder(store, batch=AT_ONCE)
        for start in range(0, len(rows), AT_ONCE):
            chunk = rows[start : start + AT_ONCE]
            if upkeep is not None and upkeep.told is not None:
                upkeep.told.reached, upkeep.told.waiting = happened(chunk[-1]), len(rows) - start - len(chunk)
            recorder.add(chunk)
            recorder.flush()
            told(start + len(chunk))
    finally:
        store.close()
    return Recorded(recorder.written, recorder.refused)


def happened(row: Record) -> datetime:
    """When the store's row belongs in event time: the end of a bucket, or its instant."""
    match row:
        case BucketRow() | LateRow():
            return row.bucket + timedelta(seconds=row.bucket_seconds)
        case IncidentEvent():
            return row.at
        case CaseRow():
            return row.ts
    raise TypeError(f"{type(row).__name__} is no row of the series store")


def at_event_time(letters: Sequence[DeadLetter], at: datetime) -> list[DeadLetter]:
    """Dead letters of a file at the file's own time: a refused row has no time that could be trusted."""
    return [letter.model_copy(update={"at": at}) for letter in letters]


def _told(rows: Sequence[Record]) -> Told | None:
    return Told(reached=happened(rows[0]), end=happened(rows[-1]), waiting=len(rows)) if rows else None
