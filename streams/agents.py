"""The counting and the learning stage as the worker's shell sees them."""

from __future__ import annotations

from collections.abc import Callable

from contracts.panes import Panes
from contracts.ports import Checkpoint, LogReader, Reader, SeenIds, SnapshotStore
from contracts.records import CaseWords
from contracts.snapshotting import Snapshotting, restored
from contracts.topics import Topic
from streams.count import CountPartition
from streams.count_settings import CountSettings
from streams.lessons import LearnCore
from streams.versions import Made


class CountStage:
    """Implements :class:`contracts.ports.Stage` for the mentions topic."""

    name = "count"
    topic = Topic.MENTIONS

    def __init__(
        self,
        partitions: int,
        panes: Panes,
        settings: CountSettings,
        reader: Reader,
        seen: SeenIds,
        log: LogReader,
        case_words: Callable[[str], CaseWords] | None = None,
        made: Made | None = None,
    ) -> None:
        self._case_words = case_words
        self._made = made
        self._partitions = partitions
        self._panes = panes
        self._settings = settings
        self._reader = reader
        self._seen = seen
        self._log = log

    async def open(self, partition: int, committed: Checkpoint | None) -> CountPartition:
        """State of ``partition``, from the offset and the closed pane last committed."""
        part = CountPartition(
            partition,
            self._partitions,
            self._panes,
            self._settings,
            self._reader,
            self._seen,
            self._log,
            committed,
            self._case_words,
            self._made,
        )
        await part.recall()
        return part


class LearnStage:
    """Implements :class:`contracts.ports.Stage` for the topic of lessons; ``fresh`` makes what learns."""

    name = "learn"
    topic = Topic.LESSONS

    def __init__(self, fresh: Callable[[], LearnCore], store: SnapshotStore, log: LogReader, every: float) -> None:
        self._fresh = fresh
        self._store = store
        self._log = log
        self._every = every

    async def open(self, partition: int, committed: Checkpoint | None) -> Snapshotting[LearnCore]:
        """State of ``partition``: its last snapshot, or all lessons learned again."""
        return await restored(
            self.name, self.topic, partition, self._fresh, committed, self._store, self._log, self._every
        )
