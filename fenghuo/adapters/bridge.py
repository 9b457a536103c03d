"""A bridge from a Kafka topic that others write into intake: each message is one item or an array, as over HTTP.

Its offsets are committed after the mentions topic has what came of them; a kill repeats some messages, and
repeated ids are dropped behind.
"""

from __future__ import annotations

import asyncio
import logging

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from contracts.errors import Recoverable
from streams.door import Door, Guest
from streams.sources.body import Refusal, items

log = logging.getLogger("fenghuo.bridge")
MOST = 500
WAIT = 1.0
MOST_ITEMS = 50_000


class Bridge:
    """Reads one topic as one source.

    Parameters
    ----------
    bootstrap, group
        Kafka, and the consumer group that remembers how far the bridge has come.
    topic, source
        The foreign topic, and the configured source that its messages belong to.
    door
        The intake.
    """

    def __init__(self, bootstrap: str, group: str, topic: str, source: str, door: Door) -> None:
        self._bootstrap = bootstrap
        self._group = group
        self._topic = topic
        self._source = source
        self._door = door

    async def run(self) -> None:
        """Carry messages until cancelled; while Kafka or the log is away it waits and goes on."""
        while True:
            try:
                await self._carry()
            except (KafkaError, OSError) as error:
                reason = type(error).__name__
                log.warning("bridge from %s: Kafka does not answer (%s); trying again", self._topic, reason)
                await asyncio.sleep(WAIT)

    async def _carry(self) -> None:
        consumer = AIOKafkaConsumer(
            self._topic,
            bootstrap_servers=self._bootstrap,
            group_id=f"{self._group}.{self._topic}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            while True:
                found = await consumer.getmany(timeout_ms=500, max_records=MOST)
                for where, records in found.items():
                    await self._take(records)
                    await consumer.commit({TopicPartition(where.topic, where.partition): records[-1].offset + 1})
        finally:
            await consumer.stop()

    async def _take(self, records: list[ConsumerRecord]) -> None:
        guest = self._door.guests[self._source]
        for record in records:
            place = f"topic {record.topic} partition {record.partition} offset {record.offset}"
            while True:
                try:
                    await self._one(guest, record.value or b"", place)
                    break
                except Recoverable as error:
                    log.warning("bridge from %s: %s; trying again", self._topic, error)
                    await asyncio.sleep(min(error.retry_after, WAIT))

    async def _one(self, guest: Guest, value: bytes, place: str) -> None:
        try:
            parsed = items(value, "", MOST_ITEMS)
        except Refusal as refusal:
            await self._door.refuse(guest, str(refusal), place)
            return
        await self._door.take(guest, parsed, place)
