"""What the time goes into: microseconds of one mention, step by step, each timed alone over the same messages.

Where it sits: ``python -m bench steps``. Each step runs many times in short pieces and its quickest run counts: on a
machine that others use too, that is what the step itself costs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis

from bench.feed import Message, batches
from contracts.panes import Panes
from contracts.ports import In, Reader, SeenIds
from contracts.records import Mention, Reading
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from fenghuo.adapters.seen_redis import RedisSeenIds
from streams.count import CountPartition, read_batch
from streams.count_settings import CountSettings
from streams.count_state import identity
from streams.opened import BrandPane, SeriesPlan, pane_records
from streams.text.reader import LexiconReader, thirty_word_reader

TIMES = 60
SIZE = 100
MESSAGES = 25
"""Of a hundred mentions: one portion as a busy worker takes it."""


def measure(redis_url: str) -> dict[str, float]:
    """Microseconds of a mention by step."""
    messages = list(batches(SIZE * MESSAGES, size=SIZE, partitions=1))[:MESSAGES]
    mentions = [one for message in messages for one in read_batch(message.out.value).mentions]
    thirty, lexicon = thirty_word_reader(), LexiconReader()
    texts, langs = [one.text for one in mentions], [one.lang for one in mentions]
    readings = lexicon.read_many(texts, langs)
    found = {
        "parse and validate": _quickest(lambda: [read_batch(one.out.value) for one in messages]),
        "identity": _quickest(lambda: [identity(one) for one in mentions]),
        "reading, 30 words": _quickest(lambda: thirty.read_many(texts, langs)),
        "reading, as it stands": _quickest(lambda: lexicon.read_many(texts, langs)),
        "counting, gathering evidence": _quickest(lambda: _count(mentions, readings)),
        "closing a pane": _closing(mentions, readings),
    }
    found["look-up in Valkey"] = asyncio.run(_look_up(redis_url, mentions))
    found["whole core, 30 words, without Valkey"] = asyncio.run(_whole(messages, thirty))
    return {name: seconds / len(mentions) * 1e6 for name, seconds in found.items()}


def _quickest(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def _counted(mentions: list[Mention], readings: list[Reading]) -> tuple[dict[str, BrandPane], SeriesPlan]:
    settings = CountSettings()
    plan = SeriesPlan(settings.series)
    held: dict[str, BrandPane] = {}
    for mention, reading in zip(mentions, readings, strict=True):
        brand = held.setdefault(mention.brand, BrandPane())
        brand.add(plan.values(mention, reading), mention, reading, settings.hot)
    return held, plan


def _count(mentions: list[Mention], readings: list[Reading]) -> object:
    return _counted(mentions, readings)


def _closing(mentions: list[Mention], readings: list[Reading]) -> float:
    held, plan = _counted(mentions, readings)
    return _quickest(lambda: [list(pane_records(0, 1, brand, one, plan)) for brand, one in held.items()])


async def _look_up(url: str, mentions: list[Mention]) -> float:
    redis: Any = Redis.from_url(url)
    seen: SeenIds = RedisSeenIds(redis, "steps.", 7_200)
    best = float("inf")
    for number in range(TIMES):
        ids = [(f"{number:04}{index:08}".encode(), f"0:{number}:{index}", 1) for index in range(len(mentions))]
        began = time.perf_counter()
        await seen.register(0, 0, 1, ids)
        best = min(best, time.perf_counter() - began)
    await redis.aclose()
    return best


async def _whole(messages: list[Message], reader: Reader) -> float:
    portion = [In(offset, one.out.value) for offset, one in enumerate(messages)]
    best = float("inf")
    for _ in range(TIMES):
        part = CountPartition(0, 4, Panes(), CountSettings(), reader, MemorySeenIds(7_200), MemoryLog(), None)
        began = time.perf_counter()
        await part.handle(portion)
        best = min(best, time.perf_counter() - began)
    return best
