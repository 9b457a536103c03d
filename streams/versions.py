"""Which version of what was learned reads which mention: decided by the log alone.

In the flow: a :class:`~contracts.records.ModelVersion` stands in every partition of ``mentions``; a mention is read
with the newest version that stands before it in its partition and whose first bucket has begun. So every worker reads
it alike, also after a kill: the places of the versions are committed, and they are read from the log again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from contracts.panes import Panes
from contracts.ports import Reader
from contracts.records import ModelVersion, Task

KEPT = 16
"""Versions of each task that are remembered; before the oldest of them the plain reader reads. So many would have to
come within the span of open panes for a kill to change what is read."""

Made = Callable[[Mapping[Task, str]], Reader]
"""Makes a reader of packed models."""


class _Held(NamedTuple):
    offset: int
    pane: int
    """First pane that is read with it."""
    version: ModelVersion


class Versions:
    """The versions that one partition has met.

    Parameters
    ----------
    plain
        Reads as long as nothing was learned.
    made
        Makes a reader of packed models; without it versions are passed over.
    """

    def __init__(self, plain: Reader, made: Made | None, panes: Panes) -> None:
        self._plain = plain
        self._made = made
        self._panes = panes
        self._held: dict[Task, list[_Held]] = {}
        self._readers: dict[tuple[int, ...], Reader] = {}

    def add(self, offset: int, version: ModelVersion) -> None:
        """A version that stands at ``offset``; one that was published again after a kill changes nothing."""
        held = self._held.get(version.task, [])
        if self._made is None or (held and version.number <= held[-1].version.number):
            return
        one = _Held(offset, self._panes.pane_of(version.holds), version)
        self._held[version.task] = [*held, one][-KEPT:]
        self._readers.clear()

    def offsets(self) -> tuple[int, ...]:
        """Where the versions that are remembered stand in the log."""
        return tuple(sorted(one.offset for held in self._held.values() for one in held))

    @property
    def plain(self) -> Reader | None:
        """Who reads every mention, as long as nothing was learned."""
        return None if self._held else self._plain

    def reader(self, offset: int, pane: int) -> Reader:
        """Who reads a mention of ``pane`` that stands at ``offset``."""
        chosen = []
        for held in self._held.values():
            fitting = (one for one in reversed(held) if one.offset < offset and one.pane <= pane)
            one = next(fitting, None)
            if one is not None:
                chosen.append(one)
        if not chosen or self._made is None:
            return self._plain
        key = tuple(one.offset for one in chosen)
        reader = self._readers.get(key)
        if reader is None:
            models = {one.version.task: one.version.payload for one in chosen}
            reader = self._readers[key] = self._made(models)
        return reader
