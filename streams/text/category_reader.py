"""A reader whose categories were corrected: keywords and learned classifier decide together.

Stands around the reader that does everything else. A pure function of text, lexicon and classifier; all are named in
its version, so a Reading tells which version of the classifier read it.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.ports import Reader
from contracts.records import Reading
from contracts.series import OTHER
from streams.text.category_guard import KeywordPoints
from streams.text.category_model import decide
from streams.text.learned import LearnedModel
from streams.text.normal import normalised
from streams.text.sheet import portions
from streams.text.words import Lexicon, shipped


class CategoryReader:
    """Reads with ``reader``; the category comes from the keywords of ``lexicon`` and from ``model``.

    >>> from streams.text.category_model import CategoryLearner
    >>> from streams.text.reader import thirty_word_reader
    >>> learner = CategoryLearner()
    >>> for _ in range(40):
    ...     learner.learn_one("杯盖漏水", "quality")
    ...     learner.learn_one("骑手迟到", "logistics")
    >>> CategoryReader(thirty_word_reader(), learner.freeze()).read("杯盖又漏了").category
    'quality'
    """

    def __init__(self, reader: Reader, model: LearnedModel, lexicon: Lexicon | None = None) -> None:
        self._reader = reader
        self._model = model
        self._points = KeywordPoints(lexicon or shipped())
        self.version = f"{reader.version}+{model.version}"

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text."""
        return self.read_many([text], [lang])[0]

    def read_many(self, texts: Sequence[str], langs: Sequence[str | None] | None = None) -> list[Reading]:
        """The readings of many masked texts, each the same as alone."""
        categories = [category for part in portions(texts) for category in self._categories(texts[part])]
        readings = self._reader.read_many(texts, langs)
        return [
            Reading.trusted(**{**vars(one), "category": category, "model": self.version})
            for one, category in zip(readings, categories, strict=True)
        ]

    def _categories(self, texts: Sequence[str]) -> list[str]:
        normals, trust = normalised(texts), self._model.trust
        told = zip(self._points.many(normals), self._model.scores_of(normals), strict=True)
        return [decide(points, scores, trust) or OTHER for points, scores in told]
