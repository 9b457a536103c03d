"""Learning from corrections on top of the shipped model: a softmax over hashed words, one step a correction.

It starts as the shipped model judges and moves as far as people tell it to; rare classes weigh more, as far as their
shares are known so far. Nothing in the product calls it yet: ``python -m bench.text sentiment learning`` measures it.
"""

from __future__ import annotations

from math import sqrt
from typing import Protocol
from zlib import crc32

import numpy as np
import numpy.typing as npt

from streams.text.language import Language
from streams.text.model.grams import buckets, grams, said
from streams.text.model.sentiment import CUES
from streams.text.model.weights import Triple
from streams.text.normal import normalise

CLASSES = ("negative", "neutral", "positive")
BUCKETS = 1 << 18
RATE, CUE_RATE = 0.2, 0.05
"""Length of a step for a word and for what the shipped model says."""
SCALE = 2.0
"""How loud a word is beside the shipped model."""
BALANCE = 0.5
"""How far the rare classes weigh more: 0 not at all, 1 until all weigh the same."""
_START = 1e-2


class Base(Protocol):
    """What the shipped model says of a text."""

    def values(self, text: str, lang: str | None = None) -> tuple[Language, Triple, tuple[float, ...]]:
        """Its language, a value for each class and the cues."""


class OnlineSentiment:
    """Predicts and learns one text at a time.

    Bounded: 262 144 buckets of three numbers, whatever it is told (12 MB with what the steps remember). Wrong
    corrections move it as right ones do; who calls must guard (score on a fixed sample, roll back). Not for threads.

    Parameters
    ----------
    base
        The reader it starts from.

    Examples
    --------
    >>> from streams.text.reader import LexiconReader
    >>> model = OnlineSentiment(LexiconReader())
    >>> model.predict_one("flight 12 boarded zone four", "en")
    'neutral'
    >>> for _ in range(20):
    ...     model.learn_one("flight 12 boarded zone four", "negative", "en")
    >>> model.predict_one("flight 12 boarded zone four", "en")
    'negative'

    References
    ----------
    Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and stochastic optimization. JMLR 12, 2011.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._words = np.zeros((BUCKETS, 3), dtype=np.float32)
        self._word_steps = np.full((BUCKETS, 3), _START, dtype=np.float32)
        told = 3 + len(CUES) + 1
        self._cues = np.eye(told, 3)
        self._cue_steps = np.full((told, 3), _START)
        self._seen = np.full(3, 5.0)

    def predict_proba_one(self, text: str, lang: str | None = None) -> dict[str, float]:
        """How likely each class is."""
        _, _, shares = self._judge(text, lang)
        return dict(zip(CLASSES, shares.tolist(), strict=True))

    def predict_one(self, text: str, lang: str | None = None) -> str:
        """The likeliest class."""
        return CLASSES[int(self._judge(text, lang)[2].argmax())]

    def learn_one(self, text: str, label: str, lang: str | None = None) -> None:
        """One step towards ``label``, one of :data:`CLASSES`; raises ValueError for another."""
        right = CLASSES.index(label)
        places, cues, shares = self._judge(text, lang)
        self._seen[right] += 1
        wrong = shares.copy()
        wrong[right] -= 1
        wrong *= (self._seen.sum() / 3 / self._seen[right]) ** BALANCE
        if len(places):
            step = (wrong * SCALE / sqrt(len(places))).astype(np.float32)
            self._word_steps[places] += step * step
            self._words[places] -= np.float32(RATE) * step / np.sqrt(self._word_steps[places])
        steps = np.outer(cues, wrong)
        self._cue_steps += steps * steps
        self._cues -= CUE_RATE * steps / np.sqrt(self._cue_steps)

    def _judge(
        self, text: str, lang: str | None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The buckets, the cues and the shares of the classes."""
        spoken, values, cues = self._base.values(text, lang)
        places = _places(said(normalise(text)), spoken)
        told = np.array([*values, *cues, 1.0])
        sums = told @ self._cues
        if len(places):
            sums = sums + self._words[places].sum(0) * (SCALE / sqrt(len(places)))
        shares = np.exp(sums - sums.max())
        return places, told, shares / shares.sum()


def _places(said_: str, spoken: Language) -> npt.NDArray[np.int64]:
    """The buckets of a text, each once: words and pairs in English, characters, pairs and triples in Chinese."""
    found = set(buckets(said_, BUCKETS))
    if spoken != "en":
        found.update(crc32(one.encode()) % BUCKETS for part in grams(said_) for one in part)
    return np.array(sorted(found), dtype=np.int64)
