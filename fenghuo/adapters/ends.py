"""Where Kafka's partitions end, asked again and again over one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.errors import Unavailable
from contracts.topics import Topic

SECONDS = 10.0


class KafkaEnds:
    """Gives the ends of all partitions of some topics; raises Unavailable, and connects anew the next time."""

    def __init__(self, bootstrap: str, prefix: str, topics: Iterable[Topic], partitions: int) -> None:
        self._bootstrap = bootstrap
        self._places = {
            TopicPartition(prefix + topic.value, number): (topic, number)
            for topic in topics
            for number in range(partitions)
        }
        self._consumer: AIOKafkaConsumer | None = None

    async def __call__(self) -> Mapping[tuple[Topic, int], int]:
        """The ends now."""
        try:
            async with asyncio.timeout(SECONDS):
                consumer = await self._connected()
                ends = await consumer.end_offsets(list(self._places))
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise Unavailable(f"Kafka at {self._bootstrap} does not answer ({type(error).__name__})") from error
        return {self._places[place]: end for place, end in ends.items()}

    async def close(self) -> None:
        """Let go."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
            try:
                await consumer.start()
            except BaseException:
                await consumer.stop()
                raise
            self._consumer = consumer
        return self._consumer
