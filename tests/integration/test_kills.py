"""Nothing lost, nothing twice, on real parts: the small soak, its sabotage, and what else may happen to a worker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.published import Published, compare
from bench.soak import PARTITIONS, Plan, soak
from bench.storm import Storm, soak_config
from contracts.topics import PIPELINE, Topic
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.settings import load_config
from tests.integration.stack import ROOT, Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.valkey, pytest.mark.slow]

SMALL = Plan(kills=2, judging_kills=1, freezes=(), servers=False, sending=4)


async def test_three_kills_lose_nothing_and_count_nothing_twice(
    own_kafka: Kafka, own_valkey: Valkey, tmp_path: Path
) -> None:
    """The issue's small soak: 20 000 mentions, 3 kills of workers whose panes are open."""
    result = await soak(Storm(20_000, 1), SMALL, own_kafka, own_valkey, tmp_path, calm=False)
    assert result.kills == 3
    assert result.killed_with["open partitions"] >= 3
    assert result.killed_with["uncommitted for judging"] > 0
    assert result.exact, result.line()
    assert result.incidents >= 1
    assert result.telling.due >= 1


async def test_without_closed_the_same_kills_are_found_out(
    own_kafka: Kafka, own_valkey: Valkey, tmp_path: Path
) -> None:
    """The number beside the offset is what makes it exact: workers that forget it count too low."""
    plan = Plan(kills=3, judging_kills=0, freezes=(), servers=False, sending=4, forget_closed=True)
    result = await soak(Storm(6_000, 1), plan, own_kafka, own_valkey, tmp_path, calm=False)
    assert not result.exact
    assert result.wrong.low > 0, result.line()


async def test_a_worker_whose_valkey_is_away_waits_and_goes_on(
    kafka: Kafka, own_valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    pipeline, storm = _pipeline(kafka, own_valkey, prefix, tmp_path), Storm(2_000, 3)
    steps = list(storm.steps(PARTITIONS))
    async with _Bus(pipeline) as bus:
        pipeline.add_worker()
        await pipeline.shared_by(1)
        for step in steps[: len(steps) // 2]:
            await bus.send(step)
        await pipeline.until(pipeline.all_counted, bool)
        own_valkey.kill()
        for step in steps[len(steps) // 2 :]:
            await bus.send(step)
        await pipeline.until(lambda: asyncio.to_thread(pipeline.logs), lambda said: "counting waits for it" in said)
        await asyncio.to_thread(own_valkey.restart)
        await pipeline.caught_up(*PIPELINE)
        assert [worker.starts for worker in pipeline.workers] == [1], pipeline.logs()
        await _exact(pipeline, storm)


async def test_a_third_worker_that_joins_and_one_that_leaves_lose_nothing(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    """Partitions move twice while mentions come, with panes open at every hand-over."""
    pipeline, storm = _pipeline(kafka, valkey, prefix, tmp_path, partitions=6), Storm(6_000, 4)
    steps = list(storm.steps(pipeline.partitions))
    async with _Bus(pipeline) as bus:
        pipeline.add_worker()
        pipeline.add_worker()
        before = await pipeline.shared_by(2)
        sending = asyncio.create_task(_send(bus, steps[:-8]))
        pipeline.add_worker(static=False)
        after = await pipeline.shared_by(3)
        mentions = prefix + Topic.MENTIONS
        assert any(after[member][mentions] < held[mentions] for member, held in before.items()), (before, after)
        await sending
        assert await pipeline.open_partitions()
        assert pipeline.workers.pop().stop() in (0, -15)
        await _send(bus, steps[-8:])
        await pipeline.caught_up(*PIPELINE)
        await _exact(pipeline, storm)


class _Bus:
    """Topics and a bus for one test; the workers end with it."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._bus = KafkaBus(pipeline.bootstrap, pipeline.prefix)

    async def __aenter__(self) -> KafkaBus:
        await self._pipeline.prepare()
        return self._bus

    async def __aexit__(self, *_: object) -> None:
        await self._bus.stop()
        self._pipeline.stop()


def _pipeline(kafka: Kafka, valkey: Valkey, prefix: str, folder: Path, partitions: int = PARTITIONS) -> Pipeline:
    config = soak_config(ROOT / "config", folder / "config")
    more = {"FENGHUO_READER": "thirty-words"}
    return Pipeline(kafka.bootstrap, valkey.url, prefix, folder, partitions, config, more=more)


async def _send(bus: KafkaBus, steps: list[list]) -> None:  # type: ignore[type-arg]
    for step in steps:
        await bus.send(step)


async def _exact(pipeline: Pipeline, storm: Storm) -> None:
    published = Published().take(await pipeline.read(Topic.COUNTS))
    wrong = compare(storm.truth(load_config(pipeline.config).panes), published.sums())
    assert (wrong.low, wrong.high, published.changed) == (0, 0, 0)
