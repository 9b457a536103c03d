"""The recording stage as the worker's shell sees it: rows and incidents into the series store, then commit."""

from __future__ import annotations

import logging

from contracts.codec import decode_mixed
from contracts.ports import Checkpoint, In, LedgerSink, SeriesStore
from contracts.records import LedgerEntry
from contracts.topics import Topic
from dashboards.gathering import GatheringPartition
from dashboards.recorder import Recorder

log = logging.getLogger(__name__)

MOST_ENTRIES = 10_000
"""Entries of the ledger held while it cannot be written."""


class RecordPartition(GatheringPartition):
    """Rows of one partition, and the ledger's entries among them, on their way into their stores."""

    def __init__(self, partition: int, store: SeriesStore, offset: int, ledger: LedgerSink | None = None) -> None:
        super().__init__("record", partition, offset)
        self._recorder = Recorder(store)
        self._ledger = ledger
        self._entries: list[LedgerEntry] = []

    def take(self, message: In) -> None:
        """Gather rows and entries; without a ledger its entries are passed over."""
        records = decode_mixed(message.value)
        self._recorder.add(one for one in records if not isinstance(one, LedgerEntry))
        if self._ledger is not None:
            self._entries.extend(one for one in records if isinstance(one, LedgerEntry))

    def write(self) -> None:
        """The ledger first: what people did is not held up by rows that wait for a store."""
        if self._ledger is not None and self._entries:
            self._ledger.write(self._entries)
            self._entries = []
        refused = self._recorder.refused
        self._recorder.flush()
        if self._recorder.refused > refused:
            last = self._recorder.refusals[-1]
            log.warning("%s: row %s set aside: %s", self.place, last.row, last.reason)

    @property
    def waiting(self) -> int:
        """How many rows and entries wait."""
        return self._recorder.pending + len(self._entries)

    @property
    def full(self) -> bool:
        """Whether to write before reading on."""
        return self._recorder.full or len(self._entries) >= MOST_ENTRIES


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
