"""How often terms are usually said: slow shares of a brand's voices, whole and by part of the day, in bounded memory.

Lossy counting (Manku and Motwani 2002) of fading counts: when there are too many terms the rarest quarter goes, and
the largest of those that went is what any unknown term may have had. Counts are weighted forward in time, so that
nothing is touched while nothing comes. River's ``HeavyHitters`` counts alike, but fades by item and not by time.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import exp2, log
from typing import Any

from detectors.terms import ASKING

PARTS = 4
"""Parts of a day that are told apart: some things are said every morning."""
_SHRINK = 40.0
"""Voices' worth of the whole day's share in a part's."""
_STEEPNESS = 1.5
_REMEMBERED = 20_000


_LEAST = 30.0
"""Voices that the past counts for at least."""


class Rarity(dict[str, float]):
    """How much terms tell: 0 for what everybody says, or says when asking, the more the fewer say it.

    Worked out when first asked for, from the usage as it was when its last quantum was closed.
    """

    def __init__(self, counts: Mapping[str, Sequence[float]], floor: float, scale: float, voices: float) -> None:
        super().__init__()
        self._counts = counts
        self._floor = floor
        self._scale = scale
        self._voices = max(_LEAST, voices)

    def __missing__(self, term: str) -> float:
        cells = self._counts.get(term)
        said = (self._floor if cells is None else cells[0]) * self._scale
        rare = 0.0 if term in ASKING else log(self._voices / min(said + 1.0, self._voices)) ** _STEEPNESS
        if len(self) < _REMEMBERED:
            self[term] = rare
        return rare


class Usage:
    """Shares of terms among voices.

    Parameters
    ----------
    limit
        Terms kept.
    half
        Half-life, in quanta (hours).

    Examples
    --------
    >>> usage = Usage(limit=100, half=336.0)
    >>> for quantum in range(200):
    ...     usage.add(("parcel", f"new{quantum}"))
    ...     usage.close(quantum, part=quantum // 6 % 4, weight=1.0)
    >>> round(usage.share("parcel", 0), 2), round(usage.share("never", 0), 3), len(usage) <= 100
    (1.0, 0.008, True)
    """

    __slots__ = ("_floor", "_half", "_known", "_limit", "_open", "_rarity", "_ref", "_scale", "_voices")

    def __init__(self, limit: int, half: float) -> None:
        self._limit = limit
        self._half = half
        self._known: dict[str, array[float]] = {}
        """By term: the whole, then each part of the day."""
        self._voices = array("d", bytes(8 * (PARTS + 1)))
        self._floor = 0.0
        self._open: dict[str, int] = {"": 0}
        self._ref = 0
        self._scale = 1.0
        self._rarity: Rarity | None = None

    def __getstate__(self) -> dict[str, Any]:
        """All but what follows from the rest."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "_rarity"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._rarity = None
        for name, value in state.items():
            setattr(self, name, value)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, terms: tuple[str, ...]) -> None:
        """Gather a voice of the open quantum."""
        gathered = self._open
        gathered[""] += 1
        if len(gathered) > 2 * self._limit:
            return
        for term in terms:
            gathered[term] = gathered.get(term, 0) + 1

    def close(self, quantum: int, part: int, weight: float) -> None:
        """Fold the quantum in, each voice counting ``weight``."""
        if not self._voices[0] or quantum - self._ref > 12 * self._half:
            self._rebase(quantum)
        weight *= exp2((quantum - self._ref) / self._half)
        gathered, self._open = self._open, {"": 0}
        voices = gathered.pop("") * weight
        for place in (0, 1 + part):
            self._voices[place] += voices
        known = self._known
        for term, count in gathered.items():
            cells = known.get(term)
            if cells is None:
                cells = known[term] = array("d", bytes(8 * (PARTS + 1)))
            cells[0] += count * weight
            cells[1 + part] += count * weight
        if len(known) > self._limit:
            self._drop()
        self._scale = exp2(-(quantum - self._ref) / self._half)
        self._rarity = None

    def rarity(self) -> Rarity:
        """How rare each term is among the voices of the past."""
        if self._rarity is None:
            self._rarity = Rarity(self._known, self._floor, self._scale, self.voices())
        return self._rarity

    def voices(self) -> float:
        """Fading count of the voices of the past."""
        return self._voices[0] * self._scale

    def share(self, term: str, part: int) -> float:
        """Usual share of voices that say ``term``, in the day or in this part of it, whichever is larger."""
        cells = self._known.get(term)
        whole = cells[0] if cells is not None else self._floor
        overall = (whole * self._scale + 0.5) / (self.voices() + 1)
        if cells is None:
            return overall
        here = (cells[1 + part] * self._scale + _SHRINK * overall) / (self._voices[1 + part] * self._scale + _SHRINK)
        return max(overall, here)

    def _drop(self) -> None:
        order = sorted(self._known, key=lambda term: (self._known[term][0], term))
        gone = order[: len(order) - self._limit * 3 // 4]
        self._floor = max(self._floor, self._known[gone[-1]][0])
        for term in gone:
            del self._known[term]

    def _rebase(self, quantum: int) -> None:
        scale = exp2(-(quantum - self._ref) / self._half) if self._voices[0] else 0.0
        for cells in (self._voices, *self._known.values()):
            for place in range(PARTS + 1):
                cells[place] *= scale
        self._floor *= scale
        self._ref = quantum
