"""The local Kafka and Valkey are real: they take records, and are there again after a kill."""

from __future__ import annotations

import asyncio

import pytest
import redis
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from redis.backoff import NoBackoff
from redis.retry import Retry

from contracts.errors import InvalidSettings
from contracts.topics import Topic
from fenghuo.local import topics
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey


async def _produce(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, value)


async def _read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        return [(await consumer.getone()).value for _ in range(count)]


@pytest.mark.kafka
async def test_topics_are_made_once_with_equal_counts_and_another_count_is_refused(kafka: Kafka, prefix: str) -> None:
    made = await topics.ensure(kafka.bootstrap, 3, prefix=prefix)
    assert made == [prefix + topic for topic in Topic]
    assert await topics.ensure(kafka.bootstrap, 3, prefix=prefix) == []
    assert set((await topics.counts(kafka.bootstrap, prefix=prefix)).values()) == {3}
    with pytest.raises(InvalidSettings, match="has 3 partitions, but 6 are set"):
        await topics.ensure(kafka.bootstrap, 6, prefix=prefix)


@pytest.mark.kafka
async def test_what_kafka_acknowledged_is_there_after_a_kill(own_kafka: Kafka, prefix: str) -> None:
    topic = prefix + Topic.MENTIONS
    await topics.ensure(own_kafka.bootstrap, 1, prefix=prefix)
    await _produce(own_kafka.bootstrap, topic, b"before")
    first = own_kafka.pid
    own_kafka.kill()
    assert not own_kafka.alive()
    await asyncio.to_thread(own_kafka.restart, 60)
    assert own_kafka.pid != first
    await _produce(own_kafka.bootstrap, topic, b"after")
    assert await _read(own_kafka.bootstrap, topic, 2) == [b"before", b"after"]


@pytest.mark.valkey
def test_valkey_asks_for_its_password_and_never_evicts(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        client.set("key", "value")
        assert client.get("key") == b"value"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}
    once = Retry(NoBackoff(), 0)
    with redis.Redis(port=valkey.port, retry=once) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.get("key")


@pytest.mark.valkey
def test_a_killed_valkey_comes_back_empty_under_the_same_address(own_valkey: Valkey) -> None:
    with redis.Redis.from_url(own_valkey.url) as client:
        client.set("key", "value")
    own_valkey.kill()
    own_valkey.restart(20)
    with redis.Redis.from_url(own_valkey.url) as client:
        assert client.get("key") is None
