"""Protocols for what crosses packages.

``fenghuo/wiring`` hands in the objects: no package imports another's implementation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contracts.records import BucketRow, CaseRow, Counts, Facts, Graded, IncidentEvent, LateRow, LedgerEntry, Reading
from contracts.topics import Topic


@dataclass(frozen=True, slots=True)
class Out:
    """One message to publish: which topic, which key, what bytes.

    ``partition`` is set when the partition matters and not the key alone (marks for every partition).
    """

    topic: Topic
    key: str
    value: bytes
    partition: int


@dataclass(frozen=True, slots=True)
class In:
    """One message read: its offset in its partition, and its bytes."""

    offset: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a stage commits: where to read from next time, and up to 4 000 bytes beside it."""

    offset: int
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What a stage made of some messages: publish ``outs`` (awaiting every acknowledgement), then commit."""

    outs: Sequence[Out] = field(default_factory=tuple)


class Partition(Protocol):
    """The state of one stage for one partition in one generation of the consumer group.

    Built anew on every assignment by a :class:`Stage`; thrown away on every revocation. The shell calls
    :meth:`handle` with messages in order without gaps, publishes what it returns, and only then calls
    :meth:`checkpoint`. It never calls two methods at once.
    """

    async def handle(self, messages: Sequence[In]) -> Work:
        """Take some messages; what it returns is published before anything else happens."""

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        """What may be committed, given that everything returned so far is published.

        ``now`` is monotonic seconds; ``None`` means nothing new is worth a commit yet; ``final`` asks for
        the best possible one because the partition is about to be handed over.
        """


class Stage(Protocol):
    """One stage of the pipeline, as the worker's shell sees it."""

    name: str
    topic: Topic

    async def open(self, partition: int, committed: Checkpoint | None) -> Partition:
        """The state for ``partition``, restored from what was last committed; reading goes on at its offset.

        Raises :class:`~contracts.errors.Lost` when it cannot be restored.
        """


class Reader(Protocol):
    """Understands a text."""

    version: str

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text; a pure function of its arguments and ``version``."""

    def read_many(self, texts: Sequence[str], langs: Sequence[str | None] | None = None) -> list[Reading]:
        """The readings of many masked texts: each the same as alone, all together in a fraction of the time."""


class Grader(Protocol):
    """Says how grave a complaint is; pure, picklable, and equal to another that would always say the same."""

    def grade(self, facts: Facts) -> Graded:
        """The grade of one complaint, with its memberships."""


class SeenIds(Protocol):
    """Which mention ids were counted, and at which position of the log."""

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """For each (id, position, event time in whole seconds): does it count?

        It counts if it is new, if the same position registered it before, or if its first delivery is
        further away in event time than the horizon. ``after`` is the offset of the batch's first message and
        ``upto`` the next one to come; ``None`` means that ids before ``after`` were lost and must be
        registered again first (see :meth:`restore`).
        """

    async def restore(
        self, partition: int, upto: int, read: Callable[[], AsyncIterator[Sequence[tuple[bytes, str, int]]]]
    ) -> None:
        """Register ids read again from the log, then declare everything before ``upto`` known.

        ``read`` gives them message by message, and from the start again when the store was lost in between.
        """


class LogReader(Protocol):
    """Reads a stretch of one partition again, outside the consumer group."""

    def read(self, topic: Topic, partition: int, start: int, stop: int) -> AsyncIterator[In]:
        """Messages with start <= offset < stop, in order; those the log no longer holds are left out."""


class SnapshotStore(Protocol):
    """Keeps snapshots of detect and decide where every worker can read them."""

    def save(self, name: str, payload: bytes) -> str:
        """Keep ``payload`` durably under ``name`` and return the reference to commit; raises OutOfSpace."""

    def load(self, name: str, reference: str) -> bytes:
        """The payload; raises :class:`~contracts.errors.InvalidSnapshot` if it is missing or not genuine."""


class Bus(Protocol):
    """Sends messages, returning only when the log has them."""

    async def send(self, outs: Sequence[Out]) -> None:
        """Publish all with ``acks=all``; raises :class:`~contracts.errors.Unavailable`."""


class SeriesStore(Protocol):
    """Time series and incidents for dashboards, reports and the console. Every write is idempotent by key."""

    def setup(self) -> None:
        """Prove that it can be written, and make what is missing; raises Unavailable or Invalid."""

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        """Write all or raise; Unavailable and OutOfSpace mean "again later"."""

    def counts(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """Counts by bucket in [start, end), late ones added."""

    def late(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """The late part of :meth:`counts` alone."""

    def buckets(self, series: str, start: datetime, end: datetime) -> list[BucketRow]:
        """Whole rows in [start, end) with expected band and score, late ones not added, by time."""

    def series(self, brand: str | None = None) -> list[str]:
        """All series keys, sorted; of one brand if given."""

    def incidents(self, start: datetime, end: datetime) -> list[IncidentEvent]:
        """Incident events in [start, end), in the order of ``incidents.ndjson``."""

    def close(self) -> None:
        """Flush and let go."""


class LedgerSink(Protocol):
    """Keeps entries of the ledger; what was written twice stands once, by book and number."""

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Durable when it returns; raises Unavailable, OutOfSpace or Invalid."""


class BrandFinder(Protocol):
    """Says which brands a text is about."""

    def brands(self, text: str, given: str | None) -> tuple[str, ...]:
        """Brands of one text, most prominent first; empty if it is about none that is watched."""
