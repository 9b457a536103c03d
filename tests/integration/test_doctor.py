"""The doctor reads each stage's standing from its commits on a real Kafka, and names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from pydantic import SecretStr

from contracts.clock import SystemClock
from contracts.panes import Panes
from contracts.topics import Topic
from dashboards.store.memory import MemoryStore
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.health import Health, examine
from fenghuo.local import topics
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.settings import Runtime
from fenghuo.stages import STAGES

pytestmark = [pytest.mark.kafka, pytest.mark.valkey]


async def asked(runtime: Runtime, snapshots: FileSnapshots) -> Health:
    return await examine(runtime, Panes(), MemoryStore, snapshots, SystemClock())


def runtime_for(kafka: Kafka, valkey: Valkey, prefix: str, partitions: int, var: Path) -> Runtime:
    return Runtime(kafka=kafka.bootstrap, redis=SecretStr(valkey.url), prefix=prefix, partitions=partitions, var=var)


async def test_it_shows_lag_mark_and_snapshot_of_each_stage(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    await topics.ensure(kafka.bootstrap, 2, prefix=prefix)
    snapshots = FileSnapshots(tmp_path / "snapshots", b"k" * 32)
    reference = snapshots.save("detect-1", b"state")
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for _ in range(5):
            await producer.send_and_wait(prefix + Topic.MENTIONS, b"x", partition=0)
            await producer.send_and_wait(prefix + Topic.COUNTS, b"x", partition=1)
    mentions, counts = TopicPartition(prefix + Topic.MENTIONS, 0), TopicPartition(prefix + Topic.COUNTS, 1)
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=f"{prefix}workers", enable_auto_commit=False
    ) as consumer:
        consumer.assign([mentions, counts])
        noted = f'{{"snapshot": "{reference}", "mark": "2026-01-01T00:00:00Z"}}'
        await consumer.commit(
            {
                mentions: OffsetAndMetadata(1, '{"closed": 355104000, "next": 4}'),
                counts: OffsetAndMetadata(5, noted),
            }
        )
    health = await asked(runtime_for(kafka, valkey, prefix, 2, tmp_path), snapshots)
    by_place = {(one.stage, one.partition): one for one in health.stages}
    assert by_place["count", 0].lag == 1
    assert by_place["count", 0].mark.startswith("2026-04-07T00:00:00")
    assert (by_place["detect", 1].lag, by_place["detect", 1].snapshot) == (0, reference)
    assert set(by_place) == {(stage, number) for stage in STAGES for number in range(2)}
    assert health.problems == ["No worker runs and 1 messages wait; start one with `fenghuo worker` or `fenghuo up`."]


async def test_unequal_partitions_and_a_lost_snapshot_are_problems(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    await topics.ensure(kafka.bootstrap, 1, prefix=prefix)
    place = TopicPartition(prefix + Topic.DECIDE_IN, 0)
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=f"{prefix}workers", enable_auto_commit=False
    ) as consumer:
        consumer.assign([place])
        await consumer.commit({place: OffsetAndMetadata(0, '{"snapshot": "0123456789abcdef01234567"}')})
    health = await asked(
        runtime_for(kafka, valkey, prefix, 3, tmp_path), FileSnapshots(tmp_path / "snapshots", b"k" * 32)
    )
    said = "\n".join(health.problems)
    assert "has 1 partitions, but 3 are set for all" in said
    assert "Snapshots of decide 0 are missing or not genuine" in said


async def test_nothing_running_is_one_sentence_for_each_part(tmp_path: Path) -> None:
    runtime = Runtime(
        kafka="127.0.0.1:1", redis=SecretStr("redis://127.0.0.1:1/0"), prefix="none.", partitions=1, var=tmp_path
    )
    health = await asked(runtime, FileSnapshots(tmp_path, b"k" * 32))
    assert [part.name for part in health.parts if part.problem] == ["Kafka", "Redis"]
    assert health.stages == ()
