"""How well keywords and classifier together read the fixed sample of categories: the judge of guarded learning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from contracts.series import OTHER
from contracts.yamlfile import plain_yaml
from streams.text.category_model import decide
from streams.text.learned import LearnedModel
from streams.text.normal import normalised
from streams.text.scan import Scanner
from streams.text.score import Weigher
from streams.text.settings import ReaderSettings
from streams.text.sheet import Sheet, lay
from streams.text.words import Lexicon, shipped

Sample = Sequence[tuple[str, str]]
"""Texts with their category."""


class CategoryJudge:
    """Gives the share of ``sample`` that is read rightly with a model; the keywords are those of ``lexicon``.

    >>> from streams.text.category_model import CategoryLearner
    >>> CategoryJudge(sample=[("快递三天没到", "logistics"), ("嗯", "price")])(CategoryLearner().freeze())
    0.5
    """

    def __init__(self, lexicon: Lexicon | None = None, sample: Sample | None = None) -> None:
        texts, self._right = zip(*(sample or shipped_sample()), strict=True)
        self._normals = normalised(texts)
        self._points = KeywordPoints(lexicon or shipped()).many(self._normals)

    def __call__(self, model: LearnedModel) -> float:
        """0 to 1."""
        told = zip(self._points, model.scores_of(self._normals), self._right, strict=True)
        right: int = sum(
            (decide(points, scores, model.trust) or OTHER) == category for points, scores, category in told
        )
        return right / len(self._right)


class KeywordPoints:
    """Points of each category by the keywords of a lexicon.

    >>> KeywordPoints(shipped())("快递三天没到")
    {'logistics': 1.1}
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = lexicon.categories
        self._scanner = Scanner(lexicon.terms)
        self._weigh = Weigher(self._scanner, lexicon.meanings, ReaderSettings())

    def __call__(self, normal: str) -> dict[str, float]:
        """Of a normalised text."""
        return self.many(lay([normal]))[0]

    def many(self, normals: Sheet) -> list[dict[str, float]]:
        """Of many normalised texts."""
        names, tallies = self._names, map(self._weigh, self._scanner.raw(normals))
        return [{names[index]: points for index, points in sorted(one.categories.items())} for one in tallies]


@cache
def shipped_sample() -> Sample:
    """The sample that is shipped: plain cases of every category in both languages."""
    content = files("streams.text").joinpath("samples/category.yaml").read_text(encoding="utf-8")
    return [(text, category) for category, texts in plain_yaml(content).items() for text in texts]
