"""What a brand's voices usually are: slow shares by channel, category, region, author class, source, matter, keyword.

An hour is gathered and folded in when it ends, weighted down by as much as its volume was beyond usual, so
that a surge does not become what is usual. Memory is bounded: the smallest values are folded together.
"""

from __future__ import annotations

from collections import Counter
from math import exp2

from contracts.series import OTHER
from detectors.voices import DIMENSIONS, Heard

Tally = Counter[str]


def matter_of(voice: Heard) -> str:
    """The number of the matter that a voice speaks of with others, or ``other``."""
    return OTHER if voice.matter is None or voice.matter.voices < 2 else str(voice.matter.id)


class Usual:
    """Fading counts of values by dimension; ``negative`` has its own for negative voices.

    Parameters
    ----------
    half_life
        In quanta.
    keywords
        How many keywords are kept; other dimensions keep 64 values.
    """

    __slots__ = ("_half", "_keywords", "_last", "_open", "_slow")

    def __init__(self, half_life: float, keywords: int) -> None:
        self._half = half_life
        self._keywords = keywords
        self._slow: dict[str, dict[str, float]] = {}
        self._open: dict[str, Tally] = {}
        self._last = 0

    def add(self, voice: Heard) -> None:
        """Gather a voice of the open hour."""
        self._count("source", voice.source)
        self._count("sentiment", voice.sentiment)
        self._count("matter", matter_of(voice))
        for name, value in zip(DIMENSIONS, voice.dims, strict=True):
            self._count(name, value)
            if voice.sentiment == "negative":
                self._count("negative " + name, value)
        for word in voice.keywords:
            self._count("keyword", word)

    def close(self, quantum: int, weight: float) -> None:
        """Fold the hour ``quantum`` in, each voice counting ``weight``."""
        fade = exp2(-(quantum - self._last) / self._half)
        for values in self._slow.values():
            for name in values:
                values[name] *= fade
        for dimension, tally in self._open.items():
            values = self._slow.setdefault(dimension, {})
            for name, count in tally.items():
                values[name] = values.get(name, 0.0) + weight * count
            self._bound(dimension, values)
        self._open = {}
        self._last = quantum

    def weight(self, dimension: str, value: str) -> float:
        """Fading count of a value."""
        return self._slow.get(dimension, {}).get(value, 0.0)

    def shares(self, dimension: str) -> dict[str, float]:
        """Share of each value; empty when nothing is known."""
        values = self._slow.get(dimension, {})
        total = sum(values.values())
        return {name: count / total for name, count in values.items()} if total > 0 else {}

    def voices(self) -> float:
        """Fading count of all voices."""
        return sum(self._slow.get("sentiment", {}).values())

    def _count(self, dimension: str, value: str) -> None:
        tally = self._open.get(dimension)
        if tally is None:
            tally = self._open[dimension] = Counter()
        if value in tally or len(tally) < self._keywords:
            tally[value] += 1
        else:
            tally[OTHER] += 1

    def _bound(self, dimension: str, values: dict[str, float]) -> None:
        limit = self._keywords if dimension == "keyword" else 64
        if len(values) <= limit:
            return
        order = sorted(values, key=lambda name: (values[name], name))
        folded = 0.0
        for name in order[: len(values) - limit * 3 // 4]:
            folded += values.pop(name)
        if dimension != "keyword":
            values[OTHER] = values.get(OTHER, 0.0) + folded
