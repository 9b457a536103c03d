"""Seen ids in Redis: which mention ids were counted, and at which position of the log.

One Lua call a batch, with all ids in one string, and the answer in another: a client spends more time on a thousand
arguments than the server on a thousand ids. Beside the ids it keeps, for each partition, the offset up to which ids
are known: a server that lost some (restart without persistence, an old dump, eviction) is recognised by that, and the
caller reads the log's last hours again before anything is counted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CHUNK = 4_000
_COUNTS = ord("1")
FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0

_REGISTER = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known < tonumber(ARGV[1]) then return false end
local horizon, keep, prefix, width, ids = tonumber(ARGV[3]), ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7]
local answer, start = {}, 1
for value in string.gmatch(ARGV[8], '[^;]+') do
  local key = prefix .. string.sub(ids, start, start + width - 1)
  start = start + width
  local found = redis.call('SET', key, value, 'NX', 'GET', 'EX', keep)
  local counts = '1'
  if found then
    local bar, held = string.find(value, '|', 1, true), string.find(found, '|', 1, true)
    if string.sub(found, 1, held) ~= string.sub(value, 1, bar)
       and math.abs(tonumber(string.sub(value, bar + 1)) - tonumber(string.sub(found, held + 1))) <= horizon
    then counts = '0' else redis.call('SET', key, value, 'EX', keep) end
  end
  answer[#answer + 1] = counts
end
if known < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[2], 'EX', tonumber(keep) - horizon) end
return table.concat(answer)
"""


class RedisSeenIds:
    """Implements :class:`contracts.ports.SeenIds`.

    Parameters
    ----------
    redis
        A client for a server (Valkey, or Redis 7 and newer) with ``maxmemory-policy noeviction``.
    prefix
        Put before every key; one prefix for one pipeline.
    horizon
        Seconds of event time during which a repeated id is a repeat. Keys are kept for more than twice as long of
        wall-clock time, and how far ids are known for a horizon less: a pipeline that stood still for hours finds that
        gone while the ids are still there, and reads the log's last hours again.
    """

    def __init__(self, redis: Redis, prefix: str, horizon: int) -> None:
        self._redis = redis
        self._script: AsyncScript = redis.register_script(_REGISTER)
        self._prefix = prefix
        self._horizon = horizon

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """Whether each id counts; ``None`` when ids before ``after`` were lost. While Redis is away it waits.

        The ids of one call have the same length (those of the counting stage have twelve bytes).
        """
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

    async def restore(
        self, partition: int, upto: int, read: Callable[[], AsyncIterator[Sequence[tuple[bytes, str, int]]]]
    ) -> None:
        """Register ids read again from the log, then declare everything before ``upto`` known."""
        while True:
            server = await self._server()
            held: list[tuple[bytes, str, int]] = []
            async for ids in read():
                held.extend(ids)
                if len(held) >= CHUNK:
                    await self._call(partition, 0, 0, held)
                    held = []
            await self._call(partition, 0, 0, held)
            await self._call(partition, 0, upto, [])
            if await self._server() == server:
                return
            log.warning("Redis was restarted while ids were read into it; reading them in again")

    async def _call(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        width = len(ids[0][0]) if ids else 0
        if any([len(name) != width for name, _, _ in ids]):
            raise ValueError("the ids of one call must all have the same length")
        names = b"".join([name for name, _, _ in ids])
        values = ";".join([f"{position}|{when}" for _, position, when in ids])
        keep = 2 * self._horizon + 3_600
        args: list[bytes | str | int] = [after, upto, self._horizon, keep, f"{self._prefix}id:", width, names, values]
        keys = [f"{self._prefix}upto:{partition}"]
        flags = await patiently(lambda: self._script(keys=keys, args=args))
        return None if flags is None else [flag == _COUNTS for flag in flags]

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
