"""The category classifier that learns from corrections, and the frozen model that reads with it.

Learning happens in one place, a label at a time, with River's passive-aggressive classifier for each category over
features weighted by how rare they are. After each label a few older ones are learned again, every category as often as
every other: it makes the most of few labels and keeps rare categories. What reading needs is frozen into a
:class:`CategoryModel`, whose version says exactly what was learned.

When it works: from about ten labels a category on. When not: with fewer it mostly leaves the decision to the
keywords.

References: K. Crammer et al., Online passive-aggressive algorithms, JMLR 7 (2006).
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from math import log, sqrt
from random import Random
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from river import linear_model

from streams.text.category_features import MOST_CHARACTERS, features
from streams.text.category_scores import CategoryScorer
from streams.text.normal import normalised
from streams.text.sheet import Sheet

_PASSIVE_AGGRESSIVE: Any = linear_model.PAClassifier
_EARLY = 200
"""So many first labels are followed by three times as much rehearsal."""


_Packed = tuple["array[int]", "array[int]"]
"""Features and how often each stands in a text, in little room."""


class CategoryLearning(BaseModel):
    """How the classifier learns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aggressiveness: Annotated[float, Field(gt=0, le=10)] = 0.5
    """Most that one label may change a weight's norm by."""
    rehearse: Annotated[int, Field(ge=0, le=50)] = 8
    """Older labels learned again after each."""
    keep: Annotated[int, Field(ge=1, le=10_000)] = 300
    """Labels of one category that are kept for that, the newest."""
    most_categories: Annotated[int, Field(ge=2, le=100)] = 40
    """Labels of a category beyond these are refused."""
    seed: int = 1
    trust_from: Annotated[float, Field(gt=0)] = 30.0
    """So many labels give the classifier half of its full say beside the keywords."""


@dataclass(frozen=True)
class CategoryModel:
    """A frozen classifier: weights of hashed features, one column a category.

    >>> learner = CategoryLearner()
    >>> for text, name in [("退款慢", "after-sale"), ("快递丢了", "logistics")] * 3:
    ...     learner.learn_one(text, name)
    >>> scores = learner.freeze().scores("快递还没到")
    >>> max(scores, key=scores.get)
    'logistics'
    """

    categories: tuple[str, ...]
    places: Mapping[int, int]
    """Row of ``weights`` by hashed feature."""
    weights: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    """A row a feature, already multiplied by how rare the feature is; the last column is that rarity squared."""
    learned: int
    """Labels that went in."""
    trust: float
    """Say beside the keywords, 0 to 1."""
    version: str

    def scores(self, text: str) -> dict[str, float]:
        """How much each category is favoured; above 0 it would be taken by itself."""
        return self.scores_of(normalised([text[:MOST_CHARACTERS]]))[0]

    def scores_of(self, normals: Sheet) -> list[dict[str, float]]:
        """The same for many normalised texts, each as alone."""
        return self._scorer.scores(normals)

    @cached_property
    def _scorer(self) -> CategoryScorer:
        return CategoryScorer(self.categories, self.places, self.weights)


@dataclass(slots=True)
class CategoryLearner:
    """Learns categories from labelled texts; holds no text, only hashed features. Equal labels, equal model."""

    settings: CategoryLearning = field(default_factory=CategoryLearning)
    learned: int = 0
    _seen_in: dict[int, int] = field(default_factory=dict)
    """In how many labelled texts each feature stood."""
    _models: dict[str, Any] = field(default_factory=dict)
    _kept: dict[str, deque[_Packed]] = field(default_factory=dict)
    _chance: Random = field(default_factory=Random)

    def __post_init__(self) -> None:
        self._chance.seed(self.settings.seed)

    def learn_one(self, text: str, category: str) -> None:
        """Learn that ``text`` is of ``category``; raises ValueError when there are too many categories."""
        if category not in self._models:
            if len(self._models) >= self.settings.most_categories:
                raise ValueError(f"more than {self.settings.most_categories} categories; raise most_categories")
            self._models[category] = _PASSIVE_AGGRESSIVE(self.settings.aggressiveness, learn_intercept=False)
            self._kept[category] = deque(maxlen=self.settings.keep)
        counts = features(text)
        if not counts:
            return
        self.learned += 1
        for key in counts:
            self._seen_in[key] = self._seen_in.get(key, 0) + 1
        self._kept[category].append((array("I", counts), array("H", counts.values())))
        self._learn(counts, category)
        names = list(self._kept)
        early = 3 if self.learned <= _EARLY else 1
        for _ in range(self.settings.rehearse * early):
            name = self._chance.choice(names)
            keys, often = self._chance.choice(self._kept[name])
            self._learn(dict(zip(keys, often, strict=True)), name)

    def freeze(self) -> CategoryModel:
        """What was learned so far, for reading."""
        names = tuple(sorted(self._models))
        keys = sorted(self._seen_in)
        weights = np.zeros((len(keys), len(names) + 1), dtype=np.float32)
        for row, key in enumerate(keys):
            rare = self._rarity(key)
            weights[row, :-1] = [rare * self._models[name].weights.get(key, 0.0) for name in names]
            weights[row, -1] = rare * rare
        digest = blake2b(repr((names, keys)).encode() + weights.tobytes(), digest_size=4).hexdigest()
        trust = self.learned / (self.learned + self.settings.trust_from)
        places = {key: row for row, key in enumerate(keys)}
        return CategoryModel(names, places, weights, self.learned, trust, f"cat-{self.learned}-{digest}")

    def _learn(self, counts: Mapping[int, int], category: str) -> None:
        weighted = self._weighted(counts)
        for name, model in self._models.items():
            model.learn_one(weighted, name == category)

    def _weighted(self, counts: Mapping[int, int]) -> dict[int, float]:
        """Term frequency times rarity, of length one."""
        found = {key: (1.0 + log(count)) * self._rarity(key) for key, count in counts.items()}
        norm = sqrt(sum(value * value for value in found.values()))
        return {key: value / norm for key, value in found.items()}

    def _rarity(self, key: int) -> float:
        return log((1 + self.learned) / (1 + self._seen_in.get(key, 0))) + 1.0


def decide(points: Mapping[str, float], scores: Mapping[str, float], trust: float) -> str | None:
    """The category by keywords and classifier together; ``None`` when nothing speaks for any.

    The keywords give each category its share of their points; the classifier adds its score, at most 1 either way,
    times ``trust``. A category that the classifier has never heard of loses what its best one gains.

    >>> decide({"price": 1.0}, {"logistics": 0.9, "price": -0.5}, trust=0.8), decide({}, {"price": -0.2}, trust=0.8)
    ('logistics', None)
    """
    whole = sum(points.values())
    most = min(1.0, max(scores.values(), default=0.0))
    totals = {
        name: value / whole - (trust * max(0.0, most) if name not in scores else 0.0) for name, value in points.items()
    }
    for name, score in scores.items():
        totals[name] = totals.get(name, 0.0) + trust * max(-1.0, min(1.0, score))
    best = max(totals, key=lambda name: totals[name], default=None)
    return best if best is not None and totals[best] > 0 else None
