"""Dead letters into the series store, for a panel: where from and why, never what."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from contracts.codec import decode
from contracts.errors import FenghuoError, Invalid, InvalidRecord, Recoverable
from contracts.ports import Checkpoint, In, Work
from contracts.records import DeadLetter
from contracts.topics import Topic
from dashboards.vitals import Drawing

log = logging.getLogger(__name__)

COMMIT_EVERY = 1.0
MOST_LETTERS = 20_000
"""Letters held while the store takes none."""


class DeadPartition:
    """Dead letters of one partition on their way; implements :class:`contracts.ports.Partition`.

    A letter that cannot be read, or that the store will never take, is passed over: it stays in the topic, from which
    ``fenghuo dead`` shows it.
    """

    def __init__(self, partition: int, store: Drawing, offset: int) -> None:
        self._partition = partition
        self._store = store
        self._letters: list[DeadLetter] = []
        self._next = self._committed = offset
        self._due = 0.0

    async def handle(self, messages: Sequence[In]) -> Work:
        """Gather letters; wait while too many are held."""
        for message in messages:
            try:
                self._letters.append(decode(DeadLetter, message.value))
            except InvalidRecord:
                log.warning("dead partition %d: offset %d is no dead letter", self._partition, message.offset)
            self._next = message.offset + 1
        while len(self._letters) >= MOST_LETTERS:
            error = await self._flush()
            if error is not None:
                await asyncio.sleep(error.retry_after if isinstance(error, Recoverable) else 30.0)
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
        if not self._letters:
            return None
        try:
            await asyncio.to_thread(self._store.draw, (), tuple(self._letters))
        except InvalidRecord as error:
            log.warning("dead partition %d: some letters are not shown: %s", self._partition, error)
        except (Recoverable, Invalid) as error:
            log.warning("dead partition %d: %s; %d letters wait", self._partition, error, len(self._letters))
            return error
        self._letters = []
        return None


class DeadStage:
    """Implements :class:`contracts.ports.Stage` for the topic of dead letters."""

    name = "dead"
    topic = Topic.DEAD

    def __init__(self, store: Drawing) -> None:
        self._store = store

    async def open(self, partition: int, committed: Checkpoint | None) -> DeadPartition:
        """State of ``partition``: nothing but the offset; points replace by key."""
        return DeadPartition(partition, self._store, 0 if committed is None else committed.offset)
