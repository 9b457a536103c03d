"""Grades: memberships add up, graver facts never lower a grade, a privacy leak is always critical."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.errors import InvalidSettings
from contracts.records import GRADES, Facts, Grade
from contracts.yamlfile import load_yaml
from fenghuo.settings import load_config
from streams.text.case_words import CaseReader
from streams.text.grade import Grader, GradeSettings, Levels, problems
from streams.text.taxonomy import Taxonomy

CONFIG = Path(__file__).resolve().parents[4] / "config"
GRADER = Grader(GradeSettings())
SHARE = st.floats(0, 1)
FACTS = st.builds(
    Facts,
    category=st.sampled_from(["logistics", "safety", "privacy-leak", "other", "hygiene"]),
    heat=SHARE,
    customer_value=st.none() | SHARE,
    reach=st.none() | st.floats(0, 1e9),
    repeats=st.none() | st.integers(0, 100),
    authority=st.integers(0, 10),
)


@given(FACTS)
def test_memberships_add_up_to_one(facts: Facts) -> None:
    graded = GRADER.grade(facts)
    assert sum(graded.memberships.values()) == pytest.approx(1, abs=1e-5)
    assert all(sum(row) == pytest.approx(1) and min(row) >= 0 for row in graded.factors.values())


@given(FACTS, SHARE)
def test_more_heat_never_lowers_the_grade(facts: Facts, more: float) -> None:
    hotter = Facts(
        facts.category, max(facts.heat, more), facts.customer_value, facts.reach, facts.repeats, facts.authority
    )
    assert GRADES.index(GRADER.grade(hotter).grade) >= GRADES.index(GRADER.grade(facts).grade)


@given(FACTS)
def test_a_privacy_leak_is_always_critical(facts: Facts) -> None:
    leak = Facts("privacy-leak", facts.heat, facts.customer_value, facts.reach, facts.repeats, facts.authority)
    assert GRADER.grade(leak).grade is Grade.CRITICAL


@pytest.mark.parametrize(
    "facts, grade",
    [
        (Facts("logistics", 0.05, reach=30, repeats=1), Grade.MINOR),
        (Facts("quality", 0.4, customer_value=0.5, reach=3_000, repeats=2), Grade.MODERATE),
        (Facts("fraud", 0.7, customer_value=0.6, reach=50_000, repeats=3, authority=1), Grade.SERIOUS),
        (Facts("safety", 0.95, customer_value=0.9, reach=3_000_000, repeats=5, authority=2), Grade.CRITICAL),
        (Facts("safety", 0.0, reach=10, repeats=1), Grade.SERIOUS),
    ],
)
def test_plain_cases(facts: Facts, grade: Grade) -> None:
    assert GRADER.grade(facts).grade is grade


def test_what_decided_is_said_and_unknown_factors_are_left_out() -> None:
    graded = GRADER.grade(Facts("safety", 0.0))
    assert (graded.reason, set(graded.factors)) == ("at_least", {"category", "heat", "authority"})
    assert GRADER.grade(Facts("price", 0.0)).reason == "evaluation"
    assert "reach" not in GRADER.grade(Facts("price", 0.0, reach=float("nan"))).factors


@pytest.mark.parametrize(
    "text, count",
    [
        ("再不退我就打12315，找律师", 2),
        ("I will call my lawyer and the press", 2),
        ("我要投訴到消費者協會", 1),
        ("快递慢", 0),
        ("bbbq", 0),
    ],
)
def test_regulators_and_press_are_counted(text: str, count: int) -> None:
    assert CaseReader().read(text).authority == count


def test_graders_of_the_same_settings_are_equal_and_can_be_saved() -> None:
    assert pickle.loads(pickle.dumps(GRADER)) == Grader(GradeSettings())  # noqa: S301
    assert Grader(GradeSettings(weights={"heat": 1.0})) != GRADER


def test_the_shipped_file_says_what_the_defaults_are() -> None:
    assert load_yaml(CONFIG / "grade.yaml", GradeSettings) == GradeSettings()
    assert load_config(CONFIG).grade == GradeSettings()


def test_a_few_categories_are_put_over_the_shipped_ones() -> None:
    own = Grader(GradeSettings(categories={"hygiene": 0.9, "price": 0.0}))
    assert own.grade(Facts("fraud", 0.5)) == GRADER.grade(Facts("fraud", 0.5))
    assert own.grade(Facts("privacy-leak", 0.0)).memberships == GRADER.grade(Facts("privacy-leak", 0.0)).memberships
    assert own.grade(Facts("hygiene", 0.5)).factors["category"] == (0.0, 0.0, 0.0, 1.0)
    assert own.grade(Facts("price", 0.5)).factors["category"] == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "given, said",
    [
        ({"categories": {"nosuch": 0.5}}, ["categories: the taxonomy has no category 'nosuch'"]),
        (
            {"at_least": {"privacy-leak": "critical", "saftey": "serious"}},
            ["at_least: the taxonomy has no category 'saft"],
        ),
        ({"categories": {"fraud": 0.5}}, ["categories: the taxonomy has no category 'fraud'"]),
        ({"categories": {"hygiene": 0.5, "other": 0.2}}, []),
        ({"authority_words": "消, court*"}, ["authority_words: the term '消' is a single character"]),
        ({"authority_words": ["消协*"]}, ["authority_words: the star at the end of '消协*' does nothing"]),
    ],
)
def test_check_tells_names_that_no_text_has_and_words_that_surprise(given: dict[str, object], said: list[str]) -> None:
    """The taxonomy was replaced: shipped lines may stay in grade.yaml, changed ones are meant to work."""
    found = problems(GradeSettings.model_validate(given), {"hygiene", "other"})
    assert len(found) == len(said)
    assert all(one.startswith(words) for one, words in zip(found, said, strict=True))


def test_the_shipped_grades_have_no_problems() -> None:
    assert problems(GradeSettings(), Taxonomy().names()) == []


def test_mistakes_are_explained(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="must rise"):
        Levels(at=(0, 2, 1, 3))
    for content, words in (
        ("at_least: {privacy-leak: minor}", "privacy-leak"),
        ("weights: {category: 0, heat: 0, customer_value: 0, reach: 0, repeats: 0, authority: 0}", "above 0"),
        ("heat: {at: [0, 1]}", "line 1"),
        ('heat: {at: [0, 1, 2, 3]}\nauthority_words: "消协, *"', r"line 2: authority_words: .* is a star without"),
    ):
        (tmp_path / "grade.yaml").write_text(content)
        with pytest.raises(InvalidSettings, match=words):
            load_yaml(tmp_path / "grade.yaml", GradeSettings)
