"""The live view filled from a real Kafka into a real Valkey: as it comes, emptied and filled again, by two at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from alerts.view.shelf import FoldedView
from contracts.clock import SystemClock
from contracts.codec import encode, encode_mixed
from contracts.ports import Out
from contracts.records import CommandKind, LedgerEntry, Record, Told
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.adapters.view_redis import redis_view
from fenghuo.cli import app
from fenghuo.local import topics
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.viewing import ViewFeed, rebuild
from tests.integration.test_live_view import Decider, everything
from tests.unit.alerts.given import at, command, mark, signal

pytestmark = [pytest.mark.kafka, pytest.mark.valkey]

PARTITIONS = 2
T = TypeVar("T")


def message(record: Record, partition: int) -> Out:
    """A record where deciding or telling would put it."""
    if isinstance(record, Told):
        return Out(Topic.NOTIFIED, record.brand, encode(record), partition)
    topic = Topic.SERIES if isinstance(record, LedgerEntry) else Topic.INCIDENTS
    return Out(topic, "decide", encode_mixed([record]), partition)


def night(partition: int) -> list[Out]:
    """Two incidents of one brand, of which one person is told; a plan that runs; a silence."""
    brand, decide = f"brand-{partition}", Decider()
    first = decide(signal(5, 4.0, brand=brand), mark(5, brand=brand))
    incident = next(one.incident for one in first if not isinstance(one, LedgerEntry) and hasattr(one, "incident"))
    hush = command(CommandKind.SILENCE, brand=brand, until=at(90_000).isoformat(), upto="yellow")
    later = decide(mark(7_200, brand=brand), hush, signal(50_000, 3.0, brand=brand), mark(50_000, brand=brand))
    told = Told(incident=incident, seq=0, brand=brand, receiver="desk", outcome="sent", told_at=at(6))
    return [message(one, partition) for one in (*first, told, *later)]


async def sent(bus: KafkaBus) -> dict[int, dict[str, int]]:
    """Send a night to each partition; how far a view that has read all of it stands."""
    outs = {number: night(number) for number in range(PARTITIONS)}
    await bus.send([one for sending in outs.values() for one in sending])
    return {number: dict(Counter(one.topic.value for one in sending)) for number, sending in outs.items()}


async def read(view: FoldedView) -> dict[int, dict[str, int]]:
    """How far the view stands."""
    return {number: dict(await view.positions(number)) for number in range(PARTITIONS)}


async def soon(ask: Callable[[], Awaitable[T]], true: Callable[[T], bool]) -> T:
    async with asyncio.timeout(60):
        while not true(answer := await ask()):
            await asyncio.sleep(0.1)
        return answer


@asynccontextmanager
async def sending(kafka: Kafka, prefix: str) -> AsyncIterator[KafkaBus]:
    """Topics, and a way to send to them."""
    await topics.ensure(kafka.bootstrap, PARTITIONS, prefix=prefix)
    bus = KafkaBus(kafka.bootstrap, prefix)
    try:
        yield bus
    finally:
        await bus.stop()


@asynccontextmanager
async def fed(kafka: Kafka, prefix: str, view: FoldedView) -> AsyncIterator[None]:
    """A feed that runs as long as the block."""
    feeding = asyncio.create_task(ViewFeed(kafka.bootstrap, prefix, view, SystemClock()).run())
    try:
        yield
    finally:
        feeding.cancel()
        with suppress(asyncio.CancelledError):
            await feeding


async def test_the_view_follows_the_log_and_comes_back_when_it_is_emptied(
    kafka: Kafka, valkey: Valkey, prefix: str
) -> None:
    log = KafkaLog(kafka.bootstrap, prefix)
    async with Redis.from_url(valkey.url) as redis, sending(kafka, prefix) as bus:
        view = redis_view(redis, prefix)

        async with fed(kafka, prefix, view):
            wanted = await sent(bus)
            await soon(lambda: read(view), wanted.__eq__)
            assert len(await view.open_incidents()) == PARTITIONS
            before = await everything(view)

            assert await rebuild(view, log, PARTITIONS) >= 0  # the feed may have been there first
            await soon(lambda: read(view), wanted.__eq__)
            assert await everything(view) == before

            await redis.flushall()  # a server that lost its memory
            await soon(lambda: read(view), wanted.__eq__)
            assert await everything(view) == before

        await view.clear()
        assert await view.open_incidents() == []
        taken = await rebuild(view, log, PARTITIONS)
        assert taken > 2 * PARTITIONS
        assert await everything(view) == before


async def test_two_feeds_share_the_partitions_and_show_what_one_would_show(
    kafka: Kafka, valkey: Valkey, prefix: str
) -> None:
    async with Redis.from_url(valkey.url) as redis, sending(kafka, prefix) as bus:
        view = redis_view(redis, prefix)
        async with fed(kafka, prefix, view), fed(kafka, prefix, view):
            wanted = await sent(bus)
            await soon(lambda: read(view), wanted.__eq__)
        alone = redis_view(redis, f"{prefix}alone.")
        await rebuild(alone, KafkaLog(kafka.bootstrap, prefix), PARTITIONS)
        assert await everything(view) == await everything(alone)


def test_the_command_empties_and_fills_it(
    kafka: Kafka, valkey: Valkey, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fill() -> None:
        async with sending(kafka, prefix) as bus:
            await sent(bus)

    asyncio.run(fill())
    for name, value in (("KAFKA", kafka.bootstrap), ("REDIS", valkey.url), ("PREFIX", prefix), ("PARTITIONS", "2")):
        monkeypatch.setenv(f"FENGHUO_{name}", value)
    for _ in range(2):
        answer = CliRunner().invoke(app, ["rebuild"])
        assert answer.exit_code == 0, answer.output
        assert f"{PARTITIONS} open incidents in the live view" in answer.output
