"""How the shipped model judges a text: n-grams and lexicon weighed together.

Second voice of reading, beside :mod:`streams.text.score`. For Chinese the n-grams learned from reviews speak as far
as the text is like what they were learned from; the less of it they know, the more the lexicon counts: words such as
伤心 mean the same everywhere, and n-grams of reviews do not. For English, words, pairs of words and the lexicon's
sums give a value each for negative, neutral and positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from math import exp, sqrt, tanh

from streams.text.model.grams import buckets, grams, said
from streams.text.model.weights import Triple, Weights
from streams.text.score import Tally

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


class SentimentModel:
    """Judges by weights; has no memory, costs about 15 µs for 60 characters and time in proportion to the length.

    >>> from streams.text.model.weights import shipped
    >>> model = SentimentModel(shipped())
    >>> model.chinese("送餐很快，味道不错", 0.0) > 0 > model.chinese("等了两个小时，菜都凉了", 0.0)
    True
    """

    def __init__(self, weights: Weights) -> None:
        self.version = weights.version
        self._grams, self._gram_bias = dict(weights.grams), weights.gram_bias
        self._words, self._cues, self._bias = dict(weights.words), weights.cues, weights.bias

    def chinese(self, normal: str, lexical: float) -> float:
        """The logarithm of the odds for praise (above 0) against blame; ``lexical`` is the lexicon's polarity."""
        letters, pairs, triples = grams(said(normal))
        get = self._grams.get
        found = [weight for weight in map(get, chain(pairs, triples)) if weight is not None]
        longer = len(pairs) + len(triples)
        size = longer + len(letters)
        evidence = size / (size + SHORT)
        home = (len(found) + 2) / (longer + 3)
        abroad = max(min(max((HOME - home) / (HOME - ABROAD), 0.0), 1.0), 1.0 - evidence)
        total = sum(found) + sum(map(get, letters, repeat(0.0)))
        learned = total / sqrt(size) * evidence if size else 0.0
        return learned + self._gram_bias * (1.0 - abroad) + (LEXICON + LEXICON_ABROAD * abroad) * lexical

    def disagrees(self, term: str, praise: bool) -> bool:
        """Whether the n-grams inside a term speak against what the lexicon says of it."""
        total = sum(map(self._grams.get, chain(*grams(term)), repeat(0.0)))
        return total < 0 if praise else total > 0

    def english(self, normal: str, cues_: Sequence[float]) -> Triple:
        """A value each for negative, neutral and positive; the largest wins."""
        negative, neutral, positive = self._bias
        told = buckets(said(normal))
        if told:
            get = self._words.get
            size = sqrt(len(told))
            found = [three for three in map(get, told) if three is not None]
            for one, two, three in found:
                negative += one / size
                neutral += two / size
                positive += three / size
        for value, (one, two, three) in zip(cues_, self._cues, strict=True):
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
