"""Who goes first when a worker has everything to do at once: what leads to a warning, before counting for the next.

All stages of a worker share one processor. When a pane ends, judging it and deciding are what people wait for, and
mentions that come meanwhile belong to the next pane, which ends seconds later. So counting waits for as long as a batch
is being judged or decided. It does not wait for a state that is built anew from the log, which takes minutes, and
others wait for what is counted here; and nothing waits for notifying, which may hang on a receiver.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

FIRST = frozenset({"detect", "decide"})
LAST = frozenset({"count"})


class Turns:
    """Shared by the stages of one worker.

    >>> turns = Turns()
    >>> async def both() -> list[str]:
    ...     seen = []
    ...     async def one(stage: str) -> None:
    ...         await turns.come(stage)
    ...         with turns.taken(stage):
    ...             await asyncio.sleep(0.01 if stage == "detect" else 0)
    ...             seen.append(stage)
    ...     await asyncio.gather(one("detect"), one("count"), one("notify"))
    ...     return seen
    >>> asyncio.run(both())
    ['notify', 'detect', 'count']
    """

    def __init__(self) -> None:
        self._busy = 0
        self._clear = asyncio.Event()
        self._clear.set()

    async def come(self, stage: str) -> None:
        """Wait until ``stage`` may begin with a batch."""
        while stage in LAST and self._busy:
            await self._clear.wait()

    @contextmanager
    def taken(self, stage: str) -> Iterator[None]:
        """Around the handling of messages by ``stage``."""
        if stage not in FIRST:
            yield
            return
        self._busy += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._clear.set()
