"""The detecting stage as the worker's shell sees it: counts in, signals, marks and bucket rows out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contracts.codec import decode_counts, encode_portions
from contracts.panes import Panes
from contracts.ports import Checkpoint, Grader, LogReader, Out, SnapshotStore
from contracts.records import BucketRow, CaseEvent, CaseGrade, CaseRow, LateRow, Mark, Record, Signal
from contracts.snapshotting import Snapshotting, restored
from contracts.topics import Topic
from detectors.merge import Merge
from detectors.settings import DetectSettings

DECIDED = (Signal, Mark, CaseEvent, CaseGrade)
STORED = (BucketRow, LateRow, CaseRow)


class DetectCore:
    """Pure state of one partition: messages in, messages out. Without ``keep_rows`` the series store gets nothing."""

    def __init__(
        self,
        partition: int,
        partitions: int,
        panes: Panes,
        settings: DetectSettings,
        grader: Grader | None = None,
        *,
        keep_rows: bool = True,
    ) -> None:
        self.merge = Merge(partitions, panes, settings, grader, keep_rows=keep_rows)
        self._made_under = (partitions, panes, settings, grader)
        self._partition = partition
        self._panes = panes

    def take(self, value: bytes) -> list[Out]:
        """One message of the counts topic."""
        found = self.merge.feed(decode_counts(value))
        outs = self._messages(Topic.DECIDE_IN, [one for one in found if isinstance(one, DECIDED)])
        return outs + self._messages(Topic.SERIES, [one for one in found if isinstance(one, STORED)])

    def reached(self) -> datetime | None:
        """Everything before this has been judged."""
        return self._panes.start_of(self.merge.upto) if self.merge.upto else None

    def adopt(self, fresh: DetectCore) -> bool:
        """Detectors carry their settings; others need a state built from the log."""
        return self._made_under == fresh._made_under

    def _messages(self, topic: Topic, records: Sequence[Record]) -> list[Out]:
        return [Out(topic, "detect", payload, self._partition) for payload in encode_portions(records)]


class DetectStage:
    """Implements :class:`contracts.ports.Stage` for the counts topic."""

    name = "detect"
    topic = Topic.COUNTS

    def __init__(
        self,
        partitions: int,
        panes: Panes,
        settings: DetectSettings,
        store: SnapshotStore,
        log: LogReader,
        every: float,
        grader: Grader | None = None,
    ) -> None:
        self._grader = grader
        self._partitions = partitions
        self._panes = panes
        self._settings = settings
        self._store = store
        self._log = log
        self._every = every

    async def open(self, partition: int, committed: Checkpoint | None) -> Snapshotting[DetectCore]:
        """State of ``partition``: its last snapshot, or the log read again."""

        def fresh() -> DetectCore:
            return DetectCore(partition, self._partitions, self._panes, self._settings, self._grader)

        return await restored(self.name, self.topic, partition, fresh, committed, self._store, self._log, self._every)
