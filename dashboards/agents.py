"""The recording stage as the worker's shell sees it: rows and incidents into the series store, then commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from contracts.codec import decode_mixed
from contracts.errors import FenghuoError, Invalid, Recoverable
from contracts.ports import Checkpoint, In, SeriesStore, Work
from contracts.topics import Topic
from dashboards.recorder import Recorder

log = logging.getLogger(__name__)

COMMIT_EVERY = 1.0
STORE_UNFIT_WAIT = 30.0


class RecordPartition:
    """Rows of one partition on their way into the store; implements :class:`contracts.ports.Partition`.

    A store that is away or full stops nothing else: rows wait here up to a limit, then in Kafka, and nothing is
    committed before it is written.
    """

    def __init__(self, partition: int, store: SeriesStore, offset: int) -> None:
        self._partition = partition
        self._recorder = Recorder(store)
        self._next = self._committed = offset
        self._due = 0.0

    async def handle(self, messages: Sequence[In]) -> Work:
        """Gather rows; wait while the store takes none and too many are held."""
        for message in messages:
            self._recorder.add(decode_mixed(message.value))
            self._next = message.offset + 1
        while self._recorder.full:
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

    async def _flush(self) -> FenghuoError | None:
        refused = self._recorder.refused
        try:
            await asyncio.to_thread(self._recorder.flush)
        except (Recoverable, Invalid) as error:
            log.warning("record partition %d: %s; %d rows wait", self._partition, error, self._recorder.pending)
            return error
        if self._recorder.refused > refused:
            last = self._recorder.refusals[-1]
            log.warning("record partition %d: row %s set aside: %s", self._partition, last.row, last.reason)
        return None


class RecordStage:
    """Implements :class:`contracts.ports.Stage` for the series topic."""

    name = "record"
    topic = Topic.SERIES

    def __init__(self, store: SeriesStore) -> None:
        self._store = store

    async def open(self, partition: int, committed: Checkpoint | None) -> RecordPartition:
        """State of ``partition``: nothing but the offset; rows replace by key."""
        return RecordPartition(partition, self._store, 0 if committed is None else committed.offset)
