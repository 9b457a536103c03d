"""Weighs the hits of one text: negation, intensifiers, contrast; categories, stages, emotions, heat.

Second half of reading, after :mod:`streams.text.scan` has found the terms. One walk over the hits, no look back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from contracts.records import Emotion
from streams.text.scan import Hit
from streams.text.settings import ReaderSettings
from streams.text.words import Meaning, Role

_FAR = 1 << 60


@dataclass(slots=True)
class Tally:
    """What one text adds up to."""

    praise: float = 0.0
    """Sum of positive weights, ≥ 0."""
    blame: float = 0.0
    """Sum of negative weights, as a positive number."""
    calm: float = 1.0
    """Product of (1 − heat) over the hot words."""
    emotions: dict[Emotion, float] = field(default_factory=dict)
    categories: dict[int, float] = field(default_factory=dict)
    stages: dict[int, float] = field(default_factory=dict)

    def polarity(self, settings: ReaderSettings, *, asks: bool) -> float:
        """−1 to 1; 0 when nothing was said either way."""
        total = self.praise - self.blame * (settings.question if asks else 1.0)
        return total / sqrt(total * total + settings.damping * settings.damping)


class Walk:
    """The state of the walk: which negation or intensifier is waiting for its word."""

    __slots__ = ("_boost", "_boosted", "_clause", "_factor", "_negated", "_settings", "_turns", "tally")

    def __init__(self, settings: ReaderSettings) -> None:
        self.tally = Tally()
        self._settings = settings
        self._factor = 1.0
        self._rest()

    def _rest(self) -> None:
        """A new clause: nothing is waiting."""
        self._clause = 1.0
        self._boost = 1.0
        self._boosted = self._negated = -_FAR
        self._turns = False

    def role(self, meaning: Meaning, end: int) -> None:
        """Take a term that is no word."""
        role = meaning.role
        if role is Role.NEGATION:
            if meaning.weight:
                self._add(meaning.weight * self._factor * self._clause)
            near = end - self._negated <= self._reach(meaning)
            self._turns = not (near and self._turns)
            self._negated = end
        elif role is Role.INTENSIFIER:
            self._boost = meaning.factor
            self._boosted = end
        elif role is Role.BREAK:
            self._rest()
        elif role is Role.CONTRAST:
            self._rest()
            self.tally.praise *= self._settings.before_contrast
            self.tally.blame *= self._settings.before_contrast
            self._factor = self._settings.after_contrast
        elif role is Role.CONCESSION:
            self._clause = self._settings.conceded

    def word(self, meaning: Meaning, start: int, end: int) -> None:
        """Take a term that carries something."""
        tally = self.tally
        if meaning.weight:
            self._weigh(meaning, start, end)
        if meaning.heat and not self._denied(meaning, start):
            tally.calm *= 1.0 - meaning.heat
        for index, points in meaning.categories:
            tally.categories[index] = tally.categories.get(index, 0.0) + points
        for index, points in meaning.stages:
            tally.stages[index] = tally.stages.get(index, 0.0) + points

    def _weigh(self, meaning: Meaning, start: int, end: int) -> None:
        weight = meaning.weight * self._factor * self._clause
        if start - self._boosted <= self._reach(meaning):
            weight *= self._boost
        denied = self._denied(meaning, start)
        if denied:
            praised = weight > 0
            weight *= -(self._settings.negated_praise if praised else self._settings.negated_blame)
            self._negated = end if praised else -_FAR
        self._add(weight)
        if meaning.emotion is not Emotion.NONE and not denied:
            self.tally.emotions[meaning.emotion] = self.tally.emotions.get(meaning.emotion, 0.0) + abs(weight)

    def _add(self, weight: float) -> None:
        if weight > 0:
            self.tally.praise += weight
        else:
            self.tally.blame -= weight

    def _denied(self, meaning: Meaning, start: int) -> bool:
        return self._turns and start - self._negated <= self._reach(meaning)

    def _reach(self, meaning: Meaning) -> int:
        return self._settings.negation_reach_en if meaning.latin else self._settings.negation_reach_zh


def weigh(hits: Sequence[Hit], meanings: Sequence[Meaning], settings: ReaderSettings) -> Tally:
    """Walk over the hits of one text.

    >>> from streams.text.scan import Scanner
    >>> from streams.text.words import Group, Lexicon
    >>> lexicon = Lexicon.of([Group(role="negation", terms="不"), Group(weight=0.6, terms="好")])
    >>> hits = Scanner(lexicon.terms).hits("不好")
    >>> round(weigh(hits, lexicon.meanings, ReaderSettings()).polarity(ReaderSettings(), asks=False), 2)
    -0.73
    """
    walk = Walk(settings)
    for index, start, end in hits:
        meaning = meanings[index]
        if meaning.role is Role.WORD:
            walk.word(meaning, start, end)
        else:
            walk.role(meaning, end)
    return walk.tally
