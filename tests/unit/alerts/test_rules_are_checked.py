"""``fenghuo check`` names rules that can never decide, gaps, and steps that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from alerts.lint import problems
from alerts.rules import Rule, RuleSet
from alerts.settings import load_policy
from contracts.errors import InvalidSettings
from contracts.records import SignalKind
from tests.unit.alerts.given import shipped

Given = Mapping[str, object]

ALL: Given = {"name": "all", "match": {}, "steps": [{"tier": "blue", "score": 1.0}]}


def of(*given: Given) -> list[str]:
    return problems(RuleSet(rules=tuple(Rule.model_validate(one) for one in given)))


def test_the_shipped_rules_have_no_problem() -> None:
    assert problems(shipped().rules) == []


def test_no_rules_cover_no_kind() -> None:
    found = of()
    assert len(found) == len(SignalKind)
    assert all("no rule covers" in one for one in found)


@pytest.mark.parametrize(
    ("match", "gap"),
    [
        ({"positive": True}, "that are no praise"),
        ({"positive": False}, "of praise"),
        ({"where": {"channel": "weibo"}}, "every repeat signal"),
        ({"least": {"score": 1}}, "every repeat signal"),
        ({"state": ["warming"]}, "every repeat signal"),
    ],
)
def test_a_kind_covered_in_part_is_a_gap(match: Given, gap: str) -> None:
    rest = {"name": "rest", "match": {"kind": [one.value for one in SignalKind if one.value != "repeat"]}}
    found = of({"name": "part", "match": {"kind": ["repeat"], **match}}, rest)
    assert len(found) == 1
    assert gap in found[0]
    assert "repeat" in found[0]


@pytest.mark.parametrize(
    "hidden",
    [
        {"kind": ["repeat"]},
        {"where": {"channel": "weibo"}, "positive": True},
        {"least": {"score": 3}},
    ],
)
def test_a_rule_behind_a_wider_one_never_decides(hidden: Given) -> None:
    (found,) = of(ALL, {"name": "late", "match": hidden})
    assert "rule late: never decides, since all stands before it" in found
    assert of({"name": "late", "match": hidden}, ALL) == []


def test_two_rules_together_can_hide_a_third() -> None:
    good = {"name": "praise", "match": {"positive": True}}
    bad = {"name": "blame", "match": {"positive": False}}
    (found,) = of(good, bad, ALL)
    assert "rule all: never decides, since blame and praise stand before it" in found


DAY = {"hours": {"from": "08:00", "to": "20:00", "zone": "Asia/Shanghai"}}
NIGHT = {"hours": {"from": "20:00", "to": "08:00", "zone": "Asia/Shanghai"}}
SHORT = {"hours": {"from": "20:00", "to": "07:59", "zone": "Asia/Shanghai"}}
WORK = {"hours": {"days": ["workday"], "zone": "Asia/Shanghai"}}
REST = {"hours": {"days": ["restday"], "zone": "Asia/Shanghai"}}
WEIBO = {"where": {"channel": "weibo"}}
MAIL = {"where": {"channel": "mail"}}
WEEK = {"hours": {"days": ["mon", "tue", "wed", "thu", "fri"], "zone": "Asia/Shanghai"}}


@pytest.mark.parametrize(
    ("first", "second", "third", "hidden"),
    [
        (DAY, NIGHT, {}, True),
        (DAY, SHORT, {}, False),
        (WORK, REST, {}, True),
        (WEEK, REST, {}, False),
        (DAY, {"where": {"channel": "*"}}, {**NIGHT, "where": {"channel": "weibo"}}, True),
        (
            {"where": {"channel": "weibo"}},
            {"where": {"channel": "mail"}},
            {"where": {"channel": ["mail", "weibo"]}},
            True,
        ),
        ({"where": {"channel": "weibo"}}, {"where": {"channel": "mail"}}, {"where": {"channel": "*"}}, False),
        ({"least": {"reach": 5}}, {"where": {"channel": "mail"}}, {"least": {"reach": 4}}, False),
        ({"where": {"channel": "mail"}, **DAY}, NIGHT, {"where": {"channel": "mail"}, "least": {"score": 2}}, True),
    ],
)
def test_rules_that_only_together_take_all_of_a_third(first: Given, second: Given, third: Given, hidden: bool) -> None:
    given = [{"name": name, "match": match} for name, match in (("a", first), ("b", second), ("c", third))]
    found = of(*given, {**ALL, "name": "d", "steps": []}) if third else of(*given)
    assert any("rule c: never decides" in one for one in found) is hidden


def test_kinds_that_rules_cover_only_together_are_covered() -> None:
    assert of({"name": "a", "match": DAY}, {"name": "b", "match": NIGHT}) == []


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ({"where": {"channel": "*"}}, {"where": {"channel": "weibo"}}, True),
        ({"where": {"channel": ["weibo", "mail"]}}, {"where": {"channel": "weibo"}}, True),
        ({"where": {"channel": "weibo"}}, {"where": {"channel": "*"}}, False),
        ({"where": {"channel": "weibo"}}, {"where": {"channel": ["weibo", "mail"]}}, False),
        ({"where": {"channel": "weibo"}}, {"where": {"region": "north"}}, False),
        ({"least": {"score": 2}}, {"least": {"score": 3}}, True),
        ({"least": {"score": 2}}, {"least": {"score": 1}}, False),
        ({"least": {"score": 2}}, {"least": {"reach": 9}}, False),
        ({"state": ["ready"]}, {"state": ["ready", "warming"]}, False),
    ],
)
def test_only_a_truly_wider_match_hides(first: Given, second: Given, hidden: bool) -> None:
    found = of({"name": "a", "match": first}, {"name": "b", "match": second}, ALL)
    assert any("rule b: never decides" in one for one in found) is hidden


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        ({"score": 2.0}, {"score": 1.0}, "blue is never given"),
        ({"score": 2.0}, {"score": 2.0}, "blue is never given"),
        ({}, {}, "blue is never given"),
        ({"score": 2.0, "support": 9}, {"score": 3.0}, "asks for less support than blue"),
        ({"score": 2.0, "support": 9}, {"score": 1.0, "support": 10}, "asks for less score than blue"),
    ],
)
def test_steps_that_contradict_each_other(low: Given, high: Given, says: str) -> None:
    rule = {"name": "all", "match": {}, "steps": [{"tier": "blue", **low}, {"tier": "yellow", **high}]}
    (found,) = of(rule)
    assert says in found


def test_a_step_below_the_least_of_its_rule_is_never_given() -> None:
    steps = [{"tier": "blue", "score": 1.0}, {"tier": "yellow", "score": 2.0}]
    found = of({"name": "strong", "match": {"least": {"score": 2.5}}, "steps": steps}, ALL)
    assert ["blue is never given" in one for one in found] == [True]


@pytest.mark.parametrize("match", [{"positive": True}, {"where": {"cap": "blue"}}])
def test_a_step_above_a_cap_is_never_given(match: Given) -> None:
    found = of({"name": "held", "match": match, "steps": [{"tier": "red", "score": 1.0}]}, ALL)
    assert ["held to blue" in one for one in found] == [True]


def test_file_and_line_are_named(tmp_path: Path) -> None:
    text = """\
    rules:
      - name: all
        match: {}
        steps: [{tier: blue, score: 1.0}]
      - name: late
        match: {kind: [repeat]}
    """
    (tmp_path / "a.yaml").write_text(dedent(text), encoding="utf-8")
    (found,) = problems(load_policy(tmp_path).rules)
    assert found.startswith(f"{tmp_path / 'a.yaml'} line 5: rule late: never decides")


@pytest.mark.parametrize(
    ("files", "says", "line"),
    [
        ({}, "no rules", None),
        ({"a": "rules: [{name: x, match: {}}]", "b": "\nrules:\n - {name: x, match: {}}"}, "stands already in", 3),
        ({"a": "timing: {hold: 5m}", "b": "timing: {hold: 6m}"}, "timing is set in a.yaml already", None),
        ({"a": "rules:\n - name: x\n   match: {kind: [volume.spkie]}"}, "rules.0.match.kind.0", 3),
        ({"a": "rules:\n - name: x\n   match: {}\n   steps:\n   - {tier: purple}"}, "steps.0.tier", 5),
        ({"a": "timing: {hold: 1h}"}, "make quiet at least as long as hold", 1),
        ({"a": "timing: {refractory: 3h}"}, "make reopen at least as long as refractory", 1),
        ({"a": "timing: {hold: 0s}"}, "longer than 0", 1),
        ({"a": "timing: {hold: soon}"}, "timing.hold", 1),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, files: dict[str, str], says: str, line: int | None) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSettings) as caught:
        load_policy(tmp_path)
    assert says in str(caught.value)
    assert caught.value.line == line


def test_files_are_asked_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(f"rules: [{{name: {name}, match: {{}}}}]", encoding="utf-8")
    assert [rule.name for rule in load_policy(tmp_path).rules.rules] == ["a", "b"]
