"""How the shipped model judges a text: n-grams and lexicon weighed together.

Second voice of reading, beside :mod:`streams.text.score`. For Chinese the n-grams learned from reviews speak as far
as the text is like what they were learned from; the less of it they know, the more the lexicon counts: words such as
伤心 mean the same everywhere, and n-grams of reviews do not. For English, words, pairs of words and the lexicon's
sums give a value each for negative, neutral and positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from math import exp, tanh
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from streams.text.model.grams import BUCKETS, hashed_words
from streams.text.model.table import GramTable
from streams.text.model.weights import Triple, Weights, in_steps
from streams.text.model.weights import shipped as shipped_weights
from streams.text.score import Tally
from streams.text.sheet import Sheet

CUES = ("polarity", "praise only", "praise", "blame", "asks", "link", "marks", "length", "heat")
"""What the English model takes from the lexicon and the look of a text, each between −1 and 1."""
LEXICON, LEXICON_ABROAD = 0.5, 1.0
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


Sums = npt.NDArray[np.int64]


class Heard(NamedTuple):
    """What the n-grams say of some Chinese texts, by row."""

    totals: Sums
    """Sums of the weights of all known ones, in steps of the model."""
    known: Sums
    """How many of the pairs and triples are known."""
    letters: Sums
    """The lengths of the texts."""


class Worded(NamedTuple):
    """What the words and pairs of words say of some English texts, by row."""

    totals: Sums
    """Sums of the weights for negative, neutral and positive (a column each), in steps of the model."""
    many: Sums
    """How many words and pairs there are."""


class SentimentModel:
    """Judges many texts by weights; has no memory, and time grows with the length of the texts.

    Weights are whole numbers of the steps in which the file keeps them, so that a text is judged the same alone and
    among others, to the last bit. Texts must be normalised, and blank where nothing is said
    (:mod:`streams.text.dress`).

    >>> from streams.text.sheet import lay
    >>> model = shipped()
    >>> good, bad = model.chinese(model.hear(lay(["送餐很快，味道不错", "等了两个小时，菜都凉了"])), [0.0, 0.0])
    >>> good > 0 > bad
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

    def hear(self, texts: Sheet) -> Heard:
        """What the n-grams say of each text."""
        weights, known = self._grams.look_up(texts.codes)
        totals = texts.sums(weights.sum(0, dtype=np.int16))
        return Heard(totals, texts.sums(known[1:].sum(0, dtype=np.int8)), texts.ends - texts.starts)

    def chinese(self, heard: Heard, lexical: Sequence[float]) -> list[float]:
        """The logarithms of the odds for praise (above 0) against blame; ``lexical`` are the lexicon's polarities."""
        letters = heard.letters
        longer = np.maximum(2 * letters - 3, 0)
        size = longer + letters
        evidence = size / (size + SHORT)
        home = (heard.known + 2) / (longer + 3)
        abroad = np.maximum(np.clip((HOME - home) / (HOME - ABROAD), 0.0, 1.0), 1.0 - evidence)
        learned = heard.totals * self._step / np.sqrt(np.maximum(size, 1)) * evidence
        odds = learned + self._gram_bias * (1.0 - abroad) + (LEXICON + LEXICON_ABROAD * abroad) * np.array(lexical)
        told: list[float] = odds.tolist()
        return told

    def words(self, texts: Sheet) -> Worded:
        """What the words say of each text."""
        buckets, owners = hashed_words(texts)
        found, many = self._words[buckets], len(texts.starts)
        totals = [np.bincount(owners, weights=found[:, place], minlength=many) for place in range(3)]
        return Worded(np.stack(totals, axis=1).astype(np.int64), np.bincount(owners, minlength=many))

    def english(self, worded: Worded, cues_: Sequence[Sequence[float]]) -> list[Triple]:
        """A value each for negative, neutral and positive; the largest wins."""
        scales = self._word_step / np.sqrt(np.maximum(worded.many, 1))
        values = np.array(self._bias) + worded.totals * scales[:, None]
        for cue, weights in zip(np.array(cues_).T, self._cues, strict=True):
            values += cue[:, None] * np.array(weights)
        return [(negative, neutral, positive) for negative, neutral, positive in values.tolist()]


@cache
def shipped() -> SentimentModel:
    """The model of the project, shared by all readers."""
    return SentimentModel(shipped_weights())


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
