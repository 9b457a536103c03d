"""How well keywords and classifier together read the fixed sample of categories: the judge of guarded learning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml

from contracts.series import OTHER
from streams.text.category_model import CategoryModel, decide
from streams.text.normal import normalise
from streams.text.scan import Scanner
from streams.text.score import weigh
from streams.text.settings import ReaderSettings
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
        points = KeywordPoints(lexicon or shipped())
        self._cases = [
            (normal, points(normal), category)
            for text, category in (sample or shipped_sample())
            for normal in (normalise(text),)
        ]

    def __call__(self, model: CategoryModel) -> float:
        """0 to 1."""
        right = sum(
            (decide(points, model.scores_of_normal(normal), model.trust) or OTHER) == category
            for normal, points, category in self._cases
        )
        return right / len(self._cases)


class KeywordPoints:
    """Points of each category by the keywords of a lexicon.

    >>> KeywordPoints(shipped())("快递三天没到")
    {'logistics': 1.1}
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._scanner = Scanner(lexicon.terms)
        self._settings = ReaderSettings()

    def __call__(self, normal: str) -> dict[str, float]:
        """Of a normalised text."""
        tally = weigh(self._scanner.hits(normal), self._lexicon.meanings, self._settings)
        names = self._lexicon.categories
        return {names[index]: points for index, points in sorted(tally.categories.items())}


@cache
def shipped_sample() -> Sample:
    """The sample that is shipped: plain cases of every category in both languages."""
    content = files("streams.text").joinpath("samples/category.yaml").read_text(encoding="utf-8")
    return [(text, category) for category, texts in yaml.safe_load(content).items() for text in texts]
