"""Which links were used: each works once."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Once(Protocol):
    """Remembers which links were used; raises Recoverable when it cannot."""

    async def first(self, name: str, until: datetime) -> bool:
        """Whether nobody asked for ``name`` before; it may be forgotten after ``until``."""

    async def used(self, name: str) -> bool:
        """Whether somebody asked for ``name``; asking this changes nothing."""

    async def undo(self, name: str) -> None:
        """As if it had not been asked for."""


class OnceInMemory:
    """The twin for one process: forgets with it, and the log still takes each command once.

    >>> import asyncio
    >>> from datetime import UTC
    >>> once, until = OnceInMemory(), datetime(2026, 1, 1, tzinfo=UTC)
    >>> [asyncio.run(once.first(name, until)) for name in ("a", "a", "b")]
    [True, False, True]
    """

    def __init__(self, most: int = 10_000) -> None:
        self._used: dict[str, datetime] = {}
        self._most = most

    async def first(self, name: str, until: datetime) -> bool:
        """Whether nobody asked for ``name`` before."""
        if name in self._used:
            return False
        self._used[name] = until
        if len(self._used) > self._most:
            del self._used[next(iter(self._used))]
        return True

    async def used(self, name: str) -> bool:
        """Whether somebody asked for ``name``."""
        return name in self._used

    async def undo(self, name: str) -> None:
        """As if it had not been asked for."""
        self._used.pop(name, None)
