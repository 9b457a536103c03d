"""Subjects: which brands a text is about, and what is wrong with a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from streams.subjects import Reason, Subject, SubjectFinder, Subjects, problems

ROOT = Path(__file__).parents[3]
SHIPPED = Subjects.model_validate(yaml.safe_load((ROOT / "config/subjects.yaml").read_text(encoding="utf-8")))
FINDER = SubjectFinder(SHIPPED)


@pytest.mark.parametrize(
    "given, name",
    [("云杉航空", "云杉航空"), (" spruce AIR ", "云杉航空"), ("SPR", "云杉航空"), ("Ｆleetdeer", "快鹿外卖")],
)
def test_a_given_brand_is_resolved_through_its_aliases(given: str, name: str) -> None:
    assert FINDER.explain("随便", given).brands == (name,)
    assert FINDER.explain("抽奖", given).reason is Reason.GIVEN


def test_a_given_brand_that_is_no_subject_is_other() -> None:
    found = FINDER.explain("云杉航空", "Nobody")
    assert (found.brands, found.reason) == (("other",), Reason.GIVEN_UNKNOWN)


def test_extra_brands_hold_when_given() -> None:
    finder = SubjectFinder(SHIPPED, extra=("Delta", "US Airways"))
    assert finder.brands("x", "delta") == ("Delta",)
    assert finder.brands("x", "Spruce Air") == ("云杉航空",)
    assert finder.names[-2:] == ("Delta", "US Airways")


@pytest.mark.parametrize("given", [None, "", "  "])
def test_without_a_given_brand_the_text_is_searched(given: str | None) -> None:
    assert FINDER.brands("@SpruceAir lost my bag", given) == ("云杉航空",)
    assert FINDER.brands("nothing here", given) == ()


def test_the_most_named_brand_comes_first_and_of_equals_the_earlier() -> None:
    assert FINDER.brands("青禾银行和快鹿外卖，快鹿骑手最差", None) == ("快鹿外卖", "青禾银行")
    assert FINDER.brands("青禾银行和快鹿外卖", None) == ("青禾银行", "快鹿外卖")


def test_latin_aliases_hold_at_word_boundaries_and_chinese_ones_anywhere() -> None:
    finder = SubjectFinder(Subjects(subjects=(Subject(name="Delta", aliases=("达美",)),)))
    assert finder.brands("deltas and deltaplane", None) == ()
    assert finder.brands("坐delta回家", None) == ("Delta",)
    assert finder.brands("我的达美航班", None) == ("Delta",)


def test_the_longest_alias_wins() -> None:
    subjects = Subjects(subjects=(Subject(name="Apple"), Subject(name="Apple Bank")))
    assert SubjectFinder(subjects).brands("Apple Bank closed my account", None) == ("Apple Bank",)


def test_must_and_must_not() -> None:
    apple = Subject(name="苹果手机", aliases=("苹果",), must=("手机", "屏幕"), must_not=("好吃",))
    finder = SubjectFinder(Subjects(subjects=(apple,)))
    assert finder.brands("苹果的屏幕碎了", None) == ("苹果手机",)
    assert finder.brands("苹果手机坏了", None) == ("苹果手机",)
    assert finder.explain("苹果降价", None).reason is Reason.MUST_MISSING
    assert finder.explain("苹果好吃，手机不好吃", None).dropped == (("苹果手机", Reason.MUST_NOT),)


def test_noise_is_dropped_with_a_reason() -> None:
    found = FINDER.explain("转发抽奖！送北斗手机一台", None)
    assert (found.brands, found.reason) == ((), Reason.NOISE)
    own = SubjectFinder(Subjects(subjects=(Subject(name="AA", noise=("招聘",)), Subject(name="BB"))))
    assert own.explain("AA 和 BB 招聘", None).brands == ("BB",)


def test_the_shipped_subjects_are_without_fault() -> None:
    assert problems(SHIPPED) == []
    assert FINDER.names == ("云杉航空", "北斗手机", "快鹿外卖", "青禾银行", "晨星商城")


@pytest.mark.parametrize(
    "subjects, says",
    [
        ((), "no subject"),
        ((Subject(name="AA"), Subject(name="aa")), "stands twice"),
        ((Subject(name="AA", aliases=("xyz",)), Subject(name="BB", aliases=("XYZ",))), "names both AA and BB"),
        ((Subject(name="Other"),), "choose another"),
        ((Subject(name="AA", aliases=("",)),), "empty alias"),
        ((Subject(name="AA", aliases=("bcd", "BCD")),), "'bcd' stands twice"),
        ((Subject(name="AA", aliases=("了",)),), "so short"),
        ((Subject(name="AA", must_not=("a",)),), "nothing can be about it"),
        ((Subject(name="AA", aliases=("bcd",), must_not=("bc",)),), "never counts"),
        ((Subject(name="AA", must=("x1",), must_not=("X1",)),), "both must and must_not"),
    ],
)
def test_mistakes_are_explained(subjects: tuple[Subject, ...], says: str) -> None:
    assert any(says in problem for problem in problems(Subjects(subjects=subjects)))
