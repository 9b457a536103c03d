"""Training of the shipped model from reviews, posts and brand tweets; ``fenghuo train text`` calls it.

Needs scikit-learn (extra ``train``), which nothing else in Fenghuo does. The same data and lexicon give the same bytes.
Every text is weighed by the lexicon too, so a changed lexicon wants a new training.
"""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from contracts.errors import InvalidFile, InvalidSettings
from streams.text.model.grams import buckets, grams, said
from streams.text.model.sentiment import cues
from streams.text.model.weights import Triple, Weights
from streams.text.normal import normalise
from streams.text.scan import Scanner
from streams.text.score import Tally, Weigher
from streams.text.settings import ReaderSettings
from streams.text.sheet import lay
from streams.text.words import Lexicon, shipped

TAKEAWAY = "reviews_zh/waimai_10k.csv"
SHOPPING = "reviews_zh/online_shopping_7_cats.csv"
TWEETS = "brand_tweets_2011.csv"
POSTS = "posts_zh.csv"
"""Lies beside this module: posts written for this purpose, half praise or joy, half blame or sorrow."""
CLASSES = ("negative", "neutral", "positive")
LEAST_TEXTS = 2
"""An n-gram or word that stands in fewer texts is left out."""
STRENGTH_ZH, STRENGTH_EN = 4.0, 1.0
"""How closely the data are followed (inverse of the regularisation)."""
TAKEAWAY_WEIGHT = 3.0
"""What a takeaway review weighs beside a shopping review: there are fewer of them."""
POST_WEIGHT = 6.0
"""What a post weighs beside a shopping review: there are few of them."""
BRANDS = frozenset(
    "apple iphone ipad ipod ios ios5 siri mac macbook icloud itunes jobs steve google android nexus galaxy samsung ics "
    "icecreamsandwich sandwich microsoft windows ballmer xbox kinect skype twitter tweet tweets 4s s ice cream".split()
)
"""Words of the brands in the tweets: a brand is no opinion."""

Floats = npt.NDArray[np.float64]
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with what they are: 1 praise and 0 blame in Chinese, an index into :data:`CLASSES` in English."""

    texts: Sequence[str]
    labels: Sequence[int]
    weights: Sequence[float]


def chinese_reviews(folder: Path) -> Labelled:
    """The reviews of takeaways and of seven kinds of goods."""
    takeaway = [(row["review"], int(row["label"]), TAKEAWAY_WEIGHT) for row in rows(folder / TAKEAWAY)]
    shopping = [(row["review"], int(row["label"]), 1.0) for row in rows(folder / SHOPPING)]
    return _labelled([*takeaway, *shopping])


def posts() -> Labelled:
    """The posts of everyday life that are shipped for training."""
    content = files("streams.text.model").joinpath(POSTS).read_text(encoding="utf-8")
    found = csv.DictReader(content.splitlines())
    return _labelled([(row["text"], int(row["label"] == "positive"), POST_WEIGHT) for row in found])


def together(*parts: Labelled) -> Labelled:
    """All texts of several sets."""
    whole = [one for part in parts for one in zip(part.texts, part.labels, part.weights, strict=True)]
    return _labelled(whole)


def brand_tweets(folder: Path) -> Labelled:
    """The tweets about four brands that were judged to be about them, each class weighing the same."""
    found = [
        (row["text"], CLASSES.index(row["sentiment"])) for row in rows(folder / TWEETS) if row["sentiment"] in CLASSES
    ]
    many = Counter(label for _, label in found)
    return _labelled([(text, label, len(found) / 3 / many[label]) for text, label in found])


def train(chinese: Labelled, english: Labelled, lexicon: Lexicon | None = None) -> Weights:
    """The weights learned from two sets of texts."""
    known, gram_bias = _train_chinese(chinese)
    words, cues_, bias = _train_english(english, Lexical(lexicon or shipped()))
    return Weights(known, gram_bias, words, cues_, bias)


def rows(path: Path) -> Rows:
    """The rows of a CSV file by column; raises :class:`~contracts.errors.InvalidFile` when there is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise InvalidFile(str(path), f"can not be read ({error.strerror}); name the folder with the reviews") from error


