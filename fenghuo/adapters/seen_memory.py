"""Seen ids in this process's memory: the twin of :mod:`fenghuo.adapters.seen_redis`, for replay and tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

SLACK = 3_600


class MemorySeenIds:
    """Implements :class:`contracts.ports.SeenIds`; lost with the process, so one partition must not outlive it.

    Parameters
    ----------
    horizon
        Seconds of event time during which a repeated id is a repeat.

    >>> import asyncio
    >>> seen = MemorySeenIds(horizon=7200)
    >>> asyncio.run(seen.register(0, 0, 2, [(b"a", "0:0:0", 100), (b"a", "0:1:0", 100)]))
    [True, False]
    >>> asyncio.run(seen.register(0, 0, 2, [(b"a", "0:0:0", 100)]))
    [True]
    """

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._known: dict[bytes, tuple[str, int]] = {}
        self._upto: dict[int, int] = {}
        self._newest = 0
        self._swept = 0

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """Whether each id counts; ``None`` when ids before ``after`` are unknown here."""
        if self._upto.get(partition, 0) < after:
            return None
        self._upto[partition] = max(self._upto.get(partition, 0), upto)
        return [self._one(*one) for one in ids]

    async def restore(
        self, partition: int, upto: int, read: Callable[[], AsyncIterator[Sequence[tuple[bytes, str, int]]]]
    ) -> None:
        """Register ids read again from the log."""
        async for ids in read():
            for one in ids:
                self._one(*one)
        self._upto[partition] = max(self._upto.get(partition, 0), upto)

    def forget(self) -> None:
        """Lose everything, as a server without persistence does when it restarts."""
        self._known.clear()
        self._upto.clear()

    def _one(self, name: bytes, position: str, when: int) -> bool:
        known = self._known.get(name)
        if known is not None and known[0] != position and abs(when - known[1]) <= self._horizon:
            return False
        self._known[name] = (position, when)
        self._sweep(when)
        return True

    def _sweep(self, when: int) -> None:
        self._newest = max(self._newest, when)
        if self._newest - self._swept > self._horizon:
            self._swept = self._newest
            oldest = self._newest - 2 * self._horizon - SLACK
            self._known = {name: value for name, value in self._known.items() if value[1] >= oldest}
