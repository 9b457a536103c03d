"""The worker's shell: moves messages between Kafka and one stage, and keeps the rules that make it exact.

* State belongs to (partition, generation): a new generation means a new state from the last commit.
* Offsets follow one another without a gap, beginning at the committed one; anything else ends the process.
* What a stage returns is published, every acknowledgement awaited, before its checkpoint is committed.
* The generation is looked at again after every await; an outdated one publishes and commits nothing more.
* A failed commit is logged and the next one carries on. Any other failure ends the process: the supervisor starts
  it again, and it goes on from the last commit. A restarted agent would go on past what it lost.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import faust
from aiokafka.errors import KafkaError

from contracts.clock import Clock
from contracts.errors import FenghuoError, Lost, Unavailable
from contracts.ports import Bus, Checkpoint, In, Partition, Stage
from fenghuo.adapters.faust_app import commit, committed
from fenghuo.pulse import Pulse
from fenghuo.turns import Turns

log = logging.getLogger(__name__)

MOST_MESSAGES = 500
MOST_BYTES = 1_000_000
TICK = 1.0
HAND_OVER = 5.0
EXIT_LOST = 70


@dataclass(slots=True)
class Held:
    """The state of one partition in one generation."""

    generation: int
    state: Partition
    next: int | None


class StageShell:
    """Runs one stage on one Faust app."""

    def __init__(
        self,
        app: faust.App,
        stage: Stage,
        topic: str,
        bus: Bus,
        clock: Clock,
        pulse: Pulse | None = None,
        turns: Turns | None = None,
    ) -> None:
        self._app = app
        self._pulse = pulse or Pulse()
        self._turns = turns or Turns()
        self.stage = stage
        self._topic = topic
        self._bus = bus
        self._clock = clock
        self._held: dict[int, Held] = {}
        self._handed_over: dict[int, int] = {}
        """Partition to the generation in which it was given up: what is still queued of it is another's to handle."""
        self._unopened: set[int] = set()
        """Partitions that are ours and of which nothing has come yet; where they stand is still to be told."""
        self._busy = asyncio.Lock()

    async def run(self, stream: Any) -> None:
        """The agent's body: gather what is there, group by partition, handle; never returns by itself."""
        ticking = asyncio.create_task(self._tick())
        try:
            async for batch in batches(stream):
                await self._turns.come(self.stage.name)
                async with self._busy:
                    await self._handle(batch)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            leave(self.stage.name, error)
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        """Commit also while nothing comes: rows that wait, snapshots that are due."""
        try:
            while True:
                await asyncio.sleep(TICK)
                async with self._busy:
                    for partition, held in list(self._held.items()):
                        if self._current(held):
                            await self._commit(partition, held)
                await self._tell_unopened()
        except Exception as error:
            leave(self.stage.name, error)

    async def _tell_unopened(self) -> None:
        """Where partitions stand of which nothing comes: they are as alive as the others."""
        for partition in sorted(self._unopened):
            if partition not in self._held:
                try:
                    made = await committed(self._app, self._topic, partition)
                except KafkaError as error:
                    log.warning("%s: where it stands is not known yet (%s)", self.stage.name, type(error).__name__)
                    return
                if partition in self._unopened and partition not in self._held:
                    self._pulse.note(self.stage.name, partition, 0 if made is None else made.offset)
            self._unopened.discard(partition)

    async def hand_over(self, partitions: Sequence[int]) -> None:
        """Commit the best that can be committed before these partitions go to another worker."""
        try:
            async with asyncio.timeout(HAND_OVER), self._busy:
                for partition in partitions:
                    self._handed_over[partition] = self._app.consumer_generation_id
                    self._pulse.forget(self.stage.name, partition)
                    self._unopened.discard(partition)
                    held = self._held.pop(partition, None)
                    if held is not None and self._current(held):
                        await self._commit(partition, held, final=True)
        except TimeoutError:
            log.warning("%s: no time for a last commit; the next owner reads from the one before", self.stage.name)

    def assigned(self, partitions: Sequence[int] = ()) -> None:
        """Partitions were assigned anew, perhaps in the same generation: what comes from now on is ours."""
        self._handed_over.clear()
        self._unopened = set(partitions)

    async def _handle(self, batch: list[Any]) -> None:
        by_partition: dict[int, list[Any]] = {}
        for message in batch:
            if message.generation_id == self._app.consumer_generation_id:
                by_partition.setdefault(message.partition, []).append(message)
        for partition, messages in by_partition.items():
            await self._handle_partition(partition, messages)

    async def _handle_partition(self, partition: int, messages: list[Any]) -> None:
        generation = messages[0].generation_id
        if self._handed_over.get(partition) == generation:
            return
        held = self._held.get(partition)
        if held is None or held.generation != generation:
            held = await self._open(partition, generation)
        if not self._current(held):
            self._held.pop(partition, None)
            return
        self._no_gap(partition, held, messages)
        with self._turns.taken(self.stage.name):
            work = await held.state.handle([In(message.offset, message.value) for message in messages])
            if self._current(held) and work.outs:
                await retried(lambda: self._bus.send(work.outs), lambda: self._current(held))
        if self._current(held):
            self._pulse.note(self.stage.name, partition, messages[-1].offset + 1)
            await self._commit(partition, held)
        else:
            self._held.pop(partition, None)

    async def _open(self, partition: int, generation: int) -> Held:
        made = await committed(self._app, self._topic, partition)
        start = None if made is None else made.offset
        self._pulse.note(self.stage.name, partition, start or 0)
        held = Held(generation, await self.stage.open(partition, made), start)
        self._held[partition] = held
        return held

    def _no_gap(self, partition: int, held: Held, messages: list[Any]) -> None:
        for message in messages:
            if held.next is not None and message.offset != held.next:
                raise Lost(
                    f"{self._topic} partition {partition}: offset {held.next} expected, {message.offset} came; "
                    "something between was not seen"
                )
            held.next = message.offset + 1

    async def _commit(self, partition: int, held: Held, *, final: bool = False) -> None:
        made: Checkpoint | None = await held.state.checkpoint(self._clock.monotonic(), final=final)
        if made is None or not (final or self._current(held)):
            return
        try:
            await commit(self._app, self._topic, partition, made)
        except KafkaError as error:
            log.warning(
                "%s partition %d: commit failed (%s); the next one carries on",
                self.stage.name,
                partition,
                type(error).__name__,
            )

    def _current(self, held: Held) -> bool:
        return held.generation == self._app.consumer_generation_id


