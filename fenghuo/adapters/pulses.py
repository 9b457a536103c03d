"""Signs of life of all processes: in Redis, and the twin in memory."""

from __future__ import annotations

from collections.abc import Mapping

from redis.asyncio import Redis

from contracts.clock import Clock
from fenghuo.adapters.view_redis import asked
from fenghuo.pulse import Beat, Place


class RedisPulses:
    """Implements :class:`fenghuo.pulse.Pulses`: one hash, a field for each stage and partition."""

    def __init__(self, redis: Redis, prefix: str, clock: Clock) -> None:
        self._redis = redis
        self._key = f"{prefix}pulse"
        self._clock = clock

    async def leave(self, positions: Mapping[Place, int]) -> None:
        """These stages stand here now."""
        mark = self._clock.now().timestamp()
        fields = {f"{stage}:{partition}": f"{at}:{mark}" for (stage, partition), at in positions.items()}
        if fields:
            await asked(lambda: self._redis.hset(self._key, mapping=dict(fields.items())))

    async def found(self) -> dict[Place, Beat]:
        """The last sign of life of every stage and partition."""
        fields = await asked(lambda: self._redis.hgetall(self._key))
        return {_place(name.decode()): _beat(value.decode()) for name, value in fields.items()}


class MemoryPulses:
    """Implements :class:`fenghuo.pulse.Pulses` for one process."""

    def __init__(self) -> None:
        self._beats: dict[Place, Beat] = {}
        self._count = 0

    async def leave(self, positions: Mapping[Place, int]) -> None:
        """These stages stand here now."""
        self._count += 1
        self._beats.update({place: Beat(at, str(self._count)) for place, at in positions.items()})

    async def found(self) -> dict[Place, Beat]:
        """The last sign of life of every stage and partition."""
        return dict(self._beats)


def _place(field: str) -> Place:
    stage, _, partition = field.rpartition(":")
    return stage, int(partition)


def _beat(value: str) -> Beat:
    position, _, mark = value.partition(":")
    return Beat(int(position), mark)
