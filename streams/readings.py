"""The readings of many mentions, each by the reader that its place in the log calls for.

Part of counting. Which reader reads a mention follows from its own offset and pane, never from what it is read
together with; a reader reads a text the same alone and among others. So batches change no result, only the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol

from contracts.ports import Reader
from contracts.records import CaseEvent, Reading
from streams.count_state import Candidate


class Readers(Protocol):
    """Who reads what; :class:`streams.versions.Versions`."""

    @property
    def plain(self) -> Reader | None:
        """Who reads every mention, if one does."""

    def reader(self, offset: int, pane: int) -> Reader:
        """Who reads a mention of ``pane`` that stands at ``offset``."""


def readings(candidates: Sequence[Candidate], counts: Sequence[bool], readers: Readers) -> Iterator[Reading]:
    """The readings of those mentions among ``candidates`` that count, in their order; ``counts`` says which do."""
    wanted = [
        one
        for one, new in zip(candidates, counts, strict=True)
        if new and not one.done and not isinstance(one.record, CaseEvent)
    ]
    if readers.plain is not None:
        yield from _read(readers.plain, wanted)
        return
    chosen = [readers.reader(one.offset, one.pane) for one in wanted]
    for _, together in groupby(zip(chosen, wanted, strict=True), key=lambda pair: id(pair[0])):
        same = list(together)
        yield from _read(same[0][0], [one for _, one in same])


def _read(reader: Reader, candidates: Sequence[Candidate]) -> list[Reading]:
    mentions: list[Any] = [one.record for one in candidates]
    return reader.read_many([one.text for one in mentions], [one.lang for one in mentions])
