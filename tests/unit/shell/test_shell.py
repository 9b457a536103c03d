"""The rules that the worker's shell keeps around a stage: generations, gaps, hand-over, order of effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from aiokafka.errors import CommitFailedError

from contracts.clock import ManualClock
from contracts.errors import Lost, Unavailable
from contracts.ports import Checkpoint, In, Out, Work
from contracts.topics import Topic
from fenghuo import shell
from fenghuo.pulse import Pulse
from fenghuo.shell import StageShell

TOPIC = "t.mentions"


@dataclass
class Kafka:
    """The group's commits and everything published, in the order it happened."""

    committed: dict[int, Checkpoint] = field(default_factory=dict)
    happened: list[str] = field(default_factory=list)
    fail_sends: int = 0
    fail_commits: int = 0

    async def send(self, outs: Sequence[Out]) -> None:
        if self.fail_sends:
            self.fail_sends -= 1
            raise Unavailable("away", retry_after=0.0)
        self.happened.extend(f"published {out.value.decode()}" for out in outs)


@dataclass
class Echo:
    """A partition that publishes what it reads and commits what it has read."""

    next: int

    async def handle(self, messages: Sequence[In]) -> Work:
        self.next = messages[-1].offset + 1
        return Work([Out(Topic.COUNTS, "", one.value, 0) for one in messages])

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        return Checkpoint(self.next)


class EchoStage:
    name = "echo"
    topic = Topic.MENTIONS

    def __init__(self) -> None:
        self.opened: list[int | None] = []

    async def open(self, partition: int, committed: Checkpoint | None) -> Echo:
        self.opened.append(None if committed is None else committed.offset)
        return Echo(0 if committed is None else committed.offset)


class World:
    """A shell between a stage and a Kafka of this test's own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kafka = Kafka()
        self.stage = EchoStage()
        self.app = SimpleNamespace(consumer_generation_id=1)
        self.pulse = Pulse()
        clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.shell = StageShell(self.app, self.stage, TOPIC, self.kafka, clock, self.pulse)  # type: ignore[arg-type]
        monkeypatch.setattr(shell, "commit", self._commit)
        monkeypatch.setattr(shell, "committed", self._committed)

    async def _commit(self, app: object, topic: str, partition: int, made: Checkpoint) -> None:
        if self.kafka.fail_commits:
            self.kafka.fail_commits -= 1
            raise CommitFailedError("another generation")
        self.kafka.committed[partition] = made
        self.kafka.happened.append(f"committed {made.offset}")

    async def _committed(self, app: object, topic: str, partition: int) -> Checkpoint | None:
        return self.kafka.committed.get(partition)

    async def reads(self, *offsets: int, generation: int = 1, partition: int = 0) -> None:
        messages = [
            SimpleNamespace(offset=offset, value=b"%d" % offset, generation_id=generation, partition=partition)
            for offset in offsets
        ]
        await self.shell._handle(messages)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


async def test_all_is_published_before_anything_is_committed(world: World) -> None:
    await world.reads(0, 1)
    assert world.kafka.happened == ["published 0", "published 1", "committed 2"]


async def test_while_kafka_is_away_nothing_is_committed_and_the_send_is_repeated(world: World) -> None:
    world.kafka.fail_sends = 3
    await world.reads(0)
    assert world.kafka.happened == ["published 0", "committed 1"]


async def test_a_failed_commit_is_made_good_by_the_next(world: World) -> None:
    world.kafka.fail_commits = 1
    await world.reads(0)
    await world.reads(1)
    assert world.kafka.happened == ["published 0", "published 1", "committed 2"]


async def test_a_gap_ends_the_process(world: World) -> None:
    await world.reads(0)
    with pytest.raises(Lost, match="offset 1 expected, 2 came"):
        await world.reads(2)


async def test_messages_of_an_older_generation_are_left_alone(world: World) -> None:
    world.app.consumer_generation_id = 2
    await world.reads(0, generation=1)
    assert world.kafka.happened == []


async def test_a_new_generation_begins_at_the_last_commit(world: World) -> None:
    await world.reads(0, 1)
    world.app.consumer_generation_id = 2
    await world.reads(2, generation=2)
    assert world.stage.opened == [None, 2]


async def test_partitions_of_which_nothing_comes_give_signs_of_life_too(world: World) -> None:
    world.kafka.committed[1] = Checkpoint(9)
    world.shell.assigned([0, 1])
    await world.shell._tell_unopened()
    assert world.pulse.positions == {("echo", 0): 0, ("echo", 1): 9}
    await world.reads(0, 1)
    assert world.pulse.positions == {("echo", 0): 2, ("echo", 1): 9}
    await world.shell.hand_over([1])
    assert world.pulse.positions == {("echo", 0): 2}


async def test_a_partition_handed_over_is_left_alone_until_it_is_assigned_again(world: World) -> None:
    """What was still queued of it would be opened at a commit that lies elsewhere, and look like a gap."""
    await world.reads(0)
    await world.shell.hand_over([0])
    world.kafka.committed[0] = Checkpoint(0)
    await world.reads(1)
    await world.reads(0, partition=1)
    assert world.stage.opened == [None, None], "the other partition is none of its business"
    world.shell.assigned()
    await world.reads(0)
    assert world.stage.opened == [None, None, 0]
