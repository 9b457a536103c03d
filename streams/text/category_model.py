"""The category classifier that learns from corrections, and the frozen model that reads with it.

Learning happens in one place, a label at a time, with River's passive-aggressive classifier for each category over
features weighted by how rare they are. After each label a few older ones are learned again, every category as often as
every other: it makes the most of few labels and keeps rare categories. What reading needs is frozen into a
:class:`~streams.text.learned.LearnedModel`, whose version says exactly what was learned.

When it works: from about ten labels a category on. When not: with fewer it mostly leaves the decision to the
keywords.

References: K. Crammer et al., Online passive-aggressive algorithms, JMLR 7 (2006).
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from river import linear_model

from streams.text.category_features import features
from streams.text.learned import LearnedModel, frozen, rarity, unit

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

    def freeze(self) -> LearnedModel:
        """What was learned so far, for reading."""
        trust = self.learned / (self.learned + self.settings.trust_from)
        columns = {name: model.weights for name, model in sorted(self._models.items())}
        rare = {key: self._rarity(key) for key in sorted(self._seen_in)}
        return frozen("cat", columns, rare, self.learned, trust)

    def _learn(self, counts: Mapping[int, int], category: str) -> None:
        weighted = unit(counts, self._rarity)
        for name, model in self._models.items():
            model.learn_one(weighted, name == category)

    def _rarity(self, key: int) -> float:
        return rarity(self.learned, self._seen_in.get(key, 0))


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
