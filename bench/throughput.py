"""How many mentions a second the counting core takes, with no server and with a real Valkey, beside bytewax.

Where it sits: ``python -m bench core``. All ways do the same messages in turn, round after round, so that a noisy
machine is noisy for all of them; what is told is the median of the rounds, and ratios within a round.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from bench import rival
from bench.feed import Message, batches
from contracts.panes import Panes
from contracts.ports import In, Reader, SeenIds
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from fenghuo.adapters.seen_redis import RedisSeenIds
from fenghuo.collecting import collect_rarely
from streams.count import CountPartition
from streams.count_settings import CountSettings
from streams.text.reader import LexiconReader, thirty_word_reader

PARTITIONS = 4
PORTION_BYTES = 1_000_000


@dataclass
class Way:
    """One way of doing the work, and how long it took each round."""

    name: str
    run: Callable[[Sequence[Message]], None]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, messages: Sequence[Message]) -> None:
        """Do the work once, and note how long it took."""
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        self.run(messages)
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)


@dataclass(frozen=True)
class Rate:
    """What one way reached."""

    name: str
    size: int
    per_second: float
    per_cpu_second: float
    against_bytewax: float | None
    """Median over the rounds of bytewax's time in arrays, divided by this way's."""


def measure(count: int, size: int, rounds: int, redis_url: str | None) -> list[Rate]:
    """All ways on ``count`` mentions in arrays of ``size``."""
    messages = list(batches(count, size=size, partitions=1))
    mentions = sum(one.mentions for one in messages)
    ways = _ways(redis_url)
    collect_rarely()
    for _ in range(rounds):
        for way in ways:
            way.time(messages)
    yardstick = next((way.wall for way in ways if way.name.startswith("bytewax, in arrays")), None)
    return [_rate(way, size, mentions, yardstick) for way in ways]


def _rate(way: Way, size: int, mentions: int, yardstick: list[float] | None) -> Rate:
    ratios = [theirs / ours for theirs, ours in zip(yardstick or [], way.wall, strict=False)]
    return Rate(
        way.name,
        size,
        mentions / statistics.median(way.wall),
        mentions / statistics.median(way.cpu),
        statistics.median(ratios) if ratios else None,
    )


def _ways(redis_url: str | None) -> list[Way]:
    thirty, lexicon = thirty_word_reader(), LexiconReader()
    ways = [
        Way("core, 30-word reader", lambda messages: _core(messages, thirty, None)),
        Way("core, reader as it stands", lambda messages: _core(messages, lexicon, None)),
    ]
    if redis_url is not None:
        ways.append(Way("core with Valkey, 30-word reader", lambda messages: _core(messages, thirty, redis_url)))
        ways.append(Way("core with Valkey, reader as it stands", lambda messages: _core(messages, lexicon, redis_url)))
    if rival.available():
        ways.append(Way("bytewax, in arrays, 30-word reader", lambda messages: _rival(rival.in_arrays, messages)))
        ways.append(Way("bytewax, one by one, 30-word reader", lambda messages: _rival(rival.one_by_one, messages)))
    return ways


def _rival(run: Callable[[Sequence[bytes], Reader], object], messages: Sequence[Message]) -> None:
    run([one.out.value for one in messages], thirty_word_reader())


def _core(messages: Sequence[Message], reader: Reader, redis_url: str | None) -> None:
    asyncio.run(_counted(messages, reader, redis_url))


async def _counted(messages: Sequence[Message], reader: Reader, redis_url: str | None) -> None:
    settings = CountSettings()
    horizon = int(settings.horizon)
    redis = None if redis_url is None else Redis.from_url(redis_url)
    if redis is not None:
        await redis.flushall()
    seen: SeenIds = MemorySeenIds(horizon) if redis is None else RedisSeenIds(redis, "bench.", horizon)
    part = CountPartition(0, PARTITIONS, Panes(), settings, reader, seen, MemoryLog(), None)
    for portion in portions(messages):
        await part.handle(portion)
        await part.checkpoint(0.0)
    if redis is not None:
        await redis.aclose()


def portions(messages: Sequence[Message]) -> list[list[In]]:
    """Messages as the worker's shell hands them over when many wait: about a megabyte at once."""
    made: list[list[In]] = [[]]
    weight = 0
    for offset, one in enumerate(messages):
        if weight >= PORTION_BYTES:
            made.append([])
            weight = 0
        made[-1].append(In(offset, one.out.value))
        weight += len(one.out.value)
    return made
