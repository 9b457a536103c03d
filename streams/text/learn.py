"""Learning from corrections in one place, guarded against bursts of wrong ones.

Corrections wait until a bucket closes. Then a copy of the learner learns them, and the copy is judged on a fixed
sample. If it reads the sample about as well as the best of the versions still kept, it is published and holds from the
next bucket. If not, the corrections of each author are tried by themselves; those that do harm are dropped, and when
nothing
is left the old version stays. Both outcomes are events for the log, so that every worker and every replay changes
version at the same bucket.

Pure: what comes out is a function of the corrections in their order and the buckets closed. Any learner with
``learn_one`` and ``freeze`` will do. What the guard cannot see: harm to texts unlike any in the sample.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)


class Learner(Protocol[M_co]):
    """What learns."""

    def learn_one(self, text: str, label: str, /) -> None:
        """Learn that ``text`` is ``label``."""

    def freeze(self) -> M_co:
        """A model that will not change."""


class Correction(NamedTuple):
    """What a person said a text is; ``author`` is who said it, hashed."""

    text: str
    label: str
    author: str


class GuardSettings(BaseModel):
    """Bounds of learning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.02
    """A version may read this share of the sample worse than the best one kept."""
    most_by_author: Annotated[int, Field(ge=1)] = 50
    """Corrections of one author within one bucket; more are ignored and counted."""
    most_waiting: Annotated[int, Field(ge=1)] = 1000
    """Corrections that wait for one bucket to close; more are ignored and counted."""
    keep: Annotated[int, Field(ge=2, le=100)] = 10
    """Versions that are kept."""


@dataclass(frozen=True, slots=True)
class Published:
    """A new version; it holds from bucket ``holds_from`` on."""

    version: int
    holds_from: int
    score: float
    """Of the fixed sample read rightly, 0 to 1."""
    before: float
    """The same of the version that held until then."""
    learned: int
    dropped: int = 0
    """Corrections that would have done harm."""
    ignored: int = 0
    """Corrections beyond the bounds."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The corrections of a bucket made reading worse; version ``version`` stays."""

    version: int
    bucket: int
    score: float
    """What the sample would have come to."""
    before: float
    dropped: int
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Held(Generic[M]):
    """A version that is kept."""

    version: int
    holds_from: int
    score: float
    model: M


class GuardedLearning(Generic[M]):
    """The learner with its guard; ``judge`` gives the share of the fixed sample that a model reads rightly.

    >>> from streams.text.category_model import CategoryLearner
    >>> def judge(model):
    ...     scores = model.scores("快递丢了")
    ...     return float(max(scores, key=scores.get, default="") == "logistics")
    >>> learning = GuardedLearning(CategoryLearner(), judge)
    >>> for _ in range(3):
    ...     learning.correct(Correction("快递丢了", "logistics", "anna"))
    ...     learning.correct(Correction("质量差", "quality", "anna"))
    >>> learning.close(7)
    Published(version=1, holds_from=8, score=1.0, before=0.0, learned=6, dropped=0, ignored=0)
    >>> for _ in range(9):
    ...     learning.correct(Correction("快递丢了", "price", "bob"))
    >>> learning.close(8), learning.newest.version
    (RolledBack(version=1, bucket=8, score=0.0, before=1.0, dropped=9, ignored=0), 1)
    """

    def __init__(self, learner: Learner[M], judge: Callable[[M], float], settings: GuardSettings | None = None) -> None:
        self._learner = learner
        self._judge = judge
        self._settings = settings or GuardSettings()
        self._waiting: list[Correction] = []
        self._by_author: Counter[str] = Counter()
        self._ignored = 0
        model = learner.freeze()
        self._held: deque[Held[M]] = deque([Held(0, -1, judge(model), model)], maxlen=self._settings.keep)

    def correct(self, correction: Correction) -> None:
        """Take a correction; it is learned when the bucket closes."""
        self._by_author[correction.author] += 1
        bounds = self._settings
        if self._by_author[correction.author] > bounds.most_by_author or len(self._waiting) >= bounds.most_waiting:
            self._ignored += 1
        else:
            self._waiting.append(correction)

    def close(self, bucket: int) -> Published | RolledBack | None:
        """Learn what waits; ``None`` when nothing does."""
        waiting, ignored = self._waiting, self._ignored
        self._waiting, self._ignored = [], 0
        self._by_author.clear()
        if not waiting:
            return None
        last = self._held[-1]
        learner, model, score = self._tried(self._learner, waiting)
        kept = waiting
        if not self._is_good(score):
            worst = score
            learner, model, score, kept = self._without_harm(waiting)
            if not kept:
                return RolledBack(last.version, bucket, worst, last.score, len(waiting), ignored)
        self._learner = learner
        held = Held(last.version + 1, bucket + 1, score, model)
        self._held.append(held)
        dropped = len(waiting) - len(kept)
        return Published(held.version, held.holds_from, score, last.score, len(kept), dropped, ignored)

    @property
    def newest(self) -> Held[M]:
        """The version that holds last."""
        return self._held[-1]

    def at(self, bucket: int) -> M:
        """The model that holds in a bucket; the oldest kept for one further back."""
        return next((one for one in reversed(self._held) if one.holds_from <= bucket), self._held[0]).model

    def _is_good(self, score: float) -> bool:
        """Measured against the best one kept, or many small steps would lead down."""
        return score >= max(one.score for one in self._held) - self._settings.tolerance

    def _tried(self, learner: Learner[M], corrections: Sequence[Correction]) -> tuple[Learner[M], M, float]:
        """A copy that learned ``corrections``, frozen and judged."""
        copy = deepcopy(learner)
        for one in corrections:
            copy.learn_one(one.text, one.label)
        model = copy.freeze()
        return copy, model, self._judge(model)

    def _without_harm(self, waiting: Sequence[Correction]) -> tuple[Learner[M], M, float, list[Correction]]:
        """Author by author in the order they came, only what does no harm."""
        last = self._held[-1]
        learner, model, score = self._learner, last.model, last.score
        kept: list[Correction] = []
        for author in dict.fromkeys(one.author for one in waiting):
            own = [one for one in waiting if one.author == author]
            tried = self._tried(learner, own)
            if self._is_good(tried[2]):
                learner, model, score = tried
                kept += own
        return learner, model, score, kept
