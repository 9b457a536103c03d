"""How the shipped model judges a text: n-grams and lexicon weighed together.

Second voice of reading, beside :mod:`streams.text.score`. For Chinese the n-grams learned from reviews speak as far
as the text is like what they were learned from; the less of it they know, the more the lexicon counts: words such as
伤心 mean the same everywhere, and n-grams of reviews do not. For English, words, pairs of words and the lexicon's
sums give a value each for negative, neutral and positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, sqrt, tanh

import numpy as np

from streams.text.model.grams import BUCKETS, hashed_words
from streams.text.model.table import GramTable
from streams.text.model.weights import Triple, Weights, in_steps
from streams.text.score import Tally
from streams.text.sheet import Sheet

CUES = ("polarity", "praise only", "praise", "blame", "asks", "link", "marks", "length", "heat")
"""What the English model takes from the lexicon and the look of a text, each between −1 and 1."""
LEXICON, LEXICON_ABROAD = 0.5, 2.0
"""What the lexicon's polarity weighs in Chinese: in texts like the reviews, and added to that in texts unlike them."""
HOME, ABROAD = 0.68, 0.5
"""Above the first share of known n-grams a text is like the reviews, below the second it is not."""
CONTRAST = 1.4
"""How much more the lexicon weighs in a text with a "but": it knows what came after it, the n-grams do not."""
SHORT = 3
"""With so many n-grams (a text of two characters) what was learned counts for half, and the lexicon for more."""


def cues(tally: Tally, polarity: float, normal: str) -> tuple[float, ...]:
    """The values of :data:`CUES` for one text."""
    return (
        polarity,
        polarity if polarity > 0 else 0.0,
        tally.praise / (1.0 + tally.praise),
        tally.blame / (1.0 + tally.blame),
        1.0 if "?" in normal else 0.0,
        1.0 if "http" in normal else 0.0,
        min(normal.count("!"), 3) / 3,
        min(len(normal), 300) / 300,
        1.0 - tally.calm,
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the n-grams say of one Chinese text."""

    total: int
    """Sum of the weights of all known ones, in steps of the model."""
    known: int
    """How many of its pairs and triples are known."""
    letters: int
    """Its length."""


@dataclass(frozen=True, slots=True)
class Worded:
    """What the words and pairs of words say of one English text."""

    totals: tuple[int, int, int]
    """Sums of the weights for negative, neutral and positive, in steps of the model."""
    many: int
    """How many words and pairs there are."""


class SentimentModel:
    """Judges many texts by weights; has no memory, and time grows with the length of the texts.

    Weights are whole numbers of the steps in which the file keeps them, so that a text is judged the same alone and
    among others, to the last bit. Texts must be normalised, and blank where nothing is said
    (:mod:`streams.text.dress`).

    >>> from streams.text.model.weights import shipped
    >>> from streams.text.sheet import lay
    >>> model = SentimentModel(shipped())
    >>> good, bad = model.hear(lay(["送餐很快，味道不错", "等了两个小时，菜都凉了"]))
    >>> model.chinese(good, 0.0) > 0 > model.chinese(bad, 0.0)
    True
    """

    def __init__(self, weights: Weights) -> None:
        self.version = weights.version
        self._step, steps = in_steps(weights.grams.values())
        self._grams, self._gram_bias = GramTable(list(weights.grams), steps), weights.gram_bias
        self._word_step, steps = in_steps(chain.from_iterable(weights.words.values()))
        self._words = np.zeros((BUCKETS, 3), dtype=np.int8)
        if weights.words:
            self._words[list(weights.words)] = np.reshape(steps, (-1, 3))
        self._cues, self._bias = weights.cues, weights.bias

    def hear(self, texts: Sheet) -> list[Heard]:
        """What the n-grams say of each text."""
        weights, known = self._grams.look_up(texts.codes)
        totals = texts.sums(weights.sum(0, dtype=np.int16)).tolist()
        longer = texts.sums(known[1:].sum(0, dtype=np.int8)).tolist()
        return list(map(Heard, totals, longer, (texts.ends - texts.starts).tolist()))

    def chinese(self, heard: Heard, lexical: float) -> float:
        """The logarithm of the odds for praise (above 0) against blame; ``lexical`` is the lexicon's polarity."""
        letters = heard.letters
        longer = 2 * letters - 3 if letters > 1 else 0
        size = longer + letters
        evidence = size / (size + SHORT)
        home = (heard.known + 2) / (longer + 3)
        abroad = max(min(max((HOME - home) / (HOME - ABROAD), 0.0), 1.0), 1.0 - evidence)
        learned = heard.total * self._step / sqrt(size) * evidence if size else 0.0
        return learned + self._gram_bias * (1.0 - abroad) + (LEXICON + LEXICON_ABROAD * abroad) * lexical

    def words(self, texts: Sheet) -> list[Worded]:
        """What the words say of each text."""
        buckets, owners = hashed_words(texts)
        many = len(texts.starts)
        found = self._words[buckets]
        columns = [
            np.bincount(owners, weights=found[:, place], minlength=many).astype(int).tolist() for place in range(3)
        ]
        counts = np.bincount(owners, minlength=many).tolist()
        return list(map(Worded, zip(*columns, strict=True), counts))

    def english(self, worded: Worded, cues_: Sequence[float]) -> Triple:
        """A value each for negative, neutral and positive; the largest wins."""
        negative, neutral, positive = self._bias
        if worded.many:
            scale = self._word_step / sqrt(worded.many)
            bad, calm, good = worded.totals
            negative, neutral, positive = negative + bad * scale, neutral + calm * scale, positive + good * scale
        for value, (one, two, three) in zip(cues_, self._cues, strict=True):
            if value:
                negative += value * one
                neutral += value * two
                positive += value * three
        return negative, neutral, positive


def odds_to_polarity(odds: float) -> float:
    """−1 to 1 from the logarithm of the odds.

    >>> odds_to_polarity(0.0), round(odds_to_polarity(2.0), 2)
    (0.0, 0.76)
    """
    return tanh(odds / 2)


def shares(values: Triple) -> Triple:
    """How likely negative, neutral and positive are; they add up to 1.

    >>> [round(one, 2) for one in shares((1.0, 0.0, -1.0))]
    [0.67, 0.24, 0.09]
    """
    largest = max(values)
    negative, neutral, positive = (exp(value - largest) for value in values)
    total = negative + neutral + positive
    return negative / total, neutral / total, positive / total
