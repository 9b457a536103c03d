"""A correction on a real Kafka: taught by the command, learned by a worker, read with by all, also after a kill."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from contracts.clock import SystemClock
from contracts.codec import decode, decode_mixed, encode
from contracts.ports import Out
from contracts.records import Batch, Mention, ModelVersion, PaneCounts
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from tests.integration.living import command
from tests.integration.stack import Pipeline

PARTITIONS = 2
ODD = "杯垫花纹总是对不上"


async def say(bus: KafkaBus, name: str, at: datetime, *, last: bool = False) -> None:
    """One mention with the odd text; ``last`` ends its source in every partition."""
    given = {"id": name, "ts": at, "received_at": at, "source": "shop", "channel": "web", "brand": "Delta", "text": ODD}
    batch = Batch(source="shop", lateness=0, mentions=(Mention.model_validate(given),))
    await bus.send([Out(Topic.MENTIONS, "shop", encode(batch), partition_of(name, PARTITIONS))])
    if last:
        end = encode(Batch(source="shop", lateness=0, progress=at + timedelta(minutes=5), end=True))
        await bus.send([Out(Topic.MENTIONS, "shop", end, partition) for partition in range(PARTITIONS)])


async def versions(pipeline: Pipeline) -> list[ModelVersion]:
    found = [decode(Batch, one.value).version for one in await pipeline.read(Topic.MENTIONS)]
    return [one for one in found if one is not None]


async def categories(pipeline: Pipeline) -> dict[str, str]:
    records = (one for message in await pipeline.read(Topic.COUNTS) for one in decode_mixed(message.value))
    return {one.id: one.category for record in records if isinstance(record, PaneCounts) for one in record.evidence}


async def test_a_correction_is_learned_and_holds_for_what_comes_after(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, PARTITIONS)
    await pipeline.prepare()
    bus = KafkaBus(kafka.bootstrap, prefix)
    worker = pipeline.add_worker()
    try:
        await pipeline.shared_by(1, seconds=120)
        await say(bus, "m1", SystemClock().now())
        await pipeline.until(pipeline.all_counted, bool)
        code, said = await asyncio.to_thread(
            command, pipeline, ("correct", "m1", "--category", "quality", "--by", "lin"), tmp_path
        )
        assert code == 0, said
        await pipeline.until(lambda: versions(pipeline), lambda found: len(found) == PARTITIONS)
        holds = (await versions(pipeline))[0].holds
        worker.kill()
        worker.start()
        await say(bus, "m2", holds - timedelta(seconds=1))
        await say(bus, "m3", holds + timedelta(seconds=1), last=True)
        wanted = {"m1": "other", "m2": "other", "m3": "quality"}
        await pipeline.until(lambda: categories(pipeline), lambda found: set(found) == set(wanted))
        assert await categories(pipeline) == wanted
        code, said = await asyncio.to_thread(command, pipeline, ("correct", "--list"), tmp_path)
        assert code == 0 and "1 corrections, 1 outcomes" in said and "published" in said, said
    finally:
        await bus.stop()
        pipeline.stop()
