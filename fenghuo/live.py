"""Deciding as it stands right now, for commands: the workers' last snapshots and the log behind them.

Nothing is asked of a worker and nothing is kept beside the log: the same records give the same incidents, so whoever
reads them knows what the worker knows. Commands go back into the same log, and their answer is read from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from alerts.agents import DecideMessages, DecideStage
from alerts.brands import Version
from alerts.cases.fellow import CaseFellow
from alerts.cases.machine import Case
from alerts.cases.settings import CaseSettings
from alerts.decide import KnownSilence, OpenIncident
from alerts.duty.swaps import KnownSwap, SwapFollower
from alerts.followers import Follower
from alerts.ledger.scribe import Scribe
from alerts.plans.amended import Amended, above
from alerts.plans.fellow import PlanFellow
from alerts.plans.settings import PlanBook
from alerts.settings import DecidePolicy
from alerts.why import Answer
from contracts.codec import decode_mixed, encode_mixed
from contracts.errors import InvalidRecord, Unavailable
from contracts.layers import Layer
from contracts.ports import Bus, Checkpoint, LogReader, Out, SnapshotStore
from contracts.records import Command, IncidentEvent
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.following import followers, ledger_key
from fenghuo.settings import Config, Runtime, load_config

ALL = 2**62
ANSWER_SECONDS = 20.0
"""How long the answer of a worker to a command is waited for."""
_LOOK = 0.5


class Log(LogReader, Protocol):
    """Reads a stretch of the log, up to its present end for a huge ``stop``."""


@dataclass(frozen=True, slots=True)
class Deps:
    """What looking needs: the log, the snapshots, what workers committed, and the settings."""

    log: Log
    store: SnapshotStore
    committed: Mapping[int, Checkpoint]
    config: Config
    partitions: int
    followers: Callable[[int], Sequence[Follower]] = lambda partition: ()
    """The same as the workers have, or their snapshots cannot be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """One open incident and the partition it lives in."""

    partition: int
    incident: OpenIncident


class Live:
    """The deciding state of every partition, up to the end of the log at the time of :meth:`look`."""

    def __init__(self, states: Sequence[DecideMessages], read: Sequence[int]) -> None:
        self._states = list(states)
        self._read = list(read)
        """Next offset of each partition."""
        self._cores = [one.core for one in states]

    @classmethod
    async def look(cls, deps: Deps) -> Live:
        """Load, and read what came since; raises Lost, Unavailable."""
        stage = DecideStage(deps.config.policy, deps.store, deps.log, 3600, deps.followers)
        states: list[DecideMessages] = []
        for partition in range(deps.partitions):
            states.append((await stage.open(partition, deps.committed.get(partition))).core)
        starts = (deps.committed.get(partition) for partition in range(deps.partitions))
        live = cls(states, [0 if one is None else one.offset for one in starts])
        await live.catch_up(deps.log)
        return live

    async def catch_up(self, log: Log) -> None:
        """Read what came since; raises Unavailable."""
        for partition, state in enumerate(self._states):
            async for message in log.read(Topic.DECIDE_IN, partition, self._read[partition], ALL):
                state.take(message.value)
                self._read[partition] = message.offset + 1

    def incidents(self) -> list[Found]:
        """All open incidents."""
        return [Found(number, one) for number, core in enumerate(self._cores) for one in core.open_incidents()]

    def silences(self) -> list[tuple[int, KnownSilence]]:
        """All silences in force, each with its partition."""
        return [(number, one) for number, core in enumerate(self._cores) for one in core.silences()]

    def answers(self, brand: str) -> list[Answer]:
        """What became of the last signals of a brand."""
        return [one for core in self._cores for one in core.why.of(brand)]

    def about(self, incident: str) -> list[Answer]:
        """What became of the signals of an incident whose id begins so."""
        return [one for core in self._cores for one in core.why.about(incident)]

    def now_of(self, brand: str) -> datetime | None:
        """Event time of a brand, if anything came of it yet."""
        return max((now for core in self._cores if (now := core.now_of(brand)) is not None), default=None)

    def reached(self) -> datetime | None:
        """Event time of the brand that is furthest on, if anything came yet."""
        times = (core.now_of(brand) for core in self._cores for brand in core.brands())
        return max((one for one in times if one is not None), default=None)

    def moved(self) -> dict[str, Layer]:
        """Limits of the detectors that were moved by command and can be taken back, by id: the first said first."""
        known = {name: layer for core in self._cores for name, layer in core.moved.in_force()}
        return dict(sorted(known.items(), key=lambda one: (one[1].issued_at, one[0])))

    def partition_of(self, brand: str, otherwise: int) -> int:
        """The partition in which a brand lives."""
        return next((n for n, core in enumerate(self._cores) if core.now_of(brand) is not None), otherwise)

    def brands(self) -> list[str]:
        """Brands of which something is known."""
        return sorted({name for core in self._cores for name in core.why.brands()})

    def rules_of(self, brand: str) -> DecidePolicy:
        """The rules that hold for a brand, or (``*``) for new ones."""
        return next((one for one in self._cores if one.now_of(brand) is not None), self._cores[0]).rules_of(brand)

    def versions(self) -> list[Version]:
        """New versions of the rules that were commanded, oldest first; each once."""
        known = {one.id: one for core in self._cores for one in core.versions}
        return sorted(known.values(), key=lambda one: (one.issued_at, one.id))

    def cases(self) -> list[tuple[Case, CaseSettings]]:
        """All cases that are not resolved, with the clocks that hold for them."""
        fellows = (one for scribe in self._scribes() for one in scribe.fellows if isinstance(one, CaseFellow))
        return [(case, fellow.settings) for fellow in fellows for case in fellow.open_cases()]

    def _scribes(self) -> Iterator[Scribe]:
        return (one for state in self._states for one in state.followers if isinstance(one, Scribe))

    def plans(self, book: PlanBook) -> PlanBook:
        """The plans of ``book`` as commands have changed them."""
        return above(book, self.amended())

    def amended(self) -> dict[str, Amended]:
        """Plans that were changed by command, by name."""
        fellows = (fellow for scribe in self._scribes() for fellow in scribe.fellows)
        return next((one.amended for one in fellows if isinstance(one, PlanFellow)), {})

    def swaps(self) -> dict[str, KnownSwap]:
        """Swaps on duty that were commanded and are not over, oldest first."""
        keepers = (one for state in self._states for one in state.followers if isinstance(one, SwapFollower))
        return {name: swap for one in keepers for name, swap in one.swaps.known.items()}


