"""Comparisons that take longer than a page waits: each goes on in a thread, says how far it is, and can be stopped."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from contracts.desk import Judging, Retuned
from contracts.errors import Invalid

MOST_JOBS = 8
"""Comparisons under way or not yet fetched; of more, the oldest is stopped."""


class Stopped(Exception):
    """Nobody waits for it any more."""


@dataclass(slots=True)
class Progress:
    """How many rows were judged of how many; read and written by different threads."""

    done: int = 0
    total: int = 0
    stopped: bool = False

    def upto(self, done: int) -> None:
        """So many are done; raises :class:`Stopped` when nobody waits any more."""
        if self.stopped:
            raise Stopped
        self.done = done


@dataclass(slots=True)
class _Job:
    task: asyncio.Task[Retuned]
    progress: Progress


class Jobs:
    """The comparisons of one process.

    >>> async def quick() -> str:
    ...     made = await Jobs(patience=5.0).start(lambda progress: Retuned((), (), (), ()))
    ...     return type(made).__name__
    >>> asyncio.run(quick())
    'Retuned'
    """

    def __init__(self, patience: float = 0.3) -> None:
        self._patience = patience
        """Seconds that an answer waits for the end."""
        self._jobs: OrderedDict[str, _Job] = OrderedDict()

    async def start(self, work: Callable[[Progress], Retuned]) -> Retuned | Judging:
        """Begin; the result, or how far it is when it takes longer."""
        progress = Progress()
        name = secrets.token_hex(8)
        self._jobs[name] = _Job(asyncio.create_task(asyncio.to_thread(work, progress)), progress)
        while len(self._jobs) > MOST_JOBS:
            self.stop(next(iter(self._jobs)))
        return await self.look(name)

    async def look(self, name: str) -> Retuned | Judging:
        """The result, fetched once, or how far it is; raises what it raised, and Invalid when it is not known."""
        job = self._jobs.get(name)
        if job is None:
            raise Invalid("this comparison was stopped or fetched already; compare again")
        await asyncio.wait({job.task}, timeout=self._patience)
        if not job.task.done():
            return Judging(name, job.progress.done, job.progress.total)
        self._jobs.pop(name, None)
        try:
            return job.task.result()
        except Stopped:
            raise Invalid("this comparison was stopped; compare again") from None

    def stop(self, name: str) -> None:
        """Nobody waits for it any more; nothing happens when it is not known."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.progress.stopped = True
            job.task.add_done_callback(_heard)


def _heard(task: asyncio.Task[Retuned]) -> None:
    """What a stopped one raised is nobody's concern."""
    if not task.cancelled():
        task.exception()
