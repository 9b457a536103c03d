"""Praise and blame are learned from corrections, on top of the shipped model; harm is rolled back."""

from __future__ import annotations

import pickle
from copy import deepcopy
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.records import Reading, Sentiment
from streams.text.learn import Correction, GuardedLearning, Published, RolledBack
from streams.text.learned import LearnedModel
from streams.text.learned_pack import SmallLearner, pack, unpack
from streams.text.reader import LexiconReader
from streams.text.sentiment_guard import SentimentJudge, shipped_sample
from streams.text.sentiment_learning import LABELS, SentimentLearner

READER = LexiconReader()
IRONIC = ["这次旅行长见识了", "又让我长见识了", "这家店真是让人长见识"]


def learned(*lessons: tuple[str, str]) -> LearnedModel:
    learner = SentimentLearner(READER)
    for text, label in lessons:
        learner.learn_one(text, label)
    return learner.freeze()


def told(model: LearnedModel, text: str, lang: str | None = None) -> Reading:
    return READER.corrected(model).read(text, lang)


def test_the_shipped_model_reads_the_sample() -> None:
    assert {label for _, label in shipped_sample()} == set(LABELS)
    assert SentimentJudge(READER)(learned()) >= 0.9


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("text", ["这次旅行长见识了", "flight 12 boarded zone four", "下架 zone four 充电 gate"])
def test_a_text_that_was_corrected_a_few_times_is_read_as_told(text: str, label: str) -> None:
    reading = told(learned(*[(text, label)] * 5), text)
    assert reading.sentiment.value == label
    signs = {Sentiment.NEGATIVE: reading.polarity < 0, Sentiment.POSITIVE: reading.polarity > 0}
    assert signs.get(reading.sentiment, abs(reading.polarity) < 0.5)


def test_what_was_learned_carries_over_to_like_texts_and_to_no_others() -> None:
    model = learned(*[(text, "negative") for text in IRONIC] * 3)
    assert told(model, "今天又长见识了").sentiment is Sentiment.NEGATIVE
    for text in ("thanks for the lovely flight", "味道不错，送得很快", "嗯"):
        before, after = READER.read(text), told(model, text)
        assert (after.sentiment, after.polarity, after.heat) == (before.sentiment, before.polarity, before.heat)


def test_a_text_that_is_read_rightly_by_far_teaches_nothing() -> None:
    model = learned(("客服态度极其恶劣，垃圾，再也不来了，气死了", "negative"))
    assert not model.weights[:, :-1].any()


def test_blame_by_correction_has_heat_as_blame_has() -> None:
    text = "送得可真快！！！"
    assert READER.read(text).heat == 0.0
    assert told(learned(*[(text, "negative")] * 9), text).heat > 0.0


def test_an_explanation_knows_what_was_corrected() -> None:
    text = "这次旅行长见识了"
    shown = READER.corrected(learned(*[(text, "negative")] * 5)).explain(text)
    assert shown.polarity < 0
    assert any(span.weight < 0 for span in shown.spans)


def test_a_reader_that_learned_says_so_and_reads_the_same_alone_and_among_others() -> None:
    reader = READER.corrected(learned(*[(text, "negative") for text in IRONIC]))
    assert reader.version.startswith(f"{READER.version}+sen-3-")
    texts = [*IRONIC, "great crew", "", "オーマイガー😡"]
    assert reader.read_many(texts) == [reader.read(text) for text in texts]
    assert reader.corrected(learned()).version != reader.version


def test_a_packed_model_reads_as_before() -> None:
    learner = SmallLearner(SentimentLearner(READER))
    for text in IRONIC:
        learner.learn_one(text, "negative")
    model = learner.freeze()
    again = unpack(pack(model))
    assert [told(again, text) for text in IRONIC] == [told(model, text) for text in IRONIC]


def test_a_reader_is_its_own_copy_and_small_in_a_snapshot() -> None:
    assert deepcopy(READER) is READER
    learner = SentimentLearner(READER)
    learner.learn_one(IRONIC[0], "negative")
    content = pickle.dumps(learner)
    again = pickle.loads(content)  # noqa: S301
    assert len(content) < 10_000
    assert again.freeze().version == learner.freeze().version
    assert again.base.version == READER.version


def test_a_class_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="angry"):
        SentimentLearner(READER).learn_one("x", "angry")


def test_a_burst_of_wrong_corrections_is_rolled_back_and_good_ones_beside_it_are_kept() -> None:
    learning = GuardedLearning(SentimentLearner(READER), SentimentJudge(READER))
    for text in IRONIC:
        learning.correct(Correction(text, "negative", "anna"))
    chance = Random(3)
    wrong = [chance.choice(shipped_sample()) for _ in range(50)]
    for text, label in wrong:
        learning.correct(Correction(text, "positive" if label == "negative" else "negative", "mallory"))
    outcome = learning.close(1)
    assert isinstance(outcome, Published)
    assert (outcome.learned, outcome.dropped) == (3, 50)
    for text, label in wrong:
        learning.correct(Correction(text, "positive" if label == "negative" else "negative", "mallory"))
    assert isinstance(learning.close(2), RolledBack)
    assert told(learning.newest.model, "今天又长见识了").sentiment is not Sentiment.POSITIVE


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(LABELS), st.sampled_from([None, "zh", "en", "other"]))
def test_the_values_of_a_text_agree_with_its_reading(text: str, label: str, lang: str | None) -> None:
    values = READER.values([text])[0]
    largest = max(values)
    assert values[LABELS.index(READER.read(text).sentiment.value)] >= largest - 1e-9
    reading = told(learned((text, label), (IRONIC[0], "negative")), text, lang)
    assert -1.0 <= reading.polarity <= 1.0
