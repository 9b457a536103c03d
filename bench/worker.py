"""How many mentions a second one real worker takes from a real Kafka, counting against a real Valkey.

Where it sits: ``python -m bench worker``. The topic is filled first. Then one worker process starts with the counting
stage alone, and its commits say when it began and when it had all: the time between the first commit and the last is
what is told, with the processor time that the worker spent in it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

from bench.feed import Message, batches
from bench.servers import Servers, usage
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus
from tests.integration.stack import Pipeline

PARTITIONS = 4
PATIENCE = 300.0
LOOK = 0.25


@dataclass(frozen=True)
class WorkerRate:
    """What one worker reached."""

    reader: str
    size: int
    mentions: int
    seconds: float
    cpu_seconds: float
    memory_mb: float

    @property
    def per_second(self) -> float:
        """Mentions a second between the first commit and the last."""
        return self.mentions / self.seconds

    @property
    def per_cpu_second(self) -> float:
        """Mentions for each second of the worker's processor time."""
        return self.mentions / self.cpu_seconds


async def measure(servers: Servers, *, count: int, size: int, readers: Iterable[str]) -> list[WorkerRate]:
    """Fill a topic with ``count`` distinct mentions in arrays of ``size``, once a reader, and let one worker count."""
    return [await _one(servers, count, size, reader) for reader in readers]


async def _one(servers: Servers, count: int, size: int, reader: str) -> WorkerRate:
    pipeline = servers.pipeline(reader, partitions=PARTITIONS, FENGHUO_READER=reader)
    await pipeline.prepare()
    held = await fill(pipeline, batches(count, size=size, partitions=PARTITIONS))
    worker = pipeline.add_worker(stages=("count",))
    try:
        assert worker.process is not None
        return await _watched(pipeline, worker.process.pid, held, reader, size)
    finally:
        pipeline.stop()


async def fill(pipeline: Pipeline, messages: Iterator[Message]) -> dict[int, list[int]]:
    """Put all into the topic; for each partition the mentions in each of its messages."""
    bus = KafkaBus(pipeline.bootstrap, pipeline.prefix)
    held: dict[int, list[int]] = {number: [] for number in range(PARTITIONS)}
    try:
        while portion := list(islice(messages, 200)):
            await bus.send([one.out for one in portion])
            for one in portion:
                held[one.out.partition].append(one.mentions)
    finally:
        await bus.stop()
    return held


async def _watched(pipeline: Pipeline, pid: int, held: dict[int, list[int]], reader: str, size: int) -> WorkerRate:
    whole = sum(map(sum, held.values()))
    deadline = time.monotonic() + PATIENCE
    began: tuple[float, float, int] | None = None
    while time.monotonic() < deadline:
        done = await handled(pipeline, held)
        now, used = time.monotonic(), usage(pid)
        if done and began is None:
            began = (now, used.cpu_seconds, done)
        if began is not None and done == whole:
            counted = whole - began[2]
            return WorkerRate(reader, size, counted, now - began[0], used.cpu_seconds - began[1], used.memory_mb)
        await asyncio.sleep(LOOK)
    raise AssertionError(f"after {PATIENCE:.0f} s the worker is not through\n{pipeline.logs()}")


async def handled(pipeline: Pipeline, held: dict[int, list[int]]) -> int:
    """Mentions that the commits say were handled."""
    done = 0
    for (topic, partition), (_, said) in (await pipeline.commits()).items():
        if topic == pipeline.prefix + Topic.MENTIONS and said:
            done += sum(held[partition][: orjson.loads(said)["next"]])
    return done
