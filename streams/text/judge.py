"""Praise or blame: lexicon and model together, for many texts at once.

Part of reading, after the hits of the lexicon are weighed. Chinese is judged by n-grams and lexicon, English by words
and the lexicon's sums, a mixed text by both in equal parts, another language by the lexicon's emoji and marks alone.
What people corrected is added to what speaks for each class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atanh, tanh
from operator import add
from typing import NamedTuple

from contracts.records import Sentiment
from streams.text.language import Language
from streams.text.model.sentiment import CONTRAST, Heard, SentimentModel, cues, odds_to_polarity, shares
from streams.text.model.weights import Triple
from streams.text.score import Tally
from streams.text.settings import ReaderSettings
from streams.text.sheet import lay

Moved = Mapping[str, float]
"""By sentiment: what corrections add to it in one text."""
_SURE = 1 - 1e-9
_ASKED_ZH, _ASKED_EN = 0.03, 3.0
"""What the odds of a plain question keep in Chinese, and what being neutral gains in English."""
_ASKED_NEUTRAL = 0.75
"""A plain question in Chinese whose polarity is at most so far from 0 is neutral: corrections of others leave it so."""


class Weighed(NamedTuple):
    """One text as it is judged."""

    text: str
    """Normalised, names blanked."""
    said: str
    """The same without links, @names and masks."""
    spoken: Language
    tally: Tally
    lexical: float
    """The lexicon's polarity."""
    asks: bool
    """It is a plain question."""

    @property
    def cues(self) -> tuple[float, ...]:
        """What the English model takes from lexicon and look."""
        return cues(self.tally, self.lexical, self.text)


