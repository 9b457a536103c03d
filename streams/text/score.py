"""Weighs the hits of one text: negation, intensifiers, contrast; categories, stages, emotions, heat.

Second half of reading, after :mod:`streams.text.scan` has found the terms. One walk over the hits, no look back; a
flat loop, because it runs for every text there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from contracts.records import Emotion
from streams.text.scan import STEP, Hit, Scanner
from streams.text.settings import ReaderSettings
from streams.text.words import EMOTIONS, Meaning, Role, Tone

_FAR = -(1 << 60)
_WORD, _NEGATION, _INTENSIFIER = int(Role.WORD), int(Role.NEGATION), int(Role.INTENSIFIER)
_DENIERS = frozenset("不没无")
_SAYING = 4
"""Characters of a saying: so long a praise is known as a whole, and says more than the n-grams in it."""
_CONTRAST, _CONCESSION, _SHIELD = int(Role.CONTRAST), int(Role.CONCESSION), int(Role.SHIELD)
_BREAK = int(Role.BREAK)
_COURTESY, _OUTCRY, _TEASE = int(Tone.COURTESY), int(Tone.OUTCRY), int(Tone.TEASE)
_GRATITUDE = EMOTIONS.index(Emotion.GRATITUDE)
_SCORN = 0.5
"""What is left of an outcry of praise that is meant the other way round, as blame."""
_NOTHING_ELSE = 0.05
_TROUBLE = 0.45
"""So much blame makes an outcry of praise before it scorn."""


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
    """Where blame is denied, by place in the text as scanned: from its negation to its end, and praise in the words of
    blame (没有问题)."""

    def polarity(self, settings: ReaderSettings, *, asks: bool) -> float:
        """−1 to 1; 0 when nothing was said either way."""
        total = self.praise - self.blame * (settings.question if asks else 1.0)
        return total / sqrt(total * total + settings.damping * settings.damping)


class Weigher:
    """Walks over the hits of a text, with what each pattern of a scanner means.

    >>> from streams.text.scan import Scanner
    >>> from streams.text.sheet import lay
    >>> from streams.text.words import Group, Lexicon
    >>> lexicon = Lexicon.of([Group(role="negation", terms="不"), Group(weight=0.6, terms="好")])
    >>> scanner = Scanner(lexicon.terms)
    >>> tally = Weigher(scanner, lexicon.meanings, ReaderSettings())(scanner.raw(lay(["不好"]))[0])
    >>> round(tally.polarity(ReaderSettings(), asks=False), 2)
    -0.73
    """

    def __init__(self, scanner: Scanner, meanings: Sequence[Meaning], settings: ReaderSettings) -> None:
        reach = {True: STEP * settings.negation_reach_en, False: STEP * settings.negation_reach_zh}
        self._meanings = [
            (one.role, one.weight, reach[one.latin], one if one.matters else None, one)
            for one in (meanings[owner] for owner in scanner.owners)
        ]
        self._settings = settings
        terms = [scanner.terms[owner] for owner in scanner.owners]
        blame = {one for one, meaning in enumerate(meanings) if meaning.weight < 0 and len(scanner.terms[one]) > 1}
        self._sayings = frozenset(
            index
            for index, (term, one) in enumerate(zip(terms, self._meanings, strict=True))
            if one[1] > 0
            and not one[4].latin
            and (len(term) >= _SAYING or not _DENIERS.isdisjoint(term) or not blame.isdisjoint(scanner.present(term)))
        )
        """Praise in the words of blame, or a whole saying: 没有问题, 不差, 好吃死了, 问题解决了, 耐心解答."""

    def __call__(self, hits: Sequence[Hit]) -> Tally:
        """What the hits of one text add up to."""
        tally = Tally()
        meanings, settings, sayings = self._meanings, self._settings, self._sayings
        after = clause = boost = 1.0
        boosted = negated = opened = _FAR  # where the waiting intensifier and negation end, and that negation starts
        for index, start, end in hits:
            role, weight, reach, matter, meaning = meanings[index]
            if role == _WORD:
                denied = start - negated <= reach
                if weight:
                    if index in sayings:
                        tally.denied.append((start // STEP, end // STEP))
                    if start - boosted <= reach:
                        weight *= boost
                    if denied:
                        if weight < 0:
                            tally.denied.append((opened // STEP, end // STEP))
                            negated = _FAR
                            weight *= -settings.negated_blame
                        else:
                            negated = end  # "not good and helpful" denies both
                            weight *= -settings.negated_praise
                    weight *= after * clause
                    if weight > 0:
                        tally.praise += weight
                    else:
                        tally.blame -= weight
                    if meaning.emotion and not denied:
                        emotions = tally.emotions
                        emotions[meaning.emotion] = emotions.get(meaning.emotion, 0.0) + abs(weight)
                if matter is not None:
                    _note(tally, matter, denied)
            elif role == _NEGATION:
                if weight:
                    tally.blame -= weight * after * clause
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
        if tally.praise and tally.blame:
            self._polite(hits, tally, after)
            if not tally.turned:
                self._scornful(hits, tally)
        return tally

    def _polite(self, hits: Sequence[Hit], tally: Tally, after: float) -> None:
        """Take back the thanks that close a complaint."""
        for index, _, _ in reversed(hits):
            role, weight, _, _, meaning = self._meanings[index]
            if role == _WORD:
                if meaning.tone == _COURTESY and tally.blame > tally.praise - weight * after:
                    tally.praise = max(0.0, tally.praise - weight * after)
                    tally.emotions.pop(_GRATITUDE, None)
                return
            if role not in (_BREAK, _SHIELD):
                return

    def _scornful(self, hits: Sequence[Hit], tally: Tally) -> None:
        """Turn round an outcry of praise that only blame follows: 太棒了，又送错了."""
        for place, (index, _, _) in enumerate(hits):
            role, weight, _, _, meaning = self._meanings[index]
            if role == _WORD and weight:
                following = hits[place + 1 :]
                alone = meaning.tone == _OUTCRY and following and self._meanings[following[0][0]][0] == _BREAK
                if (
                    (alone or meaning.tone == _TEASE)
                    and tally.praise - weight <= _NOTHING_ELSE
                    and tally.blame >= _TROUBLE
                ):
                    tally.praise = 0.0
                    tally.blame += _SCORN * weight
                return
            if role not in (_BREAK, _SHIELD, _INTENSIFIER):
                return


def _note(tally: Tally, meaning: Meaning, denied: bool) -> None:
    """Count heat, categories and stages of one word."""
    if meaning.heat and not denied:
        tally.calm *= 1.0 - meaning.heat
    for index, points in meaning.categories:
        tally.categories[index] = tally.categories.get(index, 0.0) + points
    for index, points in meaning.stages:
        tally.stages[index] = tally.stages.get(index, 0.0) + points
