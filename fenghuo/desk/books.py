"""The deciding state of the whole log, kept up to date by reading on; the words in the log; runs in the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from alerts.plans.events import PlanEvent
from contracts.records import Command
from fenghuo.live import Deps, Live
from fenghuo.saying import Around
from fenghuo.verdicts import in_force, read_words

Runs = Callable[[], dict[str, list[PlanEvent]]]


class LiveBooks:
    """Implements :class:`alerts.rest.office.Books`.

    The first question reads the workers' snapshots and the log behind them; each later one reads only what came since,
    so that an answer is as fresh as the log. After an error the state is built anew.

    Parameters
    ----------
    deps
        Makes what looking needs: the commits of the workers at that moment.
    runs
        Reads the runs of plans out of the ledger; called in a thread.
    """

    def __init__(self, deps: Callable[[], Awaitable[Deps]], runs: Runs) -> None:
        self._deps = deps
        self._runs = runs
        self._known: tuple[Deps, Live] | None = None
        self._lock = asyncio.Lock()

    @property
    def last(self) -> Live | None:
        """The state as it was last looked at; none before the first question and after an error."""
        return None if self._known is None else self._known[1]

    async def deciding(self) -> Live:
        """The state at the end of the log; raises Unavailable, Lost."""
        return (await self._look())[1]

    async def around(self) -> Around:
        """What a word is said about."""
        deps, live = await self._look()
        return Around(deps.log, deps.partitions, deps.config.panes, live)

    async def words(self) -> Sequence[tuple[Command, bool]]:
        """All feedback that the log holds, by time, and whether it still holds."""
        deps, _ = await self._look()
        words = await read_words(deps.log, deps.partitions)
        holding = {one.id for one in in_force(words)}
        return [(one, one.id in holding) for one in words]

    async def run(self, run: str) -> Sequence[PlanEvent]:
        """All events of one run as the ledger has them; empty when it knows none."""
        return (await asyncio.to_thread(self._runs)).get(run, [])

    async def _look(self) -> tuple[Deps, Live]:
        async with self._lock:
            try:
                if self._known is None:
                    deps = await self._deps()
                    self._known = (deps, await Live.look(deps))
                else:
                    await self._known[1].catch_up(self._known[0].log)
            except Exception:
                self._known = None
                raise
            return self._known
