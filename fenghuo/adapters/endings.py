"""Sessions that people have ended, known to every console process: in Redis, and the twin in memory."""

from __future__ import annotations

from datetime import timedelta

from redis.asyncio import Redis

from contracts.clock import Clock
from fenghuo.adapters.view_redis import asked


class RedisEndings:
    """Implements :class:`contracts.desk.Endings`: one key a session, which goes when its cookie is over anyway."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis = redis
        self._prefix = f"{prefix}ended:"

    async def end(self, session: str, length: timedelta) -> None:
        """Its cookie is good for nothing; raises Unavailable."""
        seconds = max(1, int(length.total_seconds()))
        await asked(lambda: self._redis.set(self._prefix + session, b"1", ex=seconds))

    async def ended(self, session: str) -> bool:
        """Whether somebody has ended it; raises Unavailable."""
        return bool(await asked(lambda: self._redis.exists(self._prefix + session)))


class MemoryEndings:
    """Implements :class:`contracts.desk.Endings` for one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    async def end(self, session: str, length: timedelta) -> None:
        """Its cookie is good for nothing."""
        now = self._clock.monotonic()
        self._until = {name: until for name, until in self._until.items() if until > now}
        self._until[session] = now + length.total_seconds()

    async def ended(self, session: str) -> bool:
        """Whether somebody has ended it."""
        return self._until.get(session, 0.0) > self._clock.monotonic()
