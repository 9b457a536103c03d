"""Ended sessions in memory and in a real Valkey: one suite for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from contracts.clock import SystemClock
from contracts.desk import Endings
from contracts.errors import Unavailable
from fenghuo.adapters.endings import MemoryEndings, RedisEndings

pytestmark = pytest.mark.valkey


@pytest.fixture(params=["memory", "valkey"])
async def endings(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Endings]:
    if request.param == "memory":
        yield MemoryEndings(SystemClock())
        return
    async with Redis.from_url(request.getfixturevalue("valkey").url) as redis:
        yield RedisEndings(redis, prefix)


async def test_what_was_ended_is_over_and_nothing_else(endings: Endings) -> None:
    await endings.end("one", timedelta(hours=12))
    await endings.end("one", timedelta(hours=12))
    assert [await endings.ended(name) for name in ("one", "other")] == [True, False]


async def test_another_process_knows_it_and_it_is_forgotten_when_its_cookie_is_over(
    request: pytest.FixtureRequest, prefix: str
) -> None:
    url = request.getfixturevalue("valkey").url
    async with Redis.from_url(url) as here, Redis.from_url(url) as there:
        await RedisEndings(here, prefix).end("one", timedelta(hours=12))
        assert await RedisEndings(there, prefix).ended("one")
        assert not await RedisEndings(there, prefix + "x").ended("one")
        assert 0 < await there.ttl(f"{prefix}ended:one") <= 12 * 3_600


async def test_a_server_that_is_away_is_said() -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        with pytest.raises(Unavailable):
            await RedisEndings(redis, "p.").ended("one")