class Judge:
    """Judges weighed texts by a model; pure."""

    def __init__(self, model: SentimentModel, settings: ReaderSettings) -> None:
        self._model = model
        self._settings = settings

    def verdicts(self, texts: Sequence[Weighed], moved: Sequence[Moved] = ()) -> list[tuple[Sentiment, float]]:
        """Sentiment and polarity of each; ``moved`` has a row a text, or none where nothing was corrected."""
        english, chinese = self.english(texts), self.chinese(texts)
        told = [self._verdict(one, english.get(row), chinese.get(row)) for row, one in enumerate(texts)]
        for row, by in enumerate(moved):
            if any(by.values()):
                told[row] = self._moved(texts[row], english.get(row), told[row][1], by)
        return told

    def values(self, texts: Sequence[Weighed]) -> list[Triple]:
        """How much speaks for negative, neutral and positive in each; the largest wins."""
        english = self.english(texts)
        told = enumerate(zip(texts, self.verdicts(texts), strict=True))
        return [self._values(one, english.get(row), polarity) for row, (one, (_, polarity)) in told]

    def english(self, texts: Sequence[Weighed]) -> Mapping[int, Triple]:
        """Values for negative, neutral and positive, by row, of the texts in English and mixed ones."""
        rows = [row for row, one in enumerate(texts) if one.spoken in ("en", "mixed")]
        if not rows:
            return {}
        worded = self._model.words(lay([texts[row].said for row in rows]))
        told = zip(rows, self._model.english(worded, [texts[row].cues for row in rows]), strict=True)
        return {row: _asked(values) if texts[row].asks else values for row, values in told}

    def chinese(self, texts: Sequence[Weighed]) -> Mapping[int, float]:
        """The logarithm of the odds for praise against blame, by row, of the texts in Chinese and mixed ones."""
        rows = [row for row, one in enumerate(texts) if one.spoken in ("zh", "mixed")]
        if not rows:
            return {}
        lexical = [one.lexical * CONTRAST if one.tally.turned else one.lexical for one in map(texts.__getitem__, rows)]
        told = zip(rows, self._model.chinese(self._heard(texts, rows), lexical), strict=True)
        return {row: odds * _ASKED_ZH if texts[row].asks else odds for row, odds in told}

    def _heard(self, texts: Sequence[Weighed], rows: Sequence[int]) -> Heard:
        """What the n-grams say: denied blame is left to the lexicon where they hear only the blame (没有问题)."""
        told = {row: texts[row].said for row in rows}
        doubts = [(row, start - 1, end - 1) for row in rows for start, end in sorted(texts[row].tally.denied)]
        if doubts:
            terms = self._model.hear(lay([texts[row].text[start:end] for row, start, end in doubts]))
            done = dict.fromkeys(rows, 0)
            for (row, start, end), total in zip(doubts, terms.totals.tolist(), strict=True):
                if total < 0 and start >= done[row]:
                    told[row] = f"{told[row][:start]}{' ' * (end - start)}{told[row][end:]}"
                    done[row] = end
        return self._model.hear(lay(list(told.values())))

    def _verdict(self, one: Weighed, values: Triple | None, odds: float | None) -> tuple[Sentiment, float]:
        """By what the models of its languages say: ``values`` in English, ``odds`` in Chinese, both in a mixed text."""
        if not one.text.strip() or values is None and odds is None:
            return self._by_lexicon(one.lexical), one.lexical
        if values is None or odds is None:
            return (
                _by_values(*shares(values)) if values is not None else self._by_odds(one, odds_to_polarity(odds or 0.0))
            )
        negative, _, positive = shares(values)
        return self._by_odds(one, (odds_to_polarity(odds) + positive - negative) / 2)

    def _moved(self, one: Weighed, english: Triple | None, polarity: float, by: Moved) -> tuple[Sentiment, float]:
        """The verdict with what corrections add."""
        values = self._values(one, english, polarity)
        negative, neutral, positive = map(add, values, (by.get(kind, 0.0) for kind in Sentiment))
        sentiment, difference = _by_values(*shares((negative, neutral, positive)))
        if one.spoken == "en" and english is not None:
            return sentiment, difference
        middle, half = self._band(one)
        value = (positive - negative) / 2
        return sentiment, tanh(middle + (max(-half, min(half, value)) if sentiment is Sentiment.NEUTRAL else value))

    def _values(self, one: Weighed, english: Triple | None, polarity: float) -> Triple:
        if one.spoken == "en" and english is not None:
            return english
        middle, half = self._band(one)
        value = atanh(max(-_SURE, min(_SURE, polarity))) - middle
        return -value, half, value

    def _band(self, one: Weighed) -> tuple[float, float]:
        """The middle of what is neutral and half its width, as logarithms of odds."""
        if one.spoken in ("zh", "mixed") and one.text.strip():
            return 0.0, atanh(self._neutral(one))
        low, high = atanh(self._settings.negative_below), atanh(self._settings.positive_above)
        return (low + high) / 2, (high - low) / 2

    def _by_odds(self, one: Weighed, polarity: float) -> tuple[Sentiment, float]:
        if abs(polarity) <= self._neutral(one):
            return Sentiment.NEUTRAL, polarity
        return (Sentiment.POSITIVE if polarity > 0 else Sentiment.NEGATIVE), polarity

    def _neutral(self, one: Weighed) -> float:
        if one.asks:
            return _ASKED_NEUTRAL
        silent = not one.tally.praise and not one.tally.blame
        return self._settings.silent_zh if silent else self._settings.neutral_zh

    def _by_lexicon(self, polarity: float) -> Sentiment:
        if polarity < self._settings.negative_below:
            return Sentiment.NEGATIVE
        return Sentiment.POSITIVE if polarity > self._settings.positive_above else Sentiment.NEUTRAL


def _asked(values: Triple) -> Triple:
    negative, neutral, positive = values
    return negative, neutral + _ASKED_EN, positive


def _by_values(negative: float, neutral: float, positive: float) -> tuple[Sentiment, float]:
    """The likeliest of the three; of equals neutral, then positive."""
    if neutral >= negative and neutral >= positive:
        return Sentiment.NEUTRAL, positive - negative
    return (Sentiment.NEGATIVE if negative > positive else Sentiment.POSITIVE), positive - negative
