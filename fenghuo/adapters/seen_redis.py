"""Seen ids in Redis: which mention ids were counted, and at which position of the log.

One Lua call a batch. Beside the ids it keeps, for each partition, the offset up to which ids are known: a
server that lost some (restart without persistence, an old dump, eviction) is recognised by that, and the caller
reads the log's last hours again before anything is counted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CHUNK = 4_000
FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0

_REGISTER = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known < tonumber(ARGV[1]) then return false end
local horizon, keep, prefix = tonumber(ARGV[3]), ARGV[4], ARGV[5]
local answer = {}
for i = 6, #ARGV, 3 do
  local key = prefix .. ARGV[i]
  local position, when = ARGV[i + 1], tonumber(ARGV[i + 2])
  local found = redis.call('GET', key)
  local counts = 1
  if found then
    local bar = string.find(found, '|', 1, true)
    if string.sub(found, 1, bar - 1) ~= position
       and math.abs(when - tonumber(string.sub(found, bar + 1))) <= horizon then counts = 0 end
  end
  if counts == 1 then redis.call('SET', key, position .. '|' .. ARGV[i + 2], 'EX', keep) end
  answer[#answer + 1] = counts
end
if known < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[2]) end
return answer
"""


class RedisSeenIds:
    """Implements :class:`contracts.ports.SeenIds`.

    Parameters
    ----------
    redis
        A client for a server with ``maxmemory-policy noeviction``.
    prefix
        Put before every key; one prefix for one pipeline.
    horizon
        Seconds of event time during which a repeated id is a repeat. Keys are kept for twice as long of
        wall-clock time: event time does not run slower than that while a pipeline is fed.
    """

    def __init__(self, redis: Redis, prefix: str, horizon: int) -> None:
        self._redis = redis
        self._script: AsyncScript = redis.register_script(_REGISTER)
        self._prefix = prefix
        self._horizon = horizon

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """Whether each id counts; ``None`` when ids before ``after`` were lost. While Redis is away it waits."""
        parts = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)] or [ids]
        server = await self._server() if len(parts) > 1 else ""
        answer: list[bool] = []
        for number, part in enumerate(parts, start=1):
            flags = await self._call(partition, after, upto if number == len(parts) else after, part)
            if flags is None:
                return None
            answer.extend(flags)
        if server and await self._server() != server:
            return None
        return answer

    async def restore(self, partition: int, upto: int, ids: Iterable[tuple[bytes, str, int]]) -> None:
        """Register ids read again from the log, then declare everything before ``upto`` known."""
        known = list(ids)
        while True:
            server = await self._server()
            for start in range(0, len(known), CHUNK):
                await self._call(partition, 0, 0, known[start : start + CHUNK])
            await self._call(partition, 0, upto, [])
            if await self._server() == server:
                return
            log.warning("Redis was restarted while ids were read into it; reading them in again")

    async def _call(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        flat: list[bytes | str | int] = []
        for one in ids:
            flat.extend(one)
        keep = 2 * self._horizon + 3_600
        head: list[bytes | str | int] = [after, upto, self._horizon, keep, f"{self._prefix}id:"]
        flags = await patiently(lambda: self._script(keys=[f"{self._prefix}upto:{partition}"], args=[*head, *flat]))
        return None if flags is None else [flag == 1 for flag in flags]

    async def _server(self) -> str:
        """Which run of the server this is: another one has forgotten what it was told."""
        info = await patiently(lambda: self._redis.info("server"))
        return str(info["run_id"])


async def patiently(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The answer, as soon as Redis gives one: registering twice is harmless, and nothing can be counted without it."""
    wait = FIRST_WAIT
    while True:
        try:
            return await ask()
        except RedisError as error:
            log.warning("Redis does not do its work (%s); counting waits for it", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
