"""What a case's earlier events say of the next one: since when it is open, whether this is its first reply.

Panels average times to the first reply, and InfluxQL cannot join two events of a case. So the recorder, which sees all
case events of a brand in order, writes beside each event what follows from those before it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from contracts.records import CaseEventKind, CaseRow

REMEMBERED = timedelta(days=90)
"""How far back a new owner of a partition reads cases."""

_OPENS = (CaseEventKind.OPENED, CaseEventKind.REOPENED)


@runtime_checkable
class KnowsCases(Protocol):
    """A store that can be asked for case rows."""

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """Case rows of one brand in [start, end), by time, case and id."""


@dataclass(slots=True)
class _Story:
    opened: datetime | None = None
    alive: bool = False
    kinds: set[CaseEventKind] = field(default_factory=set)
    told: dict[str, tuple[bool, int]] = field(default_factory=dict)


class Casebook:
    """The open stories of cases, at most ``limit`` of them; the longest untouched is forgotten first.

    An event that comes again gets what it got the first time. One that comes late, after a later event of its case,
    is judged as it comes: a reply overtaken by another is not called the first. A case whose opening was never told
    has no elapsed time and does not count as open.

    >>> from datetime import UTC
    >>> book, at = Casebook(None), datetime(2026, 1, 1, tzinfo=UTC)
    >>> def told(number, event, minutes):
    ...     row = CaseRow(brand="A", case_id="c", id=f"e{number}", ts=at + timedelta(minutes=minutes), event=event)
    ...     row = book.told(row)
    ...     return row.opened is not None and (row.ts - row.opened) / timedelta(minutes=1), row.first, row.change
    >>> told(1, CaseEventKind.OPENED, 0), told(2, CaseEventKind.REPLIED, 12), told(3, CaseEventKind.REPLIED, 30)
    ((0.0, True, 1), (12.0, True, 0), (30.0, False, 0))
    >>> told(4, CaseEventKind.RESOLVED, 90), told(4, CaseEventKind.RESOLVED, 90)
    ((90.0, True, -1), (90.0, True, -1))
    """

    def __init__(self, store: object | None, limit: int = 200_000) -> None:
        self._store = store if isinstance(store, KnowsCases) else None
        self._limit = limit
        self._stories: OrderedDict[tuple[str, str], _Story] = OrderedDict()
        self._brands: set[str] = set()

    def told(self, row: CaseRow) -> CaseRow:
        """``row`` with what follows from the case's events before it. Raises what the store raises."""
        self._recall(row)
        story = self._story(row)
        if row.id not in story.told:
            self._note(story, row, None)
        first, change = story.told[row.id]
        opened = story.opened if story.opened is not None and story.opened <= row.ts else None
        return row.model_copy(update={"opened": opened, "first": first, "change": change})

    def _recall(self, row: CaseRow) -> None:
        """Once a brand: what the store has of it."""
        if row.brand in self._brands:
            return
        known: Sequence[CaseRow] = ()
        if self._store is not None:
            known = self._store.cases(row.brand, row.ts - REMEMBERED, row.ts + REMEMBERED)
        for old in known:
            self._note(self._story(old), old, (old.first, old.change))
        self._brands.add(row.brand)

    def _story(self, row: CaseRow) -> _Story:
        key = (row.brand, row.case_id)
        story = self._stories.get(key)
        if story is None:
            story = self._stories[key] = _Story()
            if len(self._stories) > self._limit:
                self._stories.popitem(last=False)
        self._stories.move_to_end(key)
        return story

    @staticmethod
    def _note(story: _Story, row: CaseRow, known: tuple[bool, int] | None) -> None:
        if row.event is CaseEventKind.OPENED:
            story.opened = row.ts if story.opened is None else min(story.opened, row.ts)
        if known is None:
            change = 0
            if row.event in _OPENS and not story.alive:
                change = 1
            elif row.event is CaseEventKind.RESOLVED and story.alive:
                change = -1
            known = (row.event not in story.kinds, change)
        story.alive = story.alive if known[1] == 0 else known[1] > 0
        story.kinds.add(row.event)
        story.told[row.id] = known
