"""The Faust app of a worker: settings that FAUST.md measured, and the few calls behind Faust's public face.

Faust moves records and keeps the consumer group; it tracks no acks (``acks=False``) and commits nothing. Commits
with metadata go through the consumer's own thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faust
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from contracts.ports import Checkpoint
from fenghuo.adapters.prompt_fetch import PromptTransport
from fenghuo.adapters.weighed_queue import WeighedApp

FETCH_BYTES = 8_000_000
"""Of one partition at once: the evidence of a pane in which ten thousand speak comes in one answer, not in seven."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """The consumer group of a worker."""

    bootstrap: str
    group: str
    partitions: int
    datadir: Path
    member: str | None = None
    """Static membership: a worker that comes back under the same name within the session gets its partitions
    back at once, with no rebalance."""
    session_seconds: float = 6.0
    buffer: int = 8192


def make_app(settings: GroupSettings) -> faust.App:
    """A Faust app that is transport and nothing else."""
    brokers = ";".join(f"kafka://{one}" for one in settings.bootstrap.split(","))
    session = max(settings.session_seconds, 10.0) if settings.member else settings.session_seconds
    app = WeighedApp(
        settings.group,
        broker=brokers,
        datadir=str(settings.datadir),
        store="memory://",
        topic_partitions=settings.partitions,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        stream_wait_empty=False,
        stream_buffer_maxsize=settings.buffer,
        broker_session_timeout=session,
        broker_heartbeat_interval=1.0,
        broker_request_timeout=30.0,
        broker_rebalance_timeout=20.0,
        broker_commit_livelock_soft_timeout=10.0**9,
        broker_max_poll_records=None,
        producer_request_timeout=60.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=FETCH_BYTES,
        consumer_group_instance_id=settings.member,
        value_serializer="raw",
        key_serializer="raw",
    )
    app.transport = PromptTransport(app.conf.broker_consumer, app)
    return app


async def commit(app: faust.App, topic: str, partition: int, made: Checkpoint) -> None:
    """Commit offset and metadata for this generation; raises what aiokafka raises."""
    consumer: Any = app.consumer
    thread = consumer._thread  # noqa: SLF001 - Faust commits empty metadata only

    async def inside() -> None:
        where = TopicPartition(topic, partition)
        await thread._consumer.commit({where: OffsetAndMetadata(made.offset, made.metadata)})  # noqa: SLF001

    await thread.call_thread(inside)


async def committed(app: faust.App, topic: str, partition: int) -> Checkpoint | None:
    """What was last committed for a partition, metadata included."""
    consumer: Any = app.consumer
    thread = consumer._thread  # noqa: SLF001 - the public committed() gives no metadata
    where = TopicPartition(topic, partition)

    async def inside() -> Any:
        return await thread._consumer._coordinator.fetch_committed_offsets([where])  # noqa: SLF001

    found = (await thread.call_thread(inside)).get(where)
    if found is None or found.offset < 0:
        return None
    return Checkpoint(found.offset, found.metadata or "")
