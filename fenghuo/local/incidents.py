"""Shows warnings as they come: reads the incidents topic outside every group, so that showing takes nothing away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.codec import decode, decode_mixed
from contracts.errors import InvalidRecord
from contracts.records import IncidentEvent
from contracts.topics import Topic

RETRY_SECONDS = 1.0

Show = Callable[[IncidentEvent], None]
Seen = Callable[[int, int], None]
"""Hears (partition, next offset) after each message."""


async def follow(
    bootstrap: str, partitions: int, offsets: Mapping[int, int], show: Show, seen: Seen, *, prefix: str = ""
) -> None:
    """Show every incident event from ``offsets`` on (from the beginning where there is none) until cancelled."""
    position = dict(offsets)
    while True:
        try:
            await _follow(bootstrap, partitions, position, show, seen, prefix)
        except (KafkaError, OSError):
            await asyncio.sleep(RETRY_SECONDS)


async def _follow(
    bootstrap: str, partitions: int, position: dict[int, int], show: Show, seen: Seen, prefix: str
) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        await consumer.start()
        places = [TopicPartition(prefix + Topic.INCIDENTS, number) for number in range(partitions)]
        consumer.assign(places)
        for place in places:
            if place.partition in position:
                consumer.seek(place, position[place.partition])
            else:
                await consumer.seek_to_beginning(place)
        async for message in consumer:
            for event in events(message.value):
                show(event)
            position[message.partition] = message.offset + 1
            seen(message.partition, message.offset + 1)
    finally:
        await consumer.stop()


def events(payload: bytes | None) -> list[IncidentEvent]:
    """The incident events of one message, bare or in a mixed array; nothing of what is none.

    >>> events(b"no json"), events(None)
    ([], [])
    """
    if not payload:
        return []
    try:
        if payload[:1] == b"[":
            return [one for one in decode_mixed(payload) if isinstance(one, IncidentEvent)]
        return [decode(IncidentEvent, payload)]
    except InvalidRecord:
        return []
