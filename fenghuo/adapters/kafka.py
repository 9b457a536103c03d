"""Kafka behind two ports: sending with every acknowledgement awaited, and reading a stretch of the log again."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.errors import Unavailable
from contracts.ports import In, Out
from contracts.topics import Topic

log = logging.getLogger(__name__)

REQUEST_MS = 30_000
STOP_SECONDS = 3.0
"""A producer of a Kafka that is gone would flush for ever."""
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

        Order holds within a partition, also in failing: what comes behind a message that Kafka did not take is
        not sent. A failure may leave a part of them published: whoever sends again must send all of them, and
        they must replace.
        """
        by_place: dict[tuple[str, int], list[Out]] = {}
        for out in outs:
            by_place.setdefault((self._prefix + out.topic.value, out.partition), []).append(out)
        try:
            producer = await self._started()
        except (KafkaError, OSError) as error:
            raise self._unavailable(error) from error
        sending = (_in_order(producer, topic, partition, part) for (topic, partition), part in by_place.items())
        for failure in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(failure, (KafkaError, OSError)):
                await self._discard(producer)
                raise self._unavailable(failure) from failure
            if failure is not None:
                raise failure

    async def _discard(self, failed: AIOKafkaProducer) -> None:
        """A producer that failed may never send again; the next message gets a new one."""
        producer = self._producer
        if producer is None or producer is not failed:
            return
        self._producer = None
        await _stopped(producer)

    def _unavailable(self, error: Exception) -> Unavailable:
        return Unavailable(f"Kafka at {self._bootstrap} did not take the messages ({type(error).__name__})")

    async def stop(self) -> None:
        """Flush and disconnect; what Kafka has not taken by :data:`STOP_SECONDS` is given up: nobody was told of it."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await _stopped(producer)


async def _stopped(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await producer.stop()
    except (KafkaError, OSError, TimeoutError) as error:
        log.warning("a producer could not be stopped in good order (%s)", type(error).__name__)


async def _in_order(producer: AIOKafkaProducer, topic: str, partition: int, outs: Sequence[Out]) -> None:
    """One batch after the other, each acknowledged before the next: Kafka takes a batch as a whole or not at all."""
    waiting = deque(outs)
    while waiting:
        batch = producer.create_batch()
        while waiting and batch.append(key=waiting[0].key.encode(), value=waiting[0].value, timestamp=None) is not None:
            waiting.popleft()
        await (await producer.send_batch(batch, topic, partition=partition))


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
