"""Which acknowledgement links were used, in Redis: the same for every process that shows the page."""

from __future__ import annotations

from datetime import datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.clock import Clock
from contracts.errors import Unavailable


class OnceInRedis:
    """Implements :class:`alerts.once.Once`; raises Unavailable while Redis is away.

    A server that lost its memory forgets which links were used; the log still takes each command once.
    """

    def __init__(self, redis: Redis, prefix: str, clock: Clock) -> None:
        self._redis = redis
        self._prefix = f"{prefix}once:"
        self._clock = clock

    async def first(self, name: str, until: datetime) -> bool:
        """Whether nobody asked for ``name`` before."""
        seconds = max(1, int((until - self._clock.now()).total_seconds()) + 1)
        try:
            return bool(await self._redis.set(self._prefix + name, "1", nx=True, ex=seconds))
        except (RedisError, OSError) as error:
            raise _away(error) from error

    async def used(self, name: str) -> bool:
        """Whether somebody asked for ``name``."""
        try:
            return bool(await self._redis.exists(self._prefix + name))
        except (RedisError, OSError) as error:
            raise _away(error) from error

    async def undo(self, name: str) -> None:
        """As if it had not been asked for."""
        try:
            await self._redis.delete(self._prefix + name)
        except (RedisError, OSError) as error:
            raise _away(error) from error


def _away(error: Exception) -> Unavailable:
    return Unavailable(f"Redis does not answer ({type(error).__name__}), so a link cannot be used just now")
