"""An acknowledgement link against real parts: a worker that decides and fills the view, Kafka, Valkey, the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from alerts.view.shelf import FoldedView
from contracts.clock import SystemClock
from contracts.codec import encode_mixed
from contracts.ports import Out
from contracts.records import IncidentEventKind, Tier
from contracts.series import partition_of
from contracts.topics import Topic
from contracts.view import IncidentCard
from fenghuo.acknowledging import ack_pages, make_links
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.adapters.once_redis import OnceInRedis
from fenghuo.adapters.view_redis import redis_view
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.settings import Runtime
from tests.integration.stack import KEY, Pipeline
from tests.unit.alerts.given import at, mark, signal

pytestmark = [pytest.mark.kafka, pytest.mark.valkey]


@asynccontextmanager
async def living(kafka: Kafka, valkey: Valkey, prefix: str, folder: Path) -> AsyncIterator[tuple[Runtime, KafkaBus]]:
    """A worker that decides and fills the view, and a way to send."""
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, folder)
    runtime = Runtime(
        kafka=kafka.bootstrap,
        redis=SecretStr(valkey.url),
        prefix=prefix,
        partitions=pipeline.partitions,
        key=SecretStr(KEY),
        url="http://fenghuo.test",
    )
    await pipeline.prepare()
    bus = KafkaBus(kafka.bootstrap, prefix)
    pipeline.add_worker(stages=("decide", "view"))
    try:
        yield runtime, bus
    finally:
        pipeline.stop()
        await bus.stop()


async def shown(view: FoldedView, last: IncidentEventKind) -> IncidentCard:
    """The one open incident, as soon as its last change is this one (a grave one has its plan started at once)."""
    async with asyncio.timeout(90):
        while True:
            cards = await view.open_incidents()
            if cards and cards[0].last is last:
                return cards[0]
            await asyncio.sleep(0.2)


async def test_a_link_shows_its_page_to_anybody_and_acknowledges_once(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    async with living(kafka, valkey, prefix, tmp_path) as (runtime, bus), Redis.from_url(valkey.url) as redis:
        view = redis_view(redis, prefix)
        story = encode_mixed([signal(5, 3.0), mark(5)])
        await bus.send([Out(Topic.DECIDE_IN, "Delta", story, partition_of("Delta", runtime.partitions))])
        card = await shown(view, IncidentEventKind.PLAN_STARTED)
        found = await view.incident(card.incident)
        links, pages = make_links(runtime), ack_pages(runtime, bus, SystemClock())
        assert found is not None and links is not None and pages is not None
        link = links.make(found.events[0], "lin", SystemClock().now())
        app = FastAPI()
        app.include_router(pages)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            for _ in range(3):  # a chat program and two mail scanners
                assert (await client.get(link)).status_code == 200
            await bus.send(
                [Out(Topic.DECIDE_IN, "Delta", encode_mixed([mark(10)]), partition_of("Delta", runtime.partitions))]
            )
            (card,) = await view.open_incidents()
            assert (card.owner, card.seq) == ("", 1)
            pressed = [await client.post(link) for _ in range(2)]
            assert [one.status_code for one in pressed] == [200, 409]
            assert all("lin has taken it on" in one.text for one in pressed)
            other = await client.get(links.make(found.events[0], "wang", SystemClock().now()))
            assert (other.status_code, "<button" in other.text) == (409, False)
            assert "lin has taken it on already" in other.text
        card = await shown(view, IncidentEventKind.ACKNOWLEDGED)
        assert (card.owner, card.tier, card.since) == ("lin", Tier.ORANGE, at(5))
        assert card.seq == 2


async def test_links_are_used_once_however_many_processes_show_the_page(valkey: Valkey, prefix: str) -> None:
    clock = SystemClock()
    async with Redis.from_url(valkey.url) as redis:
        one, other = OnceInRedis(redis, prefix, clock), OnceInRedis(redis, prefix, clock)
        until = clock.now()
        assert [await one.first("a", until), await other.first("a", until), await other.first("b", until)] == [
            True,
            False,
            True,
        ]
        assert [await other.used("a"), await one.used("c")] == [True, False]
        await one.undo("a")
        assert await other.first("a", until)
