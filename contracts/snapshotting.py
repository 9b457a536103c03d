"""A stage whose state lives in snapshots: the part that detect and decide share.

Every few minutes, and when a partition is handed over, the state is saved and the offset it belongs to is
committed together with the snapshot's name. A successor loads that snapshot and reads on from that offset. If it
cannot be loaded (another version, lost, forged), the state is built again from the log, publishing nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable
from zlib import crc32

import orjson
from pydantic import JsonValue

from contracts import envelope
from contracts.errors import InvalidSnapshot, Lost
from contracts.ports import Checkpoint, In, LogReader, Out, SnapshotStore, Work
from contracts.records.incident import rfc3339
from contracts.topics import Topic

log = logging.getLogger(__name__)

GRACE = 10.0
"""Seconds that a snapshot which is due waits for a good moment."""


class Core(Protocol):
    """Pure state behind a snapshotting stage; it must be picklable."""

    def take(self, value: bytes) -> list[Out]:
        """One message; what is to be published."""

    def reached(self) -> datetime | None:
        """Event time up to which it has come."""

    def adopt(self, fresh: Any) -> bool:
        """Take over the settings of a core just made; ``False`` when they need a state built anew from the log."""


@runtime_checkable
class Keeping(Protocol):
    """A core that numbers what it sends: a state built anew from the log, perhaps under other settings, goes on from
    the numbers that were committed, so that what was sent before stays as it is."""

    def kept(self) -> dict[str, JsonValue]:
        """What is committed beside the offset; a few hundred bytes."""

    def resume(self, kept: dict[str, JsonValue]) -> None:
        """Go on from what :meth:`kept` gave at the commit."""


C = TypeVar("C", bound=Core)


class Snapshotting(Generic[C]):
    """State of one partition; implements :class:`contracts.ports.Partition`.

    Parameters
    ----------
    every
        Seconds of the shell's monotonic clock between two snapshots.
    """

    def __init__(
        self, stage: str, partition: int, core: C, next_offset: int, store: SnapshotStore, every: float
    ) -> None:
        self.core = core
        self._name = f"{stage}-{partition}"
        self._stage = stage
        self._next = self._saved_at = next_offset
        self._store = store
        self._every = every
        self._due: float | None = None
        self._seen: datetime | None = None
        """How far event time had come when a checkpoint was last asked for."""
        self._midway = False
        """A thread works on the core; for good, if whoever waited for it was cancelled."""

    async def handle(self, messages: Sequence[In]) -> Work:
        """Hand each message to the core, in a thread: a long one must not keep heartbeats and other stages waiting."""
        outs: list[Out] = []
        for message in messages:
            if message.offset < self._next:
                continue
            self._midway = True
            outs.extend(await asyncio.to_thread(self.core.take, message.value))
            self._midway = False
            self._next = message.offset + 1
        return Work(outs)

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        """Save a snapshot when one is due, and commit what it stands for.

        It is best taken when event time has just moved on, as what comes next has to be waited for; :data:`GRACE` later
        it is taken all the same.
        """
        if self._due is None:
            self._due = now + self._every * _staggered(self._name)
        reached = self.core.reached()
        late = now - self._due - (0.0 if reached != self._seen else GRACE)
        self._seen = reached
        if self._midway or self._next == self._saved_at or not (final or late >= 0):
            return None
        reference = await asyncio.to_thread(self._save)
        self._due = now + self._every
        self._saved_at = self._next
        beside = {"snapshot": reference, "mark": None if reached is None else rfc3339(reached)}
        if isinstance(self.core, Keeping):
            beside["kept"] = self.core.kept()
        return Checkpoint(self._next, orjson.dumps(beside).decode())

    def _save(self) -> str:
        return self._store.save(self._name, envelope.dump(self._stage, self.core))


def _staggered(name: str) -> float:
    """The part of the interval after which the first snapshot is due: those of a worker must not fall together.

    >>> [round(_staggered(f"detect-{partition}"), 2) for partition in range(3)]
    [0.67, 0.57, 0.87]
    """
    return 0.5 + 0.5 * crc32(name.encode()) / (1 << 32)


async def restored(
    stage: str,
    topic: Topic,
    partition: int,
    fresh: Callable[[], C],
    committed: Checkpoint | None,
    store: SnapshotStore,
    reader: LogReader,
    every: float,
) -> Snapshotting[C]:
    """The state that belongs to ``committed``; raises :class:`~contracts.errors.Lost` if nothing can give it."""
    if committed is None:
        return Snapshotting(stage, partition, fresh(), 0, store, every)
    core = _loaded(stage, partition, fresh, committed, store)
    if core is None:
        core = fresh()
        expected = 0
        async for message in reader.read(topic, partition, 0, committed.offset):
            if message.offset != expected:
                raise Lost(
                    f"{stage} partition {partition}: no usable snapshot, and the log no longer holds offset {expected}"
                )
            core.take(message.value)
            expected = message.offset + 1
        if expected != committed.offset:
            raise Lost(f"{stage} partition {partition}: the log ends before the committed offset")
        if isinstance(core, Keeping):
            core.resume(_kept(committed))
    return Snapshotting(stage, partition, core, committed.offset, store, every)


def _kept(committed: Checkpoint) -> dict[str, JsonValue]:
    try:
        kept = orjson.loads(committed.metadata or "{}").get("kept")
    except (orjson.JSONDecodeError, AttributeError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _loaded(
    stage: str, partition: int, fresh: Callable[[], C], committed: Checkpoint, store: SnapshotStore
) -> C | None:
    try:
        reference = orjson.loads(committed.metadata or "{}").get("snapshot")
        if reference is None:
            raise InvalidSnapshot("the commit names none")
        core = envelope.load(stage, store.load(f"{stage}-{partition}", reference))
        now = fresh()
        if not isinstance(core, type(now)):
            raise InvalidSnapshot("holds another kind of state")
        if not core.adopt(now):
            raise InvalidSnapshot("was made under other settings")
    except (InvalidSnapshot, orjson.JSONDecodeError) as error:
        log.warning("%s partition %d: snapshot not used (%s); building the state from the log", stage, partition, error)
        return None
    return core
