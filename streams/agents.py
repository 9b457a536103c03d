"""The counting stage as the worker's shell sees it: builds a partition's state when it is assigned."""

from __future__ import annotations

from collections.abc import Callable

from contracts.panes import Panes
from contracts.ports import Checkpoint, LogReader, Reader, SeenIds
from contracts.records import CaseWords
from contracts.topics import Topic
from streams.count import CountPartition
from streams.count_settings import CountSettings


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
    ) -> None:
        self._case_words = case_words
        self._partitions = partitions
        self._panes = panes
        self._settings = settings
        self._reader = reader
        self._seen = seen
        self._log = log

    async def open(self, partition: int, committed: Checkpoint | None) -> CountPartition:
        """State of ``partition``, from the offset and the closed pane last committed."""
        return CountPartition(
            partition,
            self._partitions,
            self._panes,
            self._settings,
            self._reader,
            self._seen,
            self._log,
            committed,
            self._case_words,
        )
