"""Dead letters into the series store, for a panel: where from and why, never what."""

from __future__ import annotations

import logging

from contracts.codec import decode
from contracts.errors import InvalidRecord
from contracts.ports import Checkpoint, In
from contracts.records import DeadLetter
from contracts.topics import Topic
from dashboards.gathering import GatheringPartition
from dashboards.vitals import Drawing

log = logging.getLogger(__name__)

MOST_LETTERS = 20_000
"""Letters held while the store takes none."""


class DeadPartition(GatheringPartition):
    """Dead letters of one partition on their way.

    A letter that cannot be read, or that the store will never take, is passed over: it stays in the topic, from which
    ``fenghuo dead`` shows it.
    """

    def __init__(self, partition: int, store: Drawing, offset: int) -> None:
        super().__init__("dead", partition, offset)
        self._store = store
        self._letters: list[DeadLetter] = []

    def take(self, message: In) -> None:
        """Keep the letter."""
        try:
            self._letters.append(decode(DeadLetter, message.value))
        except InvalidRecord:
            log.warning("%s: offset %d is no dead letter", self.place, message.offset)

    def write(self) -> None:
        """Draw them."""
        try:
            self._store.draw((), tuple(self._letters))
        except InvalidRecord as error:
            log.warning("%s: some letters are not shown: %s", self.place, error)
        self._letters = []

    @property
    def waiting(self) -> int:
        """How many letters wait."""
        return len(self._letters)

    @property
    def full(self) -> bool:
        """Whether to write before reading on."""
        return len(self._letters) >= MOST_LETTERS


class DeadStage:
    """Implements :class:`contracts.ports.Stage` for the topic of dead letters."""

    name = "dead"
    topic = Topic.DEAD

    def __init__(self, store: Drawing) -> None:
        self._store = store

    async def open(self, partition: int, committed: Checkpoint | None) -> DeadPartition:
        """State of ``partition``: nothing but the offset; points replace by key."""
        return DeadPartition(partition, self._store, 0 if committed is None else committed.offset)
