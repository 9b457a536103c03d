"""A reader whose categories were corrected: keywords and learned classifier decide together.

Stands around the reader that does everything else. A pure function of text, lexicon and classifier; all are named in
its version, so a Reading tells which version of the classifier read it.
"""

from __future__ import annotations

from contracts.ports import Reader
from contracts.records import Reading
from contracts.series import OTHER
from streams.text.category_guard import KeywordPoints
from streams.text.category_model import CategoryModel, decide
from streams.text.normal import normalise
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

    def __init__(self, reader: Reader, model: CategoryModel, lexicon: Lexicon | None = None) -> None:
        self._reader = reader
        self._model = model
        self._points = KeywordPoints(lexicon or shipped())
        self.version = f"{reader.version}+{model.version}"

    def read(self, text: str, lang: str | None = None) -> Reading:
        """The reading of one masked text."""
        reading, normal = self._reader.read(text, lang), normalise(text)
        category = decide(self._points(normal), self._model.scores_of_normal(normal), self._model.trust) or OTHER
        return reading.model_copy(update={"category": category, "model": self.version})
