"""Gathers decoded rows and writes them to the series store; the shell around it commits after a flush.

It knows neither Kafka nor a clock. What a store cannot take now stays here; what it will never take is set aside
and said, so that one bad row holds up nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypedDict

from contracts.errors import InvalidRecord
from contracts.ports import SeriesStore
from contracts.records import BucketRow, CaseRow, IncidentEvent, LateRow, Record
from dashboards.casebook import Casebook
from dashboards.schema import Row, key
from dashboards.store.refuse import RefusedRows, named

KEPT_REFUSALS = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that the store refused for good."""

    row: str
    """Its measurement and key."""
    reason: str


class _Parts(TypedDict):
    buckets: list[BucketRow]
    late: list[LateRow]
    incidents: list[IncidentEvent]
    cases: list[CaseRow]


class Recorder:
    """Rows on their way into a store.

    Use it in one task: ``add`` what was read, stop reading while ``full``, ``flush``, and commit the offsets of all
    that was added before. A crash before the commit repeats rows, and the store replaces them by their keys. Of two
    rows with one key the later counts.

    Parameters
    ----------
    store
        Where to; set up already.
    batch
        Rows in one write.
    limit
        Rows kept until ``full``; some more come in with the last message.

    >>> from datetime import UTC, datetime
    >>> from contracts.records import Counts
    >>> from dashboards.store.memory import MemoryStore
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> good = BucketRow(brand="A", series="brand=A", bucket=at, bucket_seconds=60, counts=Counts(1))
    >>> recorder = Recorder(store := MemoryStore())
    >>> recorder.add([good, good.model_copy(update={"series": "brand=B"})])
    >>> recorder.flush()
    >>> recorder.written, recorder.refused, store.series()
    (1, 1, ['brand=A'])
    >>> recorder.refusals[0].row
    'buckets brand=B 1767225600000000'
    """

    def __init__(self, store: SeriesStore, *, batch: int = 5_000, limit: int = 50_000) -> None:
        self._store = store
        self._batch = batch
        self._limit = limit
        self._pending: dict[tuple[str, ...], Row] = {}
        self._casebook = Casebook(store)
        self.written = 0
        """Rows that the store has."""
        self.refused = 0
        """Rows set aside for good."""
        self.ignored = 0
        """Records that are no rows."""
        self.refusals: deque[Refusal] = deque(maxlen=KEPT_REFUSALS)
        """The last rows set aside, and why."""

    @property
    def pending(self) -> int:
        """How many rows wait."""
        return len(self._pending)

    @property
    def full(self) -> bool:
        """Whether to flush before reading on."""
        return len(self._pending) >= self._limit

    def add(self, records: Iterable[Record]) -> None:
        """Take rows to write; a record of another kind is counted and passed over."""
        for record in records:
            if isinstance(record, Row):
                self._pending[key(record)] = record
            else:
                self.ignored += 1

    def flush(self) -> None:
        """Write all that waits; when it returns, everything added is in the store or set aside.

        Raises Recoverable when the store cannot take it now, and Invalid when the store itself is unfit (a wrong
        token, a damaged file): what was not written stays, and the next flush goes on with it.
        """
        self._tell_cases()
        while self._pending:
            self._write(list(islice(self._pending.items(), self._batch)))

    def _tell_cases(self) -> None:
        """Put beside each case event what follows from those before it."""
        waiting = [(name, row) for name, row in self._pending.items() if isinstance(row, CaseRow)]
        for name, row in sorted(waiting, key=lambda one: (one[1].ts, one[1].id)):
            self._pending[name] = self._casebook.told(row)

    def _write(self, rows: Sequence[tuple[tuple[str, ...], Row]]) -> None:
        try:
            self._store.write(**_sorted([row for _, row in rows]))
        except InvalidRecord as error:
            if len(rows) == 1 or (isinstance(error, RefusedRows) and error.all):
                self._set_aside(rows, error)
                return
            half = len(rows) // 2
            self._write(rows[:half])
            self._write(rows[half:])
        else:
            self.written += len(rows)
            for name, _ in rows:
                del self._pending[name]

    def _set_aside(self, rows: Sequence[tuple[tuple[str, ...], Row]], error: InvalidRecord) -> None:
        for name, row in rows:
            del self._pending[name]
            self.refusals.append(Refusal(named(row), f"{error.field}: {error.reason}" if error.field else error.reason))
        self.refused += len(rows)


def _sorted(rows: Sequence[Row]) -> _Parts:
    parts = _Parts(buckets=[], late=[], incidents=[], cases=[])
    for row in rows:
        match row:
            case BucketRow():
                parts["buckets"].append(row)
            case LateRow():
                parts["late"].append(row)
            case IncidentEvent():
                parts["incidents"].append(row)
            case CaseRow():
                parts["cases"].append(row)
    return parts
