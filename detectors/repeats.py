"""Who complains again and again: complainants and cases, counted over a month in bounded memory.

A complaint is what belongs to a case, or is negative; praise is none. What comes within minutes of the last is the same
conversation. Those heard once and those heard more often are kept apart, so that a flood of people who complain once
can not push out those who come back; in each part the longest silent are forgotten first.
"""

from __future__ import annotations

from sys import intern
from typing import NamedTuple

from contracts.records import Evidence
from contracts.records.reading import Sentiment
from detectors.voice_settings import RepeatSettings
from detectors.voices import DIMENSIONS, UNKNOWN

DAY = 86_400

Dims = tuple[str, ...]


class Repeated(NamedTuple):
    """Somebody, or a case, has reached a threshold."""

    by: str
    """``author`` or ``case``."""
    who: str
    """The hash."""
    times: int
    seconds: int
    """Since the first that counts."""
    occasions: tuple[Dims, ...]
    """Values of :data:`~detectors.voices.DIMENSIONS` of each."""


class _Known:
    """The occasions of one who came back: (pane, dimensions), the last pane heard, the threshold told."""

    __slots__ = ("heard", "occasions", "told")

    def __init__(self, pane: int, heard: int, dims: Dims) -> None:
        self.occasions: list[tuple[int, Dims]] = [(pane, dims)]
        self.heard = heard
        self.told = 0


class Repeats:
    """Complainants and cases of one brand.

    >>> from contracts.records import Evidence
    >>> repeats = Repeats(RepeatSettings(), pane_seconds=60)
    >>> one = Evidence.model_construct(author="a1", case_id=None, sentiment=Sentiment.NEGATIVE, channel="hotline",
    ...     category="quality", region=None, author_class=None)
    >>> [repeats.hear(day * 1440, one) is not None for day in (0, 9, 10, 11, 50, 51, 52)]
    [False, False, True, False, False, False, True]
    """

    __slots__ = ("_apart", "_limit", "_more", "_once", "_pane_seconds", "_settings", "_span")

    def __init__(self, settings: RepeatSettings, pane_seconds: int) -> None:
        self._settings = settings
        self._pane_seconds = pane_seconds
        self._apart = settings.apart_minutes * 60 / pane_seconds
        self._span = settings.days * DAY / pane_seconds
        self._limit = settings.people
        self._once: dict[str, tuple[int, int, Dims]] = {}
        """First and last pane heard."""
        self._more: dict[str, _Known] = {}

    def hear(self, pane: int, one: Evidence) -> Repeated | None:
        """Take in a mention of ``pane``; what threshold it reaches, if any (a case before an author)."""
        if one.sentiment is Sentiment.POSITIVE or (one.case_id is None and one.sentiment is not Sentiment.NEGATIVE):
            return None
        dims = tuple(intern(getattr(one, name) or UNKNOWN) for name in DIMENSIONS)
        found = self._of("case", one.case_id, pane, dims) if one.case_id is not None else None
        again = self._of("author", one.author, pane, dims) if one.author is not None else None
        if found is None or (again is not None and again.times > found.times):
            return again
        return found

    def times(self, pane: int, one: Evidence) -> int:
        """How often the author or the case of a mention that was heard has complained by ``pane``, 1 at least."""
        known = (self._more.get(f"c{one.case_id}"), self._more.get(f"a{one.author}"))
        since = pane - self._span
        return max([1, *(sum(at > since for at, _ in who.occasions) for who in known if who is not None)])

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._once) + len(self._more)

    def _of(self, by: str, who: str, pane: int, dims: Dims) -> Repeated | None:
        key = by[0] + who
        known = self._more.pop(key, None) or self._second(key, pane, dims)
        if known is None:
            return None
        self._more[key] = known
        apart = pane - known.heard >= self._apart
        known.heard = pane
        self._bound(pane)
        return self._count(by, who, known, pane, dims) if apart else None

    def _second(self, key: str, pane: int, dims: Dims) -> _Known | None:
        """Whoever is heard for the first time stays among those heard once, and so while the conversation lasts."""
        first = self._once.pop(key, None)
        if first is not None and first[1] > pane - self._span:
            begun, last, begun_dims = first
            if pane - last >= self._apart:
                return _Known(begun, last, begun_dims)
            self._once[key] = (begun, pane, begun_dims)
            return None
        self._once[key] = (pane, pane, dims)
        while len(self._once) > self._limit or next(iter(self._once.values()))[1] <= pane - self._span:
            del self._once[next(iter(self._once))]
        return None

    def _count(self, by: str, who: str, known: _Known, pane: int, dims: Dims) -> Repeated | None:
        thresholds = self._settings.thresholds
        known.occasions = [one for one in known.occasions if one[0] > pane - self._span][-thresholds[-1] :]
        known.told = min(known.told, max((one for one in thresholds if one <= len(known.occasions)), default=0))
        known.occasions.append((pane, dims))
        count = len(known.occasions)
        if count not in thresholds or count <= known.told:
            return None
        known.told = count
        seconds = (pane - known.occasions[0][0]) * self._pane_seconds
        return Repeated(by, who, count, seconds, tuple(one[1] for one in known.occasions))

    def _bound(self, pane: int) -> None:
        while len(self._more) > self._limit or next(iter(self._more.values())).heard <= pane - self._span:
            del self._more[next(iter(self._more))]
