"""Filling the live view from the log: as records come, or all of it again.

A worker runs a :class:`ViewFeed` beside its stages, in a consumer group of its own. How far each partition was read
stands in the view itself: a view that was emptied, by ``fenghuo rebuild`` or by a server that lost its memory, is read
again from the beginning by itself. What is committed in Kafka only shows where it stands.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from alerts.view.reads import TOPICS, viewed
from contracts.clock import Clock
from contracts.errors import Moved, Recoverable
from contracts.ports import LogReader
from contracts.topics import Topic
from contracts.view import Viewed, ViewSink
from fenghuo.pulse import Pulse

log = logging.getLogger(__name__)

ALL = 2**62
CHUNK = 500
LOOK_SECONDS = 2.0
"""How often the view's own positions are looked at, so that an emptied one is noticed while nothing comes."""
RETRY_SECONDS = 1.0


def group_of(prefix: str) -> str:
    """The consumer group that fills the view."""
    return f"{prefix}view"


class Message(Protocol):
    """A message as the consumer gives it."""

    offset: int
    value: bytes | None


@dataclass(slots=True)
class ViewFeed:
    """Reads three topics and hands them to the view.

    Parameters
    ----------
    bootstrap
        Kafka's brokers.
    prefix
        Put before each topic and group.
    sink
        The view.
    member
        Static membership, as for the worker it lives in.
    """

    bootstrap: str
    prefix: str
    sink: ViewSink
    clock: Clock
    member: str | None = None
    pulse: Pulse = field(default_factory=Pulse)
    _at: dict[TopicPartition, int] = field(default_factory=dict)
    """Where the view stands, of each partition that is read here."""
    _committed: dict[TopicPartition, int] = field(default_factory=dict)
    _noted: set[int] = field(default_factory=set)
    _looked: float = -1e9

    async def run(self) -> None:
        """Feed until cancelled; whatever is away is waited for."""
        while True:
            consumer = AIOKafkaConsumer(
                *(self.prefix + topic.value for topic in TOPICS),
                bootstrap_servers=self.bootstrap,
                group_id=group_of(self.prefix),
                group_instance_id=None if self.member is None else f"{self.member}-view",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_poll_interval_ms=600_000,
            )
            try:
                await consumer.start()
                await self._feed(consumer)
            except (KafkaError, OSError) as error:
                log.warning("the live view cannot read Kafka (%s); trying again", type(error).__name__)
            finally:
                await consumer.stop()
            self._at.clear()
            await asyncio.sleep(RETRY_SECONDS)

    async def _feed(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            try:
                await self._align(consumer)
                await self._step(consumer)
            except Recoverable as error:
                if not isinstance(error, Moved):
                    log.warning("the live view waits: %s", error)
                self._at.clear()
                await asyncio.sleep(min(error.retry_after, RETRY_SECONDS))

    async def _align(self, consumer: AIOKafkaConsumer) -> None:
        """Read on where the view stands, and nowhere else."""
        assigned: set[TopicPartition] = consumer.assignment()
        now = self.clock.monotonic()
        due = now - self._looked >= LOOK_SECONDS
        for number in sorted({one.partition for one in assigned}):
            mine = [one for one in assigned if one.partition == number]
            if not due and all(one in self._at for one in mine):
                continue
            positions = await self.sink.positions(number)
            for one in mine:
                position = positions.get(one.topic.removeprefix(self.prefix), 0)
                if self._at.get(one) != position:
                    consumer.seek(one, position)
                    self._at[one] = position
        self._at = {one: at for one, at in self._at.items() if one in assigned}
        self._note()
        self._looked = now if due else self._looked

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        """What has come, one transaction a partition."""
        found = await consumer.getmany(timeout_ms=500, max_records=CHUNK)
        found = {place: messages for place, messages in found.items() if place in self._at}
        for number in sorted({place.partition for place in found}):
            mine = {place: found[place] for place in self._ordered(found) if place.partition == number}
            records = [one for place, messages in mine.items() for one in self._records(place, messages)]
            before = {self._topic(place): self._at[place] for place in mine}
            upto = {self._topic(place): messages[-1].offset + 1 for place, messages in mine.items()}
            await self.sink.take(records, number, before, upto)
            self._at.update({place: messages[-1].offset + 1 for place, messages in mine.items()})
        if self._at != self._committed:
            await consumer.commit(dict(self._at))
            self._committed = dict(self._at)

    def _note(self) -> None:
        """Tell how far each partition is, all topics together; those that are another's now are forgotten."""
        reached: dict[int, int] = {}
        for place, at in self._at.items():
            reached[place.partition] = reached.get(place.partition, 0) + at
        for number in self._noted - reached.keys():
            self.pulse.forget("view", number)
        for number, at in reached.items():
            self.pulse.note("view", number, at)
        self._noted = set(reached)

    def _records(self, place: TopicPartition, messages: Sequence[Message]) -> list[Viewed]:
        topic, start = self._topic(place), self._at[place]
        return [one for message in messages if message.offset >= start for one in viewed(topic, message.value)]

    def _ordered(self, found: dict[TopicPartition, list[Message]]) -> list[TopicPartition]:
        """Incidents before who was told of them."""
        return sorted(found, key=lambda place: [one.value for one in TOPICS].index(self._topic(place)))

    def _topic(self, place: TopicPartition) -> str:
        return str(place.topic).removeprefix(self.prefix)


async def rebuild(
    sink: ViewSink, reader: LogReader, partitions: int, told: Callable[[int], None] = lambda done: None
) -> int:
    """Empty the view and fill it from the whole log; returns the number of records taken.

    Workers that run meanwhile help: whoever comes second to a stretch of the log goes on behind it.
    """
    await sink.clear()
    taken = 0
    for partition in range(partitions):
        for topic in TOPICS:
            taken += await _filled(sink, reader, partition, topic, told)
    return taken


async def _filled(sink: ViewSink, reader: LogReader, partition: int, topic: Topic, told: Callable[[int], None]) -> int:
    taken = 0
    while True:
        at = (await sink.positions(partition)).get(topic, 0)
        try:
            async with aclosing(_chunks(reader, partition, topic, at)) as chunks:
                async for upto, records in chunks:
                    await sink.take(records, partition, {topic: at}, {topic: upto})
                    at, taken = upto, taken + len(records)
                    told(len(records))
            return taken
        except Moved:
            continue


async def _chunks(
    reader: LogReader, partition: int, topic: Topic, start: int
) -> AsyncGenerator[tuple[int, list[Viewed]]]:
    """The rest of one partition, as (next offset, records) of some messages."""
    upto, records, count = start, list[Viewed](), 0
    async for message in reader.read(topic, partition, start, ALL):
        upto, count = message.offset + 1, count + 1
        records += viewed(topic, message.value)
        if count >= CHUNK:
            yield upto, records
            records, count = [], 0
    if count:
        yield upto, records
