"""Kafka behind two ports: sending with every acknowledgement awaited, and reading a stretch of the log again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.errors import Unavailable
from contracts.ports import In, Out
from contracts.topics import Topic

REQUEST_MS = 30_000
MAX_MESSAGE = 8_000_000


class KafkaBus:
    """Implements :class:`contracts.ports.Bus`: idempotent producer, ``acks=all``, connected at the first message.

    Parameters
    ----------
    bootstrap
        ``host:port`` of one or more brokers, comma-separated.
    prefix
        Put before each topic's name; one prefix for one pipeline.
    """

    def __init__(self, bootstrap: str, prefix: str, *, linger_ms: int = 0) -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._linger_ms = linger_ms
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=self._linger_ms,
                    request_timeout_ms=REQUEST_MS,
                    max_request_size=MAX_MESSAGE,
                    max_batch_size=1_000_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
        return self._producer

    async def send(self, outs: Sequence[Out]) -> None:
        """Publish all and wait until Kafka has them; raises Unavailable.

        Order holds within a partition. A failure may leave a part of them published: whoever sends again must
        send records that replace.
        """
        try:
            producer = await self._started()
            waiting = [
                await producer.send(
                    self._prefix + out.topic.value, key=out.key.encode(), value=out.value, partition=out.partition
                )
                for out in outs
            ]
            if waiting:
                await asyncio.gather(*waiting)
        except (KafkaError, OSError) as error:
            raise Unavailable(
                f"Kafka at {self._bootstrap} did not take the messages ({type(error).__name__})"
            ) from error

    async def stop(self) -> None:
        """Flush and disconnect."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()


class KafkaLog:
    """Implements :class:`contracts.ports.LogReader` with a consumer of its own, outside every group."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix

    async def read(self, topic: Topic, partition: int, start: int, stop: int) -> AsyncIterator[In]:
        """Messages with start <= offset < stop that the log still holds; raises Unavailable."""
        if stop <= start:
            return
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            request_timeout_ms=REQUEST_MS,
            max_partition_fetch_bytes=MAX_MESSAGE,
        )
        where = TopicPartition(self._prefix + topic.value, partition)
        try:
            await consumer.start()
            consumer.assign([where])
            end = min(stop, (await consumer.end_offsets([where]))[where])
            first = (await consumer.beginning_offsets([where]))[where]
            position = max(start, first)
            consumer.seek(where, position)
            while position < end:
                for record in (await consumer.getmany(where, timeout_ms=1_000)).get(where, []):
                    position = record.offset + 1
                    if record.offset < end:
                        yield In(record.offset, record.value)
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka at {self._bootstrap} cannot be read ({type(error).__name__})") from error
        finally:
            await consumer.stop()
