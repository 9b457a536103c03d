"""The live view in this process's memory: the twin of :mod:`fenghuo.adapters.view_redis`, for tests and replays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from alerts.view.fold import Delta, Known, Named
from alerts.view.shelf import MOST_ENDED, MOST_LINES, FoldedView
from contracts.records import IncidentEvent, Standing, Told
from contracts.view import Change, ChangeKind, IncidentCard, RunCard

K = TypeVar("K")
R = TypeVar("R")
MOST_NOTICES = 1_000
"""Notices that wait for one reader; beyond them it is told that it missed some."""


class MemoryShelf:
    """Implements :class:`alerts.view.shelf.Shelf`; lost with the process."""

    def __init__(self, most_ended: int = MOST_ENDED, most_lines: int = MOST_LINES) -> None:
        self._most_ended = most_ended
        self._most_lines = most_lines
        self._readers: set[asyncio.Queue[Change]] = set()
        self._empty()

    def _empty(self) -> None:
        self._cards: dict[str, IncidentCard] = {}
        self._runs: dict[str, RunCard] = {}
        self._events: dict[str, dict[int, IncidentEvent]] = {}
        self._told: dict[str, dict[tuple[int, str], Told]] = {}
        self._standings: dict[str, Standing] = {}
        self._positions: dict[int, dict[str, int]] = {}
        self._reached: datetime | None = None

    async def update(self, partition: int, wanted: Named, change: Callable[[Known], Delta]) -> None:
        """Put what ``change`` makes of what is held, and hand out the changes."""
        delta = change(
            Known(
                self._positions.get(partition, {}),
                {name: self._cards[name] for name in wanted.incidents if name in self._cards},
                {name: self._runs[name] for name in wanted.runs if name in self._runs},
                {name: list(self._told.get(name, {}).values()) for name in wanted.incidents if name not in self._cards},
            )
        )
        self._cards.update(delta.cards)
        self._runs.update(delta.runs)
        self._standings.update(delta.standings)
        self._standings = {brand: one for brand, one in self._standings.items() if one.tells}
        self._positions.setdefault(partition, {}).update(delta.positions)
        for event in delta.events:
            self._add(self._events.setdefault(event.incident, {}), event.seq, event)
        for one in delta.told:
            self._add(self._told.setdefault(one.incident, {}), (one.seq, one.receiver), one)
        if delta.reached is not None:
            self._reached = max(filter(None, (self._reached, delta.reached)))
        self._trim()
        for notice in delta.changes.values():
            self._publish(notice)

    async def positions(self, partition: int) -> Mapping[str, int]:
        """The next message to take, by topic."""
        return dict(self._positions.get(partition, {}))

    async def cards(self) -> list[IncidentCard]:
        """Every card."""
        return list(self._cards.values())

    async def card(self, incident: str) -> IncidentCard | None:
        """One card."""
        return self._cards.get(incident)

    async def timeline(self, incident: str) -> tuple[Sequence[IncidentEvent], Sequence[Told]]:
        """The events of one incident, and who was told of them."""
        return list(self._events.get(incident, {}).values()), list(self._told.get(incident, {}).values())

    async def runs(self) -> list[RunCard]:
        """Every run."""
        return list(self._runs.values())

    async def standings(self) -> list[Standing]:
        """The last standing of every brand."""
        return list(self._standings.values())

    async def reached(self) -> datetime | None:
        """The latest event time that was put."""
        return self._reached

    async def clear(self) -> None:
        """Forget everything."""
        self._empty()
        self._publish(Change(kind=ChangeKind.EMPTIED))

    async def changes(self) -> AsyncIterator[Change]:
        """Notices from the moment the first is asked for, which is ``missed``."""
        queue: asyncio.Queue[Change] = asyncio.Queue(MOST_NOTICES)
        self._readers.add(queue)
        queue.put_nowait(Change(kind=ChangeKind.MISSED))
        try:
            while True:
                yield await queue.get()
        finally:
            self._readers.discard(queue)

    def _publish(self, change: Change) -> None:
        for queue in self._readers:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(Change(kind=ChangeKind.MISSED))
            else:
                queue.put_nowait(change)

    def _add(self, lines: dict[K, R], key: K, one: R) -> None:
        lines[key] = one
        while len(lines) > self._most_lines:
            del lines[next(iter(lines))]

    def _trim(self) -> None:
        ended = sorted((one.ended, name) for name, one in self._cards.items() if one.ended is not None)
        for _, name in ended[: max(0, len(ended) - self._most_ended)]:
            del self._cards[name]
            self._events.pop(name, None)
            self._told.pop(name, None)
        closed = sorted((one.closed, name) for name, one in self._runs.items() if one.closed is not None)
        for _, name in closed[: max(0, len(closed) - self._most_ended)]:
            del self._runs[name]


def memory_view() -> FoldedView:
    """A view that begins empty."""
    return FoldedView(MemoryShelf())