async def command(
    bus: Bus, log: Log, sent: Command, partition: int, wanted: Callable[[IncidentEvent], bool], seconds: float
) -> IncidentEvent | None:
    """Put a command into the log of ``partition`` and wait for the event that answers it; none: not in time."""
    start = 0
    async for message in log.read(Topic.INCIDENTS, partition, 0, ALL):
        start = message.offset + 1
    await bus.send([Out(Topic.DECIDE_IN, sent.brand, encode_mixed([sent]), partition)])
    for _ in range(max(1, int(seconds / _LOOK))):
        async for message in log.read(Topic.INCIDENTS, partition, start, ALL):
            start = message.offset + 1
            for event in _events(message.value):
                if wanted(event):
                    return event
        await asyncio.sleep(_LOOK)
    return None


def _events(payload: bytes) -> list[IncidentEvent]:
    try:
        return [one for one in decode_mixed(payload) if isinstance(one, IncidentEvent)]
    except InvalidRecord:
        return []


async def committed(runtime: Runtime) -> dict[int, Checkpoint]:
    """What the workers committed for deciding, by partition; raises Unavailable."""
    admin = AIOKafkaAdminClient(bootstrap_servers=runtime.kafka)
    try:
        await admin.start()
        found = await admin.list_consumer_group_offsets(f"{runtime.prefix}workers")
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka at {runtime.kafka} does not answer; is it running?") from error
    finally:
        await admin.close()
    name = runtime.prefix + Topic.DECIDE_IN
    return {
        place.partition: Checkpoint(made.offset, made.metadata or "")
        for place, made in found.items()
        if place.topic == name and made.offset >= 0
    }


async def deps_of(runtime: Runtime, config: Config) -> Deps:
    """What looking needs, over Kafka, as workers have committed by now; raises Unavailable."""
    return Deps(
        log=KafkaLog(runtime.kafka, runtime.prefix),
        store=FileSnapshots(runtime.snapshot_folder, runtime.secret_key()),
        committed=await committed(runtime),
        config=config,
        partitions=runtime.partitions,
        followers=followers(config, ledger_key(runtime)),
    )


@asynccontextmanager
async def connected(runtime: Runtime) -> AsyncIterator[tuple[Deps, KafkaBus]]:
    """Everything that looking and commanding need, over Kafka."""
    deps = await deps_of(runtime, load_config(runtime.config))
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    try:
        yield deps, bus
    finally:
        await bus.stop()
