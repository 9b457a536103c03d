"""The Kafka sender behind ``fenghuo simulate --kafka``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contracts.errors import Unavailable

Send = Callable[[str, bytes], None]


@contextmanager
def open_kafka() -> Iterator[Send]:
    """A function that sends one message to a topic; all are in Kafka when the block ends. Raises Unavailable."""
    from aiokafka import AIOKafkaProducer
    from aiokafka.errors import KafkaError

    from fenghuo.settings import Runtime

    bootstrap = Runtime().kafka
    with asyncio.Runner() as runner:

        async def started() -> AIOKafkaProducer:
            producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            return producer

        try:
            producer = runner.run(started())
        except (KafkaError, OSError) as error:
            raise Unavailable(f"Kafka at {bootstrap} does not answer ({type(error).__name__})") from error

        def send(topic: str, value: bytes) -> None:
            try:
                runner.run(producer.send_and_wait(topic, value))
            except (KafkaError, OSError) as error:
                raise Unavailable(f"Kafka at {bootstrap} did not take it ({type(error).__name__})") from error

        try:
            yield send
        finally:
            runner.run(producer.stop())
