"""The store of seen ids, on a real Valkey and in memory: one suite for both, and what only a server can suffer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from contracts.ports import SeenIds
from fenghuo.adapters.seen_memory import MemorySeenIds
from fenghuo.adapters.seen_redis import CHUNK, RedisSeenIds
from fenghuo.local.valkey import Valkey

pytestmark = pytest.mark.valkey

HORIZON = 7200
Id = tuple[bytes, str, int]


@pytest.fixture(params=["memory", "valkey"])
async def seen(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[SeenIds]:
    if request.param == "memory":
        yield MemorySeenIds(HORIZON)
        return
    async with Redis.from_url(request.getfixturevalue("valkey").url) as redis:
        yield RedisSeenIds(redis, prefix, HORIZON)


def named(name: str, offset: int, when: int = 1_000_000) -> Id:
    return name.encode(), f"0:{offset}:0", when


async def portions(*parts: list[Id]) -> AsyncIterator[list[Id]]:
    for part in parts:
        yield part


async def test_an_id_counts_once_and_again_only_at_its_own_position(seen: SeenIds) -> None:
    assert await seen.register(0, 0, 2, [named("a", 0), named("a", 1), named("b", 1)]) == [True, False, True]
    assert await seen.register(0, 0, 2, [named("a", 0), named("a", 1), named("b", 1)]) == [True, False, True]
    assert await seen.register(0, 2, 3, [named("b", 2)]) == [False]


async def test_ids_may_hold_any_bytes_and_a_position_is_compared_as_a_whole(seen: SeenIds) -> None:
    odd = [b";|%a", b"\0\xff\n;", b"    "]
    assert await seen.register(0, 0, 1, [(one, "0:0:1", -5) for one in odd]) == [True] * 3
    assert await seen.register(0, 1, 2, [(one, "0:0:11", -5) for one in odd]) == [False] * 3
    assert await seen.register(0, 0, 2, [(one, "0:0:1", -5) for one in odd]) == [True] * 3


async def test_beyond_the_horizon_an_id_is_new(seen: SeenIds) -> None:
    first = await seen.register(0, 0, 1, [named("a", 0, 1_000_000)])
    edge = await seen.register(0, 1, 2, [named("a", 1, 1_000_000 + HORIZON)])
    beyond = await seen.register(0, 2, 3, [named("a", 2, 1_000_001 + HORIZON)])
    assert (first, edge, beyond) == ([True], [False], [True])


async def test_ids_before_the_batch_must_be_known(seen: SeenIds) -> None:
    assert await seen.register(0, 5, 6, [named("b", 5)]) is None
    await seen.restore(0, 5, lambda: portions([named("a", 3)], [], [named("b", 4)]))
    assert await seen.register(0, 5, 6, [named("b", 5), named("c", 5)]) == [False, True]
    assert await seen.register(1, 5, 6, [named("b", 5)]) is None, "each partition for itself"


async def test_messages_without_ids_are_no_gap(seen: SeenIds) -> None:
    """Marks alone carry no ids; what follows them must not look like a loss."""
    assert await seen.register(0, 0, 1, [named("a", 0)]) == [True]
    assert await seen.register(0, 1, 9, []) == []
    assert await seen.register(0, 9, 10, [named("a", 9)]) == [False]


async def test_a_server_that_lost_everything_is_recognised(own_valkey: Valkey, prefix: str) -> None:
    async with Redis.from_url(own_valkey.url) as redis:
        seen = RedisSeenIds(redis, prefix, HORIZON)
        assert await seen.register(0, 0, 1, [named("a", 0)]) == [True]
        own_valkey.kill()
        await asyncio.to_thread(own_valkey.restart)
        assert await seen.register(0, 1, 2, [named("a", 1)]) is None


async def test_while_the_server_is_away_it_waits(own_valkey: Valkey, prefix: str) -> None:
    async with Redis.from_url(own_valkey.url) as redis:
        seen = RedisSeenIds(redis, prefix, HORIZON)
        await seen.register(0, 0, 1, [named("a", 0)])
        own_valkey.kill()
        waiting = asyncio.create_task(seen.register(0, 0, 1, [named("a", 0)]))
        await asyncio.wait([waiting], timeout=0.3)
        assert not waiting.done()
        await asyncio.to_thread(own_valkey.restart)
        assert await waiting == [True]


async def test_how_far_ids_are_known_is_forgotten_before_the_ids(valkey: Valkey, prefix: str) -> None:
    """After a stand-still of hours no id of the horizon may be gone while it counts as known."""
    async with Redis.from_url(valkey.url) as redis:
        await RedisSeenIds(redis, prefix, HORIZON).register(0, 0, 1, [named("a", 0)])
        known, name = await redis.ttl(f"{prefix}upto:0"), await redis.ttl(f"{prefix}id:a")
        assert 0 < known <= name - HORIZON


class Unlucky(RedisSeenIds):
    """Its server restarts after the first portion of ids."""

    server: Valkey
    portions = 0

    async def _call(self, partition: int, after: int, upto: int, ids: list[Id]) -> list[bool] | None:  # type: ignore[override]
        answer = await super()._call(partition, after, upto, ids)
        self.portions += 1
        if self.portions == 1:
            self.server.kill()
            await asyncio.to_thread(self.server.restart)
        return answer


async def test_a_restart_in_the_middle_of_many_ids_loses_none(own_valkey: Valkey, prefix: str) -> None:
    many = [named(f"{number:05}", 0) for number in range(CHUNK + 10)]
    async with Redis.from_url(own_valkey.url) as redis:
        seen = Unlucky(redis, prefix, HORIZON)
        seen.server = own_valkey
        assert await seen.register(0, 0, 1, many) is None, "the first portion is forgotten"
        seen.portions = 0
        await seen.restore(0, 1, lambda: portions(many[:CHUNK], many[CHUNK:]))
        assert await seen.register(0, 1, 2, [named(f"{0:05}", 1), named(f"{CHUNK:05}", 1)]) == [False, False]
