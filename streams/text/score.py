"""Weighs the hits of one text: negation, intensifiers, contrast; categories, stages, emotions, heat.

Second half of reading, after :mod:`streams.text.scan` has found the terms. One walk over the hits, no look back; a
flat loop, because it runs for every text there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from streams.text.scan import Hit
from streams.text.settings import ReaderSettings
from streams.text.words import Meaning, Role

_FAR = -(1 << 60)
_WORD, _NEGATION, _INTENSIFIER = int(Role.WORD), int(Role.NEGATION), int(Role.INTENSIFIER)
_CONTRAST, _CONCESSION, _SHIELD = int(Role.CONTRAST), int(Role.CONCESSION), int(Role.SHIELD)


@dataclass(slots=True)
class Tally:
    """What one text adds up to."""

    praise: float = 0.0
    """Sum of positive weights, ≥ 0."""
    blame: float = 0.0
    """Sum of negative weights, as a positive number."""
    calm: float = 1.0
    """Product of (1 − heat) over the hot words."""
    emotions: dict[int, float] = field(default_factory=dict)
    """By index into :data:`~streams.text.words.EMOTIONS`."""
    categories: dict[int, float] = field(default_factory=dict)
    stages: dict[int, float] = field(default_factory=dict)
    turned: bool = False
    """Whether there is a contrast."""
    denied: list[tuple[int, int]] = field(default_factory=list)
    """Where blame is denied, in the text as scanned: from its negation to its end."""

    def polarity(self, settings: ReaderSettings, *, asks: bool) -> float:
        """−1 to 1; 0 when nothing was said either way."""
        total = self.praise - self.blame * (settings.question if asks else 1.0)
        return total / sqrt(total * total + settings.damping * settings.damping)


def weigh(hits: Sequence[Hit], meanings: Sequence[Meaning], settings: ReaderSettings) -> Tally:
    """Walk over the hits of one text.

    >>> from streams.text.scan import Scanner
    >>> from streams.text.words import Group, Lexicon
    >>> lexicon = Lexicon.of([Group(role="negation", terms="不"), Group(weight=0.6, terms="好")])
    >>> hits = Scanner(lexicon.terms).hits("不好")
    >>> round(weigh(hits, lexicon.meanings, ReaderSettings()).polarity(ReaderSettings(), asks=False), 2)
    -0.73
    """
    tally = Tally()
    reach_zh, reach_en = settings.negation_reach_zh, settings.negation_reach_en
    after = clause = boost = 1.0
    boosted = negated = opened = _FAR  # where the waiting intensifier and negation end, and where that negation starts
    for index, start, end in hits:
        meaning = meanings[index]
        role = meaning.role
        reach = reach_en if meaning.latin else reach_zh
        if role == _WORD:
            denied = start - negated <= reach
            if weight := meaning.weight:
                if start - boosted <= reach:
                    weight *= boost
                if denied:
                    if weight < 0:
                        tally.denied.append((opened, end))
                        negated = _FAR
                        weight *= -settings.negated_blame
                    else:
                        negated = end  # "not good and helpful" denies both
                        weight *= -settings.negated_praise
                _add(tally, weight * after * clause, None if denied else meaning.emotion)
            if meaning.matters:
                _note(tally, meaning, denied)
        elif role == _NEGATION:
            if meaning.weight:
                _add(tally, meaning.weight * after * clause, None)
            negated, opened = _FAR if end - negated <= reach else end, start
        elif role == _INTENSIFIER:
            boost, boosted = meaning.factor, end
        elif role != _SHIELD:
            boosted = negated = _FAR
            clause = settings.conceded if role == _CONCESSION else 1.0
            if role == _CONTRAST:
                tally.praise *= settings.before_contrast
                tally.blame *= settings.before_contrast
                after = settings.after_contrast
                tally.turned = True
    return tally


def _add(tally: Tally, weight: float, emotion: int | None) -> None:
    """Count one weight, and the emotion it shows if there is one."""
    if weight > 0:
        tally.praise += weight
    else:
        tally.blame -= weight
    if emotion:
        tally.emotions[emotion] = tally.emotions.get(emotion, 0.0) + abs(weight)


def _note(tally: Tally, meaning: Meaning, denied: bool) -> None:
    """Count heat, categories and stages of one word."""
    if meaning.heat and not denied:
        tally.calm *= 1.0 - meaning.heat
    for index, points in meaning.categories:
        tally.categories[index] = tally.categories.get(index, 0.0) + points
    for index, points in meaning.stages:
        tally.stages[index] = tally.stages.get(index, 0.0) + points
