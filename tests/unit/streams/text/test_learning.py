"""Categories are learned from corrections; bursts of wrong ones are rolled back, and both are recorded."""

from __future__ import annotations

from random import Random

import pytest

from streams.text.category_guard import CategoryJudge, shipped_sample
from streams.text.category_model import CategoryLearner, CategoryLearning, decide
from streams.text.category_reader import CategoryReader
from streams.text.learn import Correction, GuardedLearning, GuardSettings, Published, RolledBack
from streams.text.learned import LearnedModel
from streams.text.reader import LexiconReader
from streams.text.words import CATEGORIES

GOOD = [
    ("奶茶杯盖漏水弄湿了衣服", "quality"),
    ("骑手把餐放错了楼", "logistics"),
    ("月卡偷偷涨了两块", "price"),
    ("前台翻白眼", "attitude"),
    ("the lid leaks all over", "quality"),
    ("dropped at the wrong building", "logistics"),
]


def learning(**bounds: float) -> GuardedLearning[LearnedModel]:
    return GuardedLearning(CategoryLearner(), CategoryJudge(), GuardSettings.model_validate(bounds))


def wrong(count: int, author: str, seed: int = 1) -> list[Correction]:
    """Labels turned round, on texts like those of the sample."""
    chance = Random(seed)
    found = []
    for _ in range(count):
        text, category = chance.choice(shipped_sample())
        found.append(Correction(text, CATEGORIES[(CATEGORIES.index(category) + 1) % len(CATEGORIES)], author))
    return found


def test_the_keywords_alone_read_the_sample() -> None:
    assert {category for _, category in shipped_sample()} == set(CATEGORIES)
    assert CategoryJudge()(CategoryLearner().freeze()) >= 0.9


def test_good_corrections_become_a_version_that_holds_from_the_next_bucket() -> None:
    one = learning()
    for text, label in GOOD * 3:
        one.correct(Correction(text, label, "anna"))
    event = one.close(41)
    assert isinstance(event, Published)
    assert (event.version, event.holds_from, event.learned) == (1, 42, 18)
    assert one.newest.version == 1
    assert one.at(41) is not one.at(42) is one.at(99) is one.newest.model
    scores = one.at(42).scores("杯盖漏水")
    assert max(scores, key=lambda name: scores[name]) == "quality"


def test_a_burst_of_wrong_corrections_is_rolled_back() -> None:
    one = learning()
    for text, label in GOOD * 3:
        one.correct(Correction(text, label, "anna"))
    one.close(1)
    before = one.at(2)
    for correction in wrong(50, "mallory"):
        one.correct(correction)
    event = one.close(2)
    assert isinstance(event, RolledBack)
    assert event.dropped == 50 and event.score < event.before and event.version == 1
    assert one.at(99) is before


def test_the_good_corrections_of_others_survive_a_burst() -> None:
    one = learning()
    for text, label in GOOD * 2:
        one.correct(Correction(text, label, "anna"))
    for correction in wrong(50, "mallory"):
        one.correct(correction)
    event = one.close(5)
    assert isinstance(event, Published)
    assert (event.learned, event.dropped) == (12, 50)


def test_small_steps_do_not_lead_down() -> None:
    one = learning(tolerance=0.02)
    first = CategoryJudge()(one.at(0))
    for bucket in range(12):
        for correction in wrong(6, f"mallory {bucket}", bucket):
            one.correct(correction)
        one.close(bucket)
    assert CategoryJudge()(one.at(99)) >= first - 0.02


def test_corrections_beyond_the_bounds_are_ignored_and_counted() -> None:
    one = learning(most_by_author=3, most_waiting=5)
    for author in ("anna", "ben"):
        for text, label in GOOD:
            one.correct(Correction(text, label, author))
    event = one.close(0)
    assert isinstance(event, Published)
    assert (event.learned, event.ignored) == (5, 7)
    assert one.close(1) is None


def test_equal_corrections_give_equal_versions() -> None:
    models = []
    for _ in range(2):
        one = learning()
        for text, label in GOOD:
            one.correct(Correction(text, label, "anna"))
        one.close(3)
        models.append(one.at(4))
    assert models[0].version == models[1].version
    assert models[0].scores("漏水") == models[1].scores("漏水")


def test_the_learner_keeps_within_its_bounds() -> None:
    learner = CategoryLearner(CategoryLearning(keep=3, most_categories=2))
    for number in range(20):
        learner.learn_one(f"第{number}条", "ab"[number % 2])
    with pytest.raises(ValueError, match="more than 2"):
        learner.learn_one("又一条", "c")
    assert learner.freeze().labels == ("a", "b")
    assert learner.freeze().learned == 20


def test_keywords_and_classifier_decide_together() -> None:
    assert decide({"price": 2.0, "quality": 1.0}, {}, 0.0) == "price"
    assert decide({"price": 2.0}, {"price": -1.0, "quality": 1.0}, 0.9) == "quality"
    assert decide({"price": 2.0}, {"price": -1.0, "quality": 1.0}, 0.1) == "price"
    assert decide({}, {}, 1.0) is None


def test_a_corrected_reader_says_so_and_changes_nothing_else() -> None:
    plain, learner = LexiconReader(), CategoryLearner()
    assert plain.read("杯盖漏水弄湿了衣服").category != "packaging"
    for text, _ in GOOD * 10:
        learner.learn_one(text, "packaging" if "盖" in text or "lid" in text else "logistics")
    reader = CategoryReader(plain, learner.freeze())
    corrected = reader.read("杯盖漏水弄湿了衣服")
    assert corrected.category == "packaging" and corrected.model == reader.version != plain.version
    same = plain.read("杯盖漏水弄湿了衣服")
    assert corrected.model_copy(update={"category": same.category, "model": same.model}) == same


def test_a_classifier_that_learned_nothing_leaves_the_keywords_alone() -> None:
    reader, plain = CategoryReader(LexiconReader(), CategoryLearner().freeze()), LexiconReader()
    assert [reader.read(text).category for text, _ in shipped_sample()] == [
        plain.read(text).category for text, _ in shipped_sample()
    ]
