"""Seen ids in Redis: which mention ids were counted, and at which position of the log.

One Lua call a batch. Beside the ids it keeps, for each partition, the offset up to which ids are known: a
server that lost some (restart without persistence, an old dump, eviction) is recognised by that, and the caller
reads the log's last hours again before anything is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, TimeoutError

from contracts.errors import Unavailable

CHUNK = 4_000

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
        self._script: AsyncScript = redis.register_script(_REGISTER)
        self._prefix = prefix
        self._horizon = horizon

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """Whether each id counts; ``None`` when ids before ``after`` were lost. Raises Unavailable."""
        answer: list[bool] = []
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            reached = upto if start + CHUNK >= len(ids) else after
            flags = await self._call(partition, after, reached, chunk)
            if flags is None:
                return None
            answer.extend(flags)
        return answer

    async def restore(self, partition: int, upto: int, ids: Iterable[tuple[bytes, str, int]]) -> None:
        """Register ids read again from the log, then declare everything before ``upto`` known."""
        rest = iter(ids)
        while chunk := list(islice(rest, CHUNK)):
            await self._call(partition, 0, 0, chunk)
        await self._call(partition, 0, upto, [])

    async def _call(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        flat: list[bytes | str | int] = []
        for one in ids:
            flat.extend(one)
        keep = 2 * self._horizon + 3_600
        head: list[bytes | str | int] = [after, upto, self._horizon, keep, f"{self._prefix}id:"]
        try:
            flags = await self._script(keys=[f"{self._prefix}upto:{partition}"], args=[*head, *flat])
        except (RedisConnectionError, TimeoutError) as error:
            raise Unavailable(f"Redis does not answer ({type(error).__name__}); counting waits for it") from error
        except RedisError as error:
            raise Unavailable(f"Redis refused to register ids: {error}") from error
        return None if flags is None else [flag == 1 for flag in flags]