async def batches(stream: Any) -> AsyncIterator[list[Any]]:
    """Messages of a Faust stream in batches: all that wait, up to a number and a size."""
    queue = stream.channel.queue
    gathered: list[Any] = []
    size = 0
    async for event in stream.events():
        gathered.append(event.message)
        size += len(event.message.value or b"")
        if queue.empty() or len(gathered) >= MOST_MESSAGES or size >= MOST_BYTES:
            yield gathered
            gathered, size = [], 0


async def retried(send: Callable[[], Awaitable[None]], worthwhile: Callable[[], bool]) -> None:
    """Send again while Kafka is away; what is sent replaces, so repeating is harmless."""
    while True:
        try:
            return await send()
        except Unavailable as error:
            if not worthwhile():
                return None
            log.warning("%s; trying again", error)
            await asyncio.sleep(min(error.retry_after, 1.0))


def leave(stage: str, error: BaseException) -> NoReturn:
    """End the process at once; the supervisor starts it again from the last commit."""
    if isinstance(error, FenghuoError):
        log.error("%s: %s; leaving, to start again from the last commit", stage, error)
    else:
        log.error("%s: %s; leaving, to start again from the last commit", stage, type(error).__name__, exc_info=error)
    logging.shutdown()
    os._exit(EXIT_LOST)
