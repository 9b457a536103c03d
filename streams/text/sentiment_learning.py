"""Learning praise and blame from corrections, on top of what the shipped model says.

A passive-aggressive step for each correction: when the right class is not ahead of the others by :data:`MARGIN`, the
text's features move it and the class that stood in its way, no further than needed, and nothing else. What nobody
corrected, and what shares no words with what was, is read as before. There is no weight for a class as such: people
correct what was read wrongly, which says nothing about how often each class occurs.

When it works: words of a trade that the shipped model takes for praise or blame (100 corrections and more); a text that
is posted again and again (a few). When not: irony that only the facts tell.

References: K. Crammer et al., Online passive-aggressive algorithms, JMLR 7 (2006), section 8 (multiclass), with what
the shipped model says as the offset. River's PAClassifier knows two classes and no offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from contracts.records import Sentiment
from streams.text.category_features import features
from streams.text.learned import LearnedModel, frozen, rarity, unit
from streams.text.model.weights import Triple

CLASSES = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
LABELS = tuple(one.value for one in CLASSES)
AGGRESSIVENESS = 1.0
"""Longest step of one correction: it brings the right class forward by at most twice as much."""
MARGIN = 2.0
"""How far ahead the right class should be, in the values of the shipped model (logarithms of odds)."""


class Base(Protocol):
    """Reads as long as nothing was learned."""

    def values(self, texts: Sequence[str]) -> list[Triple]:
        """How much speaks for negative, neutral and positive in each; the largest wins."""


@dataclass(slots=True)
class SentimentLearner:
    """Learns sentiment from labelled texts; holds no text, only hashed features. Equal labels, equal model.

    Bounded by the number of hashed features (262 144). Not for threads.

    >>> from streams.text.reader import LexiconReader
    >>> reader = LexiconReader()
    >>> learner = SentimentLearner(reader)
    >>> for _ in range(9):
    ...     learner.learn_one("flight 12 boarded zone four", "negative")
    >>> again = reader.corrected(learner.freeze())
    >>> [one.read("flight 12 boarded zone five").sentiment.value for one in (reader, again)]
    ['neutral', 'negative']
    """

    base: Base
    learned: int = 0
    _seen_in: dict[int, int] = field(default_factory=dict)
    _weights: tuple[dict[int, float], ...] = field(default_factory=lambda: tuple({} for _ in CLASSES))

    def learn_one(self, text: str, label: str, /) -> None:
        """Learn that ``text`` is ``label``, one of :data:`LABELS`; raises ValueError for another."""
        if label not in LABELS:
            raise ValueError(f"{label!r} is none of {', '.join(LABELS)}")
        right = LABELS.index(label)
        counts = features(text)
        if not counts:
            return
        self.learned += 1
        for key in counts:
            self._seen_in[key] = self._seen_in.get(key, 0) + 1
        weighed = unit(counts, self._rarity)
        values = self._values(text, weighed)
        rival = max((place for place in range(len(CLASSES)) if place != right), key=values.__getitem__)
        step = min(AGGRESSIVENESS, (MARGIN - values[right] + values[rival]) / 2)
        if step > 0:
            self._move(right, weighed, step)
            self._move(rival, weighed, -step)

    def predict_one(self, text: str) -> str:
        """How ``text`` is read with what was learned so far."""
        values = self._values(text, unit(features(text), self._rarity))
        return LABELS[max(range(len(CLASSES)), key=values.__getitem__)]

    def freeze(self) -> LearnedModel:
        """What was learned so far, for reading."""
        columns = dict(zip(LABELS, self._weights, strict=True))
        rare = {key: self._rarity(key) for key in sorted(self._seen_in)}
        return frozen("sen", columns, rare, self.learned, 1.0)

    def _values(self, text: str, weighed: dict[int, float]) -> list[float]:
        told = self.base.values([text])[0]
        moved = (sum(value * own.get(key, 0.0) for key, value in weighed.items()) for own in self._weights)
        return [value + by for value, by in zip(told, moved, strict=True)]

    def _move(self, place: int, weighed: dict[int, float], step: float) -> None:
        own = self._weights[place]
        for key, value in weighed.items():
            own[key] = own.get(key, 0.0) + step * value

    def _rarity(self, key: int) -> float:
        return rarity(self.learned, self._seen_in.get(key, 0))
