"""What the bus promises on a real Kafka: order within a partition, also when a message is refused."""

from __future__ import annotations

import pytest

from contracts.errors import Unavailable
from contracts.ports import Out
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.local import topics
from fenghuo.local.kafka import Kafka

pytestmark = pytest.mark.kafka


def out(value: bytes, partition: int = 0) -> Out:
    return Out(Topic.COUNTS, "key", value, partition)


async def values(kafka: Kafka, prefix: str, partition: int = 0) -> list[bytes]:
    log = KafkaLog(kafka.bootstrap, prefix)
    return [message.value async for message in log.read(Topic.COUNTS, partition, 0, 2**62)]


async def test_messages_of_a_partition_keep_their_order_over_batches(kafka: Kafka, prefix: str) -> None:
    await topics.ensure(kafka.bootstrap, 2, prefix=prefix)
    bus = KafkaBus(kafka.bootstrap, prefix)
    sent = [b"%06d" % number + b"x" * 300_000 for number in range(12)]
    await bus.send([out(value, number % 2) for number, value in enumerate(sent)])
    await bus.send([])
    await bus.stop()
    assert await values(kafka, prefix, 0) == sent[::2]
    assert await values(kafka, prefix, 1) == sent[1::2]


async def test_nothing_behind_a_refused_message_overtakes_it(kafka: Kafka, prefix: str) -> None:
    """A reader knows a record sent again by its place: one that overtook would make the refused one look sent."""
    await topics.ensure(kafka.bootstrap, 2, prefix=prefix)
    bus = KafkaBus(kafka.bootstrap, prefix)
    with pytest.raises(Unavailable, match="MessageSizeTooLarge"):
        await bus.send([out(b"first"), out(b"x" * 1_200_000), out(b"behind"), out(b"elsewhere", 1)])
    assert b"behind" not in await values(kafka, prefix)
    await bus.send([out(b"first"), out(b"small enough now"), out(b"behind"), out(b"elsewhere", 1)])
    await bus.stop()
    assert (await values(kafka, prefix))[-3:] == [b"first", b"small enough now", b"behind"]
