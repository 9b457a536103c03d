"""Signs of life in memory and in a real Valkey, and the dead-man's switch over a real Kafka and a real worker."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from alerts.deadman import DeadManSettings
from contracts.clock import ManualClock, SystemClock
from contracts.errors import Unavailable
from fenghuo.adapters.ends import KafkaEnds
from fenghuo.adapters.pulses import MemoryPulses, RedisPulses
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.pulse import Pulses
from fenghuo.watchdog import READ, Watchdog
from tests.integration.stack import Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.valkey]

TOPICS = sorted({topic for read in READ.values() for topic in read})


@pytest.fixture(params=["memory", "valkey"])
async def pulses(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Pulses]:
    if request.param == "memory":
        yield MemoryPulses()
        return
    async with Redis.from_url(request.getfixturevalue("valkey").url) as redis:
        yield RedisPulses(redis, prefix, SystemClock())


async def test_signs_of_life_are_found_where_they_were_left(pulses: Pulses) -> None:
    assert await pulses.found() == {}
    await pulses.leave({})
    await pulses.leave({("count", 0): 7, ("decide", 11): 0})
    first = await pulses.found()
    assert {place: beat.position for place, beat in first.items()} == {("count", 0): 7, ("decide", 11): 0}
    await pulses.leave({("count", 0): 7})
    second = await pulses.found()
    assert second["count", 0] != first["count", 0]
    assert second["decide", 11] == first["decide", 11]


async def test_servers_that_are_away_are_said_so(prefix: str) -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        with pytest.raises(Unavailable):
            await RedisPulses(redis, prefix, SystemClock()).found()
    with pytest.raises(Unavailable):
        await KafkaEnds("127.0.0.1:1", prefix, TOPICS, 1)()


async def test_a_frozen_worker_silences_it_and_a_thawed_one_ends_that(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, partitions=2)
    await pipeline.prepare()
    clock, heard = ManualClock(datetime(2026, 3, 2, 12, tzinfo=UTC)), []
    ends = KafkaEnds(kafka.bootstrap, prefix, TOPICS, pipeline.partitions)

    async def speak() -> bool:
        heard.append(clock.now())
        return True

    async with Redis.from_url(valkey.url) as redis:
        settings = DeadManSettings.model_validate({"url": SecretStr("https://outside.test"), "every": "1s"})
        dog = Watchdog(ends, RedisPulses(redis, prefix, SystemClock()), speak, settings, clock)

        async def looks(until: Callable[[], bool]) -> None:
            """A look for each sign of life that the worker may leave; each is five seconds for the switch."""
            async with asyncio.timeout(240):
                while not until():
                    await dog.step()
                    clock.advance(5)
                    await asyncio.sleep(1.1)

        worker = pipeline.add_worker()
        try:
            await looks(lambda: len(heard) >= 3)
            worker.send(signal.SIGSTOP)
            for _ in range(24):
                await dog.step()
                clock.advance(5)
            assert dog.switch.still(clock.now())
            frozen = len(heard)
            await dog.step()
            assert len(heard) == frozen
            worker.send(signal.SIGCONT)
            await looks(lambda: len(heard) > frozen)
        finally:
            pipeline.stop()
            await ends.close()
