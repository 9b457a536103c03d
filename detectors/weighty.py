"""One voice that counts for many: seen by very many people, or raised by an author who matters.

Judged mention by mention, at once, with no learning: weight is a matter of settings. An author is told again within
a day only for something heavier.
"""

from __future__ import annotations

from math import log10
from typing import NamedTuple

from contracts.records import Evidence
from detectors.voice_settings import WeightySettings

HOUR = 3600


class Heavy(NamedTuple):
    """How weighty a mention is, and by what."""

    score: float
    why: str
    """``reach``, or the class of its author."""
    observed: float
    """Reach where that alone decides, one voice otherwise."""
    expected: float


class Weighty:
    """Weighty voices of one brand.

    >>> weighty = Weighty(WeightySettings(), pane_seconds=60)
    >>> one = Evidence.model_construct(author="a", id="1", author_class="state_media", reach=30_000_000)
    >>> heavy = weighty.hear(7, one)
    >>> (round(heavy.score, 2), heavy.why, heavy.observed), weighty.hear(8, one)
    ((2.48, 'reach', 30000000), None)
    """

    __slots__ = ("_again", "_settings", "_told")

    def __init__(self, settings: WeightySettings, pane_seconds: int) -> None:
        self._settings = settings
        self._again = settings.again_hours * HOUR / pane_seconds
        self._told: dict[str, tuple[int, float]] = {}

    def hear(self, pane: int, one: Evidence) -> Heavy | None:
        """Judge a mention of ``pane``; ``None`` if it has no weight, or its author was told of as weighty already."""
        if one.reach < self._settings.reach and one.author_class not in self._settings.classes:
            return None
        heavy = self._weigh(one)
        who = one.author or one.id
        told = self._told.pop(who, None)
        if told is not None and told[0] > pane - self._again and heavy.score <= told[1]:
            self._told[who] = told
            return None
        self._told[who] = (pane, heavy.score)
        while len(self._told) > self._settings.authors:
            del self._told[next(iter(self._told))]
        return heavy

    def _weigh(self, one: Evidence) -> Heavy:
        limit = self._settings.reach
        by_reach = 1 + log10(one.reach / limit) if one.reach >= limit else 0.0
        by_class = self._settings.classes.get(one.author_class or "", 0.0)
        if by_reach >= by_class:
            return Heavy(by_reach, "reach", one.reach, limit)
        return Heavy(by_class, one.author_class or "", 1.0, 0.0)
