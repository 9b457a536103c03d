"""What the stages that write into a store have in common: gather, write, and only then commit."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence

from contracts.errors import FenghuoError, Invalid, Recoverable
from contracts.ports import Checkpoint, In, Work

log = logging.getLogger(__name__)

COMMIT_EVERY = 1.0
STORE_UNFIT_WAIT = 30.0


class GatheringPartition(ABC):
    """Records of one partition on their way into a store; implements :class:`contracts.ports.Partition`.

    A store that is away or full stops nothing else: records wait here up to a limit, then in Kafka, and nothing is
    committed before it is written. What is written twice after a crash replaces itself by its key.
    """

    def __init__(self, stage: str, partition: int, offset: int) -> None:
        self.place = f"{stage} partition {partition}"
        self._next = self._committed = offset
        self._due = 0.0

    @abstractmethod
    def take(self, message: In) -> None:
        """Keep what ``message`` holds until it is written."""

    @abstractmethod
    def write(self) -> None:
        """Write all that waits, in a thread of its own. Raises Recoverable or Invalid when the store takes none now."""

    @property
    @abstractmethod
    def waiting(self) -> int:
        """How many records wait."""

    @property
    @abstractmethod
    def full(self) -> bool:
        """Whether to write before reading on."""

    async def handle(self, messages: Sequence[In]) -> Work:
        """Gather; wait while the store takes none and too many are held."""
        for message in messages:
            self.take(message)
            self._next = message.offset + 1
        while self.full:
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
        if not self.waiting:
            return None
        try:
            await asyncio.to_thread(self.write)
        except (Recoverable, Invalid) as error:
            log.warning("%s: %s; %d wait", self.place, error, self.waiting)
            return error
        return None
