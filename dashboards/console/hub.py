"""Fans the live view's notices out to open pages: one listener of the view, any number of pages.

A page that takes notices too slowly is told once to read everything again, so that memory stays bounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

from contracts.errors import FenghuoError
from contracts.view import Change, ChangeKind, LiveView

log = logging.getLogger(__name__)

MOST_WAITING = 256
MISSED = Change(kind=ChangeKind.MISSED)


class Hub:
    """Listens to the view while at least one page does."""

    def __init__(self, view: LiveView) -> None:
        self._view = view
        self._pages: set[asyncio.Queue[Change]] = set()
        self._task: asyncio.Task[None] | None = None
        self.version = 0
        """Grows with every notice."""

    @property
    def listening(self) -> bool:
        """Whether notices are heard, so that what was read at :attr:`version` still holds while it is the same."""
        return self._task is not None and not self._task.done()

    async def listen(self, beat: float, gather: float) -> AsyncGenerator[list[Change], None]:
        """Notices from now on, those within ``gather`` seconds together; none whenever ``beat`` seconds passed without.

        The first is always ``missed``: read everything once.
        """
        queue: asyncio.Queue[Change] = asyncio.Queue(MOST_WAITING)
        self._pages.add(queue)
        if not self.listening:
            self._task = asyncio.create_task(self._run())
        try:
            yield [MISSED]
            while True:
                try:
                    found = [await asyncio.wait_for(queue.get(), beat)]
                except TimeoutError:
                    yield []
                    continue
                await asyncio.sleep(gather)
                while not queue.empty():
                    found.append(queue.get_nowait())
                yield found
        finally:
            self._pages.discard(queue)
            if not self._pages:
                await self.close()

    async def close(self) -> None:
        """Listen no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                async for change in self._view.changes():
                    self._tell(change)
            except FenghuoError as error:
                log.warning("the live view is away: %s", error)
            await asyncio.sleep(1.0)
            self._tell(MISSED)

    def _tell(self, change: Change) -> None:
        self.version += 1
        for queue in self._pages:
            full = queue.full()
            while full and not queue.empty():
                queue.get_nowait()
            queue.put_nowait(MISSED if full else change)
