"""What was learned from corrections, frozen for reading: weights of hashed features, one column a label.

Learners of categories and of sentiment weigh the features of a text alike: how often each stands in it, times how
rare it is among what was learned, at length one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from math import log, sqrt

import numpy as np

from streams.text.category_features import MOST_CHARACTERS
from streams.text.learned_scores import LearnedScorer
from streams.text.normal import normalised
from streams.text.sheet import Sheet


@dataclass(frozen=True)
class LearnedModel:
    """A frozen classifier.

    >>> from streams.text.category_model import CategoryLearner
    >>> learner = CategoryLearner()
    >>> for text, name in [("退款慢", "after-sale"), ("快递丢了", "logistics")] * 3:
    ...     learner.learn_one(text, name)
    >>> scores = learner.freeze().scores("快递还没到")
    >>> max(scores, key=scores.get)
    'logistics'
    """

    labels: tuple[str, ...]
    places: Mapping[int, int]
    """Row of ``weights`` by hashed feature."""
    weights: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    """A row a feature, already multiplied by how rare the feature is; the last column is that rarity squared."""
    learned: int
    """Labels that went in."""
    trust: float
    """Say beside what decides without it, 0 to 1."""
    version: str

    def scores(self, text: str) -> dict[str, float]:
        """How much each label is favoured; all 0 for a text without a known feature."""
        return self.scores_of(normalised([text[:MOST_CHARACTERS]]))[0]

    def scores_of(self, normals: Sheet) -> list[dict[str, float]]:
        """The same for many normalised texts, each as alone."""
        return self._scorer.scores(normals)

    @cached_property
    def _scorer(self) -> LearnedScorer:
        return LearnedScorer(self.labels, self.places, self.weights)


def frozen(
    kind: str, columns: Mapping[str, Mapping[int, float]], rare: Mapping[int, float], learned: int, trust: float
) -> LearnedModel:
    """A model of the weights in ``columns``, by label and feature, over the features of ``rare``."""
    names, keys = tuple(columns), list(rare)
    weights = np.zeros((len(keys), len(names) + 1), dtype=np.float32)
    for row, key in enumerate(keys):
        weights[row, :-1] = [rare[key] * columns[name].get(key, 0.0) for name in names]
        weights[row, -1] = rare[key] * rare[key]
    digest = blake2b(repr((names, keys)).encode() + weights.tobytes(), digest_size=4).hexdigest()
    places = {key: row for row, key in enumerate(keys)}
    return LearnedModel(names, places, weights, learned, trust, f"{kind}-{learned}-{digest}")


def unit(counts: Mapping[int, int], rare: Callable[[int], float]) -> dict[int, float]:
    """Term frequency times rarity, of length one."""
    found = {key: (1.0 + log(count)) * rare(key) for key, count in counts.items()}
    norm = sqrt(sum(value * value for value in found.values()))
    return {key: value / norm for key, value in found.items()}


def rarity(learned: int, seen_in: int) -> float:
    """How rare a feature is that stood in ``seen_in`` of ``learned`` texts.

    >>> round(rarity(100, 0), 2), round(rarity(100, 100), 2)
    (5.62, 1.0)
    """
    return log((1 + learned) / (1 + seen_in)) + 1.0
