"""How well a fixed sample of praise and blame is read with a model: the judge of guarded learning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from contracts.yamlfile import plain_yaml
from streams.text.learned import LearnedModel
from streams.text.normal import normalised
from streams.text.sentiment_learning import LABELS, Base

Sample = Sequence[tuple[str, str]]
"""Texts with their sentiment."""


class SentimentJudge:
    """Gives the share of ``sample`` that ``base`` reads rightly with a model.

    >>> from streams.text.reader import LexiconReader
    >>> from streams.text.sentiment_learning import SentimentLearner
    >>> reader = LexiconReader()
    >>> SentimentJudge(reader, [("送得很快，谢谢", "positive"), ("嗯", "negative")])(SentimentLearner(reader).freeze())
    0.5
    """

    def __init__(self, base: Base, sample: Sample | None = None) -> None:
        texts, self._right = zip(*(sample or shipped_sample()), strict=True)
        self._values = base.values(texts)
        self._normals = normalised(texts)

    def __call__(self, model: LearnedModel) -> float:
        """0 to 1."""
        told = zip(self._values, model.scores_of(self._normals), self._right, strict=True)
        right = 0
        for values, moved, sentiment in told:
            by_label = {label: value + moved.get(label, 0.0) for label, value in zip(LABELS, values, strict=True)}
            right += max(by_label, key=by_label.__getitem__) == sentiment
        return right / len(self._right)


@cache
def shipped_sample() -> Sample:
    """The sample that is shipped: plain cases of the three kinds in both languages."""
    content = files("streams.text").joinpath("samples/sentiment.yaml").read_text(encoding="utf-8")
    return [(text, sentiment) for sentiment, texts in plain_yaml(content).items() for text in texts]
