"""Mentions to measure with: simulated texts, stamped with ids and times at a steady rate, 5 % of them sent again.

Where it sits: before everything that ``python -m bench`` measures. The same seed gives the same messages, so that two
figures of one run are about the same work.

>>> messages = list(batches(1_000, size=100, partitions=2, seed=1))
>>> sum(one.mentions for one in messages), {one.out.partition for one in messages}
(1050, {0, 1})
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

import orjson

from contracts.ports import Out
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import records

SOURCE = "bench"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PER_SECOND = 2_000
"""Mentions in a second of event time."""
REPEATED = 20
"""Every so many-th mention is sent again."""
POOL = 20_000
LATENESS = 1.0

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the mentions topic, and how many mentions it carries."""

    out: Out
    mentions: int


@cache
def pool() -> tuple[Fields, ...]:
    """Simulated records without id and time; Chinese and English, about 35 characters each."""
    day = timedelta(days=1)
    scenario = Scenario(seed=7, start=START, end=START + day, rate=POOL, private=0.0, limit=POOL)
    keep = ("channel", "brand", "region", "author", "text", "reach", "product", "author_class", "customer_value")
    return tuple({name: one[name] for name in keep if name in one} for one in islice(records(scenario), POOL))


def mentions(count: int, *, seed: int = 1, per_second: int = PER_SECOND) -> Iterator[Fields]:
    """``count`` distinct mentions as JSON objects, so many a second of event time, and the repeats among them."""
    draws = random.Random(seed)
    kept = pool()
    recent: list[Fields] = []
    for number in range(count):
        when = START + timedelta(microseconds=number * 1_000_000 // per_second)
        one = {
            "id": f"b{seed}n{number}",
            "ts": when,
            "received_at": when,
            "source": SOURCE,
            **kept[draws.randrange(len(kept))],
        }
        yield one
        recent.append(one)
        if number % REPEATED == REPEATED - 1:
            yield recent[draws.randrange(len(recent))]
            recent = recent[-PER_SECOND // 2 :]


def batches(count: int, *, size: int, partitions: int, seed: int = 1) -> Iterator[Message]:
    """Messages for the log as intake makes them: arrays of ``size``, one partition each, and the end marks."""
    held: dict[int, list[Fields]] = {number: [] for number in range(partitions)}
    for one in mentions(count, seed=seed):
        place = partition_of(one["id"], partitions)
        held[place].append(one)
        if len(held[place]) == size:
            yield _message(place, held[place])
            held[place] = []
    for place, rest in held.items():
        yield _message(place, rest, end=True)


def _message(partition: int, records: list[Fields], *, end: bool = False) -> Message:
    body: Fields = {"schema_version": 1, "source": SOURCE, "lateness": LATENESS, "mentions": records}
    if end:
        body["end"] = True
    return Message(Out(Topic.MENTIONS, SOURCE, orjson.dumps(body), partition), len(records))
