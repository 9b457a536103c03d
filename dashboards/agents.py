"""The recording stage as the worker's shell sees it: rows and incidents into the series store, then commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from contracts.codec import decode_mixed
from contracts.errors import FenghuoError, Invalid, Recoverable
from contracts.ports import Checkpoint, In, LedgerSink, SeriesStore, Work
from contracts.records import LedgerEntry, Record
from contracts.topics import Topic
from dashboards.recorder import Recorder

log = logging.getLogger(__name__)

COMMIT_EVERY = 1.0
STORE_UNFIT_WAIT = 30.0
MOST_ENTRIES = 10_000
"""Entries of the ledger held while it cannot be written."""


class RecordPartition:
    """Rows of one partition on their way into the store; implements :class:`contracts.ports.Partition`.

    A store that is away or full stops nothing else: rows wait here up to a limit, then in Kafka, and nothing is
    committed before it is written.
    """

    def __init__(self, partition: int, store: SeriesStore, offset: int, ledger: LedgerSink | None = None) -> None:
        self._partition = partition
        self._recorder = Recorder(store)
        self._ledger = ledger
        self._entries: list[LedgerEntry] = []
        self._next = self._committed = offset
        self._due = 0.0

    async def handle(self, messages: Sequence[In]) -> Work:
        """Gather rows; wait while the store takes none and too many are held."""
        for message in messages:
            self._take(decode_mixed(message.value))
            self._next = message.offset + 1
        while self._recorder.full or len(self._entries) >= MOST_ENTRIES:
            error = await self._flush()
            if error is not None:
                await asyncio.sleep(error.retry_after if isinstance(error, Recoverable) else STORE_UNFIT_WAIT)
        return Work()

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        """Write what waits; commit only when all of it is in the store."""
        if self._next == self._committed or (now < self._due and not final):
            return None
        self._due = now + COMMIT_EVERY
        if await self._flush() is not None:
            return None
        self._committed = self._next
        return Checkpoint(self._next)

    def _take(self, records: Sequence[Record]) -> None:
        self._recorder.add(one for one in records if not isinstance(one, LedgerEntry))
        if self._ledger is not None:
            self._entries.extend(one for one in records if isinstance(one, LedgerEntry))

    async def _flush(self) -> FenghuoError | None:
        refused = self._recorder.refused
        try:
            await asyncio.to_thread(self._write)
        except (Recoverable, Invalid) as error:
            waiting = self._recorder.pending + len(self._entries)
            log.warning("record partition %d: %s; %d rows wait", self._partition, error, waiting)
            return error
        if self._recorder.refused > refused:
            last = self._recorder.refusals[-1]
            log.warning("record partition %d: row %s set aside: %s", self._partition, last.row, last.reason)
        return None

    def _write(self) -> None:
        """The ledger first: what people did is not held up by rows that wait for a store."""
        if self._ledger is not None and self._entries:
            self._ledger.write(self._entries)
            self._entries = []
        self._recorder.flush()


class RecordStage:
    """Implements :class:`contracts.ports.Stage` for the series topic; without a ledger its entries are passed over."""

    name = "record"
    topic = Topic.SERIES

    def __init__(self, store: SeriesStore, ledger: LedgerSink | None = None) -> None:
        self._store = store
        self._ledger = ledger

    async def open(self, partition: int, committed: Checkpoint | None) -> RecordPartition:
        """State of ``partition``: nothing but the offset; rows replace by key."""
        offset = 0 if committed is None else committed.offset
        return RecordPartition(partition, self._store, offset, self._ledger)
