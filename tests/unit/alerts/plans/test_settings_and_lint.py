"""What contradicts itself in a plan is named with file, line and part; the plans that ship contradict nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.plans.lint import problems
from alerts.plans.settings import Level, Start, load_plans
from contracts.errors import InvalidSettings
from contracts.records import Tier
from tests.unit.alerts.plans.given import clock, fields, role, task

SHIPPED = Path(__file__).parents[4] / "config" / "plans"


def written(folder: Path, **more: Any) -> Path:
    (folder / "surge.yaml").write_text(yaml.safe_dump(fields(**more), allow_unicode=True, sort_keys=False))
    return folder


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"roles": [role("lead")]}, "task answer: no role is called legal; known: lead"),
        ({"roles": [role("lead"), role("legal"), role("idle")]}, "role idle: has nothing to do"),
        (
            {"tasks": [task("confirm", "15m", "answer"), task("answer", "15m", "confirm", partners=["legal"])]},
            "waits for itself: confirm needs answer needs confirm",
        ),
        (
            {"tasks": [task("confirm", "2h"), task("answer", "1h", "confirm", partners=["legal"])]},
            "task answer: is due after 1:00:00, before confirm (2:00:00), which it needs",
        ),
        ({"tasks": [task("answer", "1h", "gone", partners=["legal"])]}, "needs gone, and no task is called so"),
        (
            {"tasks": [task("confirm", "1h", level="I"), task("answer", "2h", "confirm", partners=["legal"])]},
            "task answer: needs confirm, which only levels up from I have",
        ),
        ({"clocks": [clock("word", "5h", "gone")]}, "clock word: is met by gone, and no task is called so"),
        ({"clocks": [clock("word", "30m", "answer")]}, "clock word: runs out after 0:30:00, and answer"),
        ({"clocks": [clock("word", "2d", "press")]}, "clock word: holds at level III, IV, where press"),
        ({"tasks": [task("answer", "1h", partners=["legal"], template="x")]}, "no template is called x; known: none"),
        (
            {"templates": [{"name": "t", "title": {"zh": "甲", "en": "a"}, "zh": "你好{name}", "en": "{brand}"}]},
            "template t: leaves {name} open, which nothing fills",
        ),
    ],
)
def test_contradictions_are_named_with_their_place(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    found = problems(load_plans(written(tmp_path, **more)))
    assert [one for one in found if said in one], found
    assert all("surge.yaml line " in one and "plan surge: " in one for one in found)


def test_a_typo_is_named_with_its_line(tmp_path: Path) -> None:
    broken = fields()
    broken["tasks"][1]["wihtin"] = "1h"
    (tmp_path / "surge.yaml").write_text(yaml.safe_dump(broken, allow_unicode=True, sort_keys=False))
    with pytest.raises(InvalidSettings, match=r"surge.yaml line \d+: tasks.1.wihtin"):
        load_plans(tmp_path)


def test_a_name_stands_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="confirm stands twice"):
        load_plans(written(tmp_path, tasks=[task("confirm", "1h"), task("confirm", "2h")]))
    (tmp_path / "z.yaml").write_text(yaml.safe_dump(fields(), allow_unicode=True))
    with pytest.raises(InvalidSettings, match="plan surge stands already in"):
        load_plans(written(tmp_path))


def test_no_folder_means_no_plans(tmp_path: Path) -> None:
    assert load_plans(tmp_path / "none").plans == ()


def test_the_plans_that_ship_are_complete_and_contradict_nothing() -> None:
    book = load_plans(SHIPPED)
    assert problems(book) == []
    assert sorted(one.name for one in book.plans) == [
        "complaint-surge",
        "false-rumour",
        "outage",
        "privacy-leak",
        "safety-incident",
        "sentiment-collapse",
    ]
    for plan in book.plans:
        spans = {one.name: (one.within.total_seconds() / 3600, set(one.levels)) for one in plan.clocks}
        assert spans["official-word"] == (5, {Level.I, Level.II})
        assert spans["press-conference"] == (24, {Level.I, Level.II})
        assert spans["public-answer"] == (48, {Level.III, Level.IV})
        assert any(one.within.total_seconds() <= 3600 for one in plan.tasks), "something is due in the first hour"
        assert any(one.partners for one in plan.tasks)
        assert plan.templates


def test_levels_and_tiers_belong_together() -> None:
    assert [Level.of(tier).value for tier in Tier] == ["IV", "III", "II", "I"]
    assert [level.tier for level in Level] == list(reversed(Tier))
    assert Start.model_validate({"tier": "red", "where": {"category": "safety"}}).where == {"category": ("safety",)}