class Lexical:
    """What the lexicon says of a text, as the reader hears it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._settings = ReaderSettings()
        self._scanner = Scanner(lexicon.terms)
        self._weigh = Weigher(self._scanner, lexicon.meanings, self._settings)

    def __call__(self, normal: str) -> tuple[Tally, float]:
        """The sums and the polarity."""
        tally = self._weigh(self._scanner.raw(lay([normal]))[0])
        return tally, tally.polarity(self._settings, asks="?" in normal or "？" in normal)


def _train_chinese(texts: Labelled) -> tuple[dict[str, float], float]:
    """Weights of n-grams, and the bias."""
    told = [Counter(_all_grams(normalise(text))) for text in texts.texts]
    names, matrix, rarity = _matrix(told)
    labels = np.asarray(texts.labels)
    weights, bias = _fit(matrix, labels, np.asarray(texts.weights), STRENGTH_ZH)
    return dict(zip(names, (weights * rarity).tolist(), strict=True)), round(bias, 6)


def _train_english(texts: Labelled, lexical: Lexical) -> tuple[dict[int, Triple], tuple[Triple, ...], Triple]:
    """Weights of words and cues for each class, and the biases."""
    normals = [normalise(text) for text in texts.texts]
    told = [Counter(_unbranded(said(normal))) for normal in normals]
    names, matrix, rarity = _matrix(told)
    extra = np.array([cues(*lexical(normal), normal) for normal in normals])
    whole = sparse.hstack([matrix, sparse.csr_matrix(extra)]).tocsr()
    labels, weights = np.asarray(texts.labels), np.asarray(texts.weights)
    fits = [_fit(whole, (labels == place).astype(int), weights, STRENGTH_EN) for place in range(len(CLASSES))]
    columns = np.array([found for found, _ in fits]).T
    words = dict(zip(names, map(_triple, columns[: len(names)] * rarity[:, None]), strict=True))
    told_cues = tuple(map(_triple, columns[len(names) :]))
    return words, told_cues, _triple([bias for _, bias in fits])


def _all_grams(normal: str) -> list[str]:
    letters, pairs, triples = grams(said(normal))
    return [*letters, *pairs, *triples]


def _unbranded(said_: str) -> list[int]:
    """The buckets of a text without the words that name a brand."""
    kept = " ".join(word for word in said_.split() if word.strip("#.,!?:;'s()\"") not in BRANDS)
    return buckets(kept)


def _matrix(told: Sequence[Counter[Any]]) -> tuple[list[Any], sparse.csr_matrix, Floats]:
    """Names of the columns, count / √length × rarity a row, and the rarity of each column."""
    spread: Counter[Any] = Counter()
    for one in told:
        spread.update(one.keys())
    names = sorted(name for name, count in spread.items() if count >= LEAST_TEXTS)
    place = {name: index for index, name in enumerate(names)}
    rarity = np.array([log(len(told) / spread[name]) / 5 for name in names])
    columns, values, ends = array("i"), array("d"), [0]
    for one in told:
        size = sqrt(max(sum(one.values()), 1))
        found = sorted((place[name], count) for name, count in one.items() if name in place)
        columns.extend(index for index, _ in found)
        values.extend(count / size * rarity[index] for index, count in found)
        ends.append(len(columns))
    shape = (len(told), len(names))
    return names, sparse.csr_matrix((np.asarray(values), np.asarray(columns), ends), shape=shape), rarity


def _fit(matrix: sparse.csr_matrix, labels: Any, weights: Floats, strength: float) -> tuple[Floats, float]:
    """Logistic regression by coordinate descent, in one thread and with a fixed seed."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise InvalidSettings("train", "needs scikit-learn: pip install 'fenghuo[train]'") from None
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0, tol=1e-3, max_iter=200)
    model.fit(matrix, labels, weights)
    return model.coef_[0], float(model.intercept_[0])


def _labelled(triples: Iterable[tuple[str, int, float]]) -> Labelled:
    texts, labels, weights = zip(*triples, strict=True)
    return Labelled(texts, labels, weights)


def _triple(values: Sequence[float] | Floats) -> Triple:
    negative, neutral, positive = (round(float(one), 6) for one in values)
    return negative, neutral, positive
