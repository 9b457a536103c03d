"""Many requests, one send: items wait a moment for others, so that they travel in arrays.

Part of the intake's shell. Every waiter hears what became of its own items: the send that carried them has
returned, or has failed. One send runs at a time; what comes meanwhile goes with the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from contracts.errors import Unavailable

T = TypeVar("T")
CLOSE_SECONDS = 3.0
PATIENCE = 30.0
"""Seconds that a sender waits for the log before it hears that it must send again: a Kafka that dies takes what it is
given and answers nothing, for as long as it is away."""


class Gatherer(Generic[T]):
    """Gathers items for one sender.

    Parameters
    ----------
    send
        Takes items in the order they came; they are safe when it returns. What it raises, every waiter of
        these items gets.
    wait
        Seconds that the first item waits for others.
    size
        With so many items waiting, they go at once.
    bound
        More items than this never wait; :meth:`add` then raises Unavailable.
    """

    def __init__(
        self, send: Callable[[Sequence[T]], Awaitable[None]], *, wait: float, size: int = 500, bound: int = 100_000
    ) -> None:
        self._send = send
        self._wait = wait
        self._size = size
        self._bound = bound
        self._items: list[T] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._full = asyncio.Event()
        self._sending = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Items that were not yet sent."""
        return len(self._items) + self._sending

    async def add(self, items: Sequence[T]) -> None:
        """Return when all of ``items`` are safe; giving up waiting takes none of them back.

        Raises
        ------
        Unavailable
            Too many items wait already, the send failed so, or it took longer than :data:`PATIENCE`.
        Exception
            Whatever else the send raised.
        """
        if self.waiting + len(items) > self._bound and self.waiting:
            raise Unavailable("too much waits for the log already; send again in a moment", retry_after=2.0)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._items.extend(items)
        self._waiters.append(done)
        if len(self._items) >= self._size:
            self._full.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await in_time(done)

    async def close(self) -> None:
        """Send what waits and end; what is not sent by :data:`CLOSE_SECONDS` is given up, and its waiters hear so."""
        self._full.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSE_SECONDS)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        try:
            while self._waiters:
                await self._gathered()
                await self._send_waiting()
        finally:
            self._task = None
            _tell(self._waiters, Unavailable("intake is stopping; send again in a moment"))

    async def _send_waiting(self) -> None:
        items, self._items = self._items, []
        waiters, self._waiters = self._waiters, []
        self._full.clear()
        self._sending = len(items)
        try:
            await self._send(items)
        except Exception as error:
            _tell(waiters, error)
        except asyncio.CancelledError:
            _tell(waiters, Unavailable("intake is stopping; send again in a moment"))
            raise
        else:
            _tell(waiters, None)
        finally:
            self._sending = 0

    async def _gathered(self) -> None:
        """The time is up, or there is enough."""
        try:
            async with asyncio.timeout(self._wait):
                await self._full.wait()
        except TimeoutError:
            return


async def in_time(safe: Awaitable[None]) -> None:
    """Wait for ``safe`` as long as :data:`PATIENCE`, then raise Unavailable."""
    try:
        async with asyncio.timeout(PATIENCE):
            await safe
    except TimeoutError:
        raise Unavailable("the log does not answer; send again in a moment", retry_after=2.0) from None


def _tell(waiters: Sequence[asyncio.Future[None]], failure: Exception | None) -> None:
    for waiter in waiters:
        if waiter.done():
            continue
        if failure is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(failure)
