"""When each stage published what, by time stamps of Kafka: where the time between a pane and the webhook goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import Topic
from tests.integration.stack import Pipeline


@dataclass
class Trail:
    """Seconds since the epoch."""

    closed: dict[int, float] = field(default_factory=dict)
    """By pane: when the last partition of mentions had told the last of counts that it is closed."""
    judged: dict[str, float] = field(default_factory=dict)
    """By brand: when its first signal was in ``decide.in``."""
    decided: dict[str, float] = field(default_factory=dict)
    """By brand: when its incident was opened."""


async def trail(pipeline: Pipeline) -> Trail:
    """Read it from the topics, after a run."""
    found = Trail()
    reached: dict[tuple[int, int], int] = {}
    async for partition, when, record in _typed(pipeline, Topic.COUNTS):
        if record["type"] == "Closed":
            _close(found, reached, (partition, record["record"]["partition"]), record["record"]["closed"], when)
    async for _, when, record in _typed(pipeline, Topic.DECIDE_IN):
        if record["type"] == "Signal":
            brand = record["record"]["series"].split(",")[0].removeprefix("brand=")
            found.judged.setdefault(brand, when)
    async for _, when, record in _typed(pipeline, Topic.INCIDENTS):
        if record["type"] == "IncidentEvent" and record["record"]["event"] == "opened":
            found.decided.setdefault(record["record"]["scope"]["brand"], when)
    return found


def _close(found: Trail, reached: dict[tuple[int, int], int], where: tuple[int, int], closed: int, when: float) -> None:
    """One partition has closed everything below ``closed``; what all have told all is closed for good."""
    for pane in range(reached.get(where, closed - 1), closed):
        found.closed[pane] = max(found.closed.get(pane, 0.0), when)
    reached[where] = closed


async def _typed(pipeline: Pipeline, topic: Topic) -> AsyncIterator[tuple[int, float, dict[str, Any]]]:
    """Partition, time stamp and record of everything in a topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=pipeline.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(pipeline.prefix + topic, number) for number in range(pipeline.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, messages in (await consumer.getmany(timeout_ms=500)).items():
                for message in messages:
                    for record in orjson.loads(message.value):
                        yield place.partition, message.timestamp / 1_000, record
    finally:
        await consumer.stop()
