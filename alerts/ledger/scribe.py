"""The follower that writes the ledger: of what happened, and of what its fellows (plans, case clocks) did about it.

In the flow: :func:`alerts.followers.feed` → :class:`Scribe` → its fellows answer with deeds, which go back to the
incidents, and with notes, which become entries of the partition's book on the topic ``series``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from pydantic import JsonValue

from alerts.followers import Deed, Entry, Happening
from alerts.lasting import Lasting
from alerts.ledger.chain import Book, Note
from alerts.ledger.notes import note_of
from contracts.records import CommandKind, Signal
from contracts.topics import Topic


class Fellow(Protocol):
    """Does something about happenings and says what; picklable, pure, bounded."""

    name: str
    claims: frozenset[CommandKind]
    """Kinds of commands it acts on."""

    def follow(self, happening: Happening) -> Iterable[Deed | Signal | Lasting | Note]:
        """What follows from one happening."""

    def next_due(self, brand: str) -> datetime | None:
        """When it would wish for something of a brand if nothing came before."""

    def adopt(self, fresh: Any) -> bool:
        """Take over the settings of one just made; ``False`` when the state must be built anew from the log."""


class Scribe:
    """Implements :class:`alerts.followers.Follower`.

    Parameters
    ----------
    fellows
        Asked in their order.
    book
        Where notes are entered; without one (a replay has no key) they are let go and all else is the same.
    """

    name = "scribe"

    def __init__(self, fellows: Sequence[Fellow] = (), book: Book | None = None) -> None:
        self.claims = frozenset(kind for one in fellows for kind in one.claims)
        self._fellows = tuple(fellows)
        self._book = book

    @property
    def fellows(self) -> tuple[Fellow, ...]:
        """Those it asks, in their order."""
        return self._fellows

    def follow(self, happening: Happening) -> Iterator[Deed | Signal | Lasting | Entry]:
        """Enter what happened, then what the fellows do about it."""
        note = note_of(happening)
        if note is not None:
            yield from self._enter(note)
        for fellow in self._fellows:
            for answer in fellow.follow(happening):
                if isinstance(answer, Deed | Signal | Lasting):
                    yield answer
                else:
                    yield from self._enter(answer)

    def next_due(self, brand: str) -> datetime | None:
        """The first of what its fellows wait for."""
        return min(filter(None, (one.next_due(brand) for one in self._fellows)), default=None)

    def adopt(self, fresh: Scribe) -> bool:
        """Settings and key of a scribe just made; what was written stays."""
        if [one.name for one in self._fellows] != [one.name for one in fresh._fellows]:
            return False
        if self._book is not None and fresh._book is not None:
            if not self._book.adopt(fresh._book):
                return False
        elif self._book is not fresh._book:
            return False
        return all(old.adopt(new) for old, new in zip(self._fellows, fresh._fellows, strict=True))

    def kept(self) -> dict[str, JsonValue]:
        """The head of the book."""
        return {} if self._book is None else self._book.kept()

    def resume(self, kept: dict[str, JsonValue]) -> None:
        """Write on after the head that was committed."""
        if self._book is not None:
            self._book.resume(kept)

    def _enter(self, note: Note) -> Iterator[Entry]:
        if self._book is not None:
            yield Entry(Topic.SERIES, note.brand, self._book.write(note))
