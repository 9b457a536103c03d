"""The live view over a shelf: folding what comes in, putting together what is asked for.

In the flow: records of the log → :meth:`FoldedView.take` → a :class:`Shelf` (this process's memory, or Redis) →
:class:`contracts.view.LiveView`, which console, REST API and ``fenghuo watch`` read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from alerts.view import compose
from alerts.view.fold import Delta, Known, Named, fold, named
from contracts.errors import Moved
from contracts.records import IncidentEvent, Standing, Told
from contracts.view import (
    BoardView,
    Change,
    IncidentCard,
    IncidentFile,
    RunCard,
    SilenceCard,
    SourceCard,
    TimerCard,
    Viewed,
)

MOST_ENDED = 1_000
"""Resolved incidents, and closed runs, that are kept; the ones that ended first are forgotten first."""
MOST_LINES = 500
"""Events of one incident that are kept, and tellings of it; the first ones give way."""


class Shelf(Protocol):
    """Where the folded view lies. Every method raises :class:`~contracts.errors.Unavailable` while it is away."""

    async def update(self, partition: int, wanted: Named, change: Callable[[Known], Delta]) -> None:
        """Put what ``change`` makes of what is held, whole values by key, and publish the changes.

        All of it or nothing: raises :class:`~contracts.errors.Moved` when somebody else wrote the same partition
        since it was read.
        """

    async def positions(self, partition: int) -> Mapping[str, int]:
        """The next message to take, by topic."""

    async def cards(self) -> list[IncidentCard]:
        """Every card, open or ended."""

    async def card(self, incident: str) -> IncidentCard | None:
        """One card."""

    async def timeline(self, incident: str) -> tuple[Sequence[IncidentEvent], Sequence[Told]]:
        """The events of one incident, and who was told of them."""

    async def runs(self) -> list[RunCard]:
        """Every run, open or closed."""

    async def standings(self) -> list[Standing]:
        """The last standing of every brand."""

    async def reached(self) -> datetime | None:
        """The latest event time that was put."""

    async def clear(self) -> None:
        """Forget everything, positions too, and publish ``emptied``."""

    def changes(self) -> AsyncIterator[Change]:
        """See :meth:`contracts.view.LiveView.changes`."""


class FoldedView:
    """Implements :class:`contracts.view.LiveView` and :class:`contracts.view.ViewSink`."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(
        self,
        records: Sequence[Viewed],
        partition: int = 0,
        before: Mapping[str, int] | None = None,
        upto: Mapping[str, int] | None = None,
    ) -> None:
        """Take records in, in the order of their partition."""

        def change(known: Known) -> Delta:
            if any(known.positions.get(topic, 0) != position for topic, position in (before or {}).items()):
                raise Moved(f"the live view of partition {partition} was read by somebody else, or emptied")
            delta = fold(records, known)
            delta.positions = upto or {}
            return delta

        await self._shelf.update(partition, named(records), change)

    async def positions(self, partition: int) -> Mapping[str, int]:
        """The next message to take, by topic."""
        return await self._shelf.positions(partition)

    async def clear(self) -> None:
        """Forget everything."""
        await self._shelf.clear()

    async def open_incidents(self, brand: str | None = None) -> list[IncidentCard]:
        """Incidents that are not resolved: the highest tier first, then the latest change first."""
        return compose.open_of(await self._cards(), brand)

    async def ended(self, brand: str | None = None, limit: int = 100) -> list[IncidentCard]:
        """Incidents that were resolved lately, the last one first."""
        return compose.ended_of(await self._cards(), brand, limit)

    async def board(self, ended: int) -> BoardView:
        """All that the duty board shows, each read once."""
        shelf = self._shelf
        cards, standings, runs = await shelf.cards(), await shelf.standings(), await shelf.runs()
        shown = compose.dressed(cards, standings, runs)
        return BoardView(
            open=compose.open_of(shown),
            ended=compose.ended_of(shown, None, ended),
            runs=compose.runs_of(runs, None, closed=False),
            sources=compose.sources_of(standings),
            reached=await shelf.reached(),
        )

    async def incident(self, incident: str) -> IncidentFile | None:
        """One incident with its whole timeline."""
        card = await self._shelf.card(incident)
        if card is None:
            return None
        events, told = await self._shelf.timeline(incident)
        return compose.file_of(card, events, told, await self._shelf.runs(), await self._shelf.standings())

    async def runs(self, brand: str | None = None, *, closed: bool = False) -> list[RunCard]:
        """Runs of response plans, by start."""
        return compose.runs_of(await self._shelf.runs(), brand, closed=closed)

    async def silences(self, brand: str | None = None) -> list[SilenceCard]:
        """Silences in force."""
        return compose.silences_of(await self._shelf.standings(), brand)

    async def timers(self, brand: str | None = None) -> list[TimerCard]:
        """What is due, by time."""
        return compose.timers_of(await self._shelf.standings(), await self._shelf.runs(), brand)

    async def sources(self, brand: str | None = None) -> list[SourceCard]:
        """Sources that are down."""
        return compose.sources_of(await self._shelf.standings(), brand)

    async def reached(self) -> datetime | None:
        """The latest event time of what was taken in."""
        return await self._shelf.reached()

    def changes(self) -> AsyncIterator[Change]:
        """Notices from now on."""
        return self._shelf.changes()

    async def _cards(self) -> list[IncidentCard]:
        shelf = self._shelf
        return compose.dressed(await shelf.cards(), await shelf.standings(), await shelf.runs())
