"""``check`` finds what each setting alone does not show: names that nothing bears, warnings that no route leads."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.names import problems as name_problems
from alerts.plans.settings import PlanBook, Start
from alerts.rules import RuleSet
from alerts.settings import DecidePolicy, ReceiverSettings, RulesFile
from alerts.unrouted import problems as unrouted_problems
from fenghuo.settings import load_config, problems
from tests.unit.alerts.cases.given import NOON
from tests.unit.alerts.given import SHIPPED

VALUES = {"brand": ["Delta", "Spruce", "other"], "category": ["logistics", "price"], "case_grade": ["normal", "urgent"]}
ALL = [{"tier": "blue", "score": 1}, {"tier": "yellow", "score": 2}, {"tier": "red", "score": 3}]


def policy(**rule: Any) -> DecidePolicy:
    mutes = rule.pop("mutes", [])
    file = RulesFile.model_validate({"rules": [{"name": "r", "match": {}, "steps": ALL, **rule}], "mutes": mutes})
    return DecidePolicy(rules=RuleSet(rules=file.rules), mutes=file.mutes)


def receivers(*routes: dict[str, Any]) -> ReceiverSettings:
    given = {"receivers": [{"name": "desk", "type": "terminal"}], "routes": [{"to": ["desk"], **one} for one in routes]}
    return ReceiverSettings.model_validate(given)


def named(decide: DecidePolicy, told: ReceiverSettings | None = None, *starts: Start) -> list[str]:
    plan = load_config(SHIPPED).plans.plans[0].model_copy(update={"name": "p", "starts": starts})
    return name_problems(decide, PlanBook(plans=(plan,)), told or receivers({}), VALUES)


def test_the_shipped_settings_agree() -> None:
    assert problems(load_config(SHIPPED), NOON) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            {"match": {"where": {"category": "logistcs"}}},
            "rules: rule r: no category is called logistcs, so it never fits; did you mean logistics?",
        ),
        (
            {"match": {"where": {"categroy": "logistics"}}},
            "rules: rule r: where asks for categroy, which nothing has, so it never fits; did you mean category?",
        ),
        (
            {"raises": [{"where": {"case_grade": "urgnt"}}]},
            "rules: rule r: no case_grade is called urgnt, so it never fits; did you mean urgent?",
        ),
        (
            {"raises": [{"where": {"grade": "zzz"}}]},
            "rules: rule r: no grade is called zzz, so it never fits; known: minor, moderate, serious, critical",
        ),
        (
            {"mutes": [{"name": "m", "hours": {"from": "01:00", "to": "02:00"}, "brands": ["Dleta"]}]},
            "rules: mute m: no brand is called Dleta, so it never fits; did you mean Delta?",
        ),
    ],
)
def test_a_name_that_nothing_bears_is_said_with_the_nearest(rule: dict[str, Any], said: str) -> None:
    assert named(policy(**rule)) == [said]


def test_routes_and_plans_are_looked_at_too() -> None:
    start = Start.model_validate({"tier": "red", "where": {"categroy": "price", "category": "pric"}})
    assert named(policy(), receivers({}, {"brands": ["NoSuch"]}), start) == [
        "plan p: starts: where asks for categroy, which nothing has, so it never fits; did you mean category?",
        "plan p: starts: no category is called pric, so it never fits; did you mean price?",
        "receivers.yaml: route 2 to desk: no brand is called NoSuch, so it never fits; known: Delta, Spruce, other",
    ]


def test_names_that_may_be_anything_are_let_alone() -> None:
    rule = policy(match={"where": {"category": "*", "channel": "carrier-pigeon", "brand": ["Delta", "other"]}})
    assert named(rule) == []


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([{}], []),
        ([{"tiers": ["red"]}], ["open or climb to blue or yellow to anybody; add blue, yellow to a route"]),
        ([{"tiers": ["red"]}, {"tiers": ["blue", "yellow"], "events": ["resolved"]}], ["blue or yellow to anybody"]),
        ([{"tiers": ["yellow", "red"]}, {"tiers": ["blue"], "brands": ["Delta"]}], ["to blue of Spruce to anybody"]),
        ([{"brands": ["Delta"]}, {"brands": ["Spruce"]}], []),
    ],
)
def test_warnings_that_no_route_leads_are_named_by_tier_and_brand(
    routes: list[dict[str, Any]], said: list[str]
) -> None:
    found = unrouted_problems(policy(), receivers(*routes), ["Delta", "Spruce"])
    assert len(found) == len(said)
    assert all(part in one for part, one in zip(said, found, strict=True))


def test_where_any_brand_may_come_named_ones_are_not_all() -> None:
    found = unrouted_problems(policy(), receivers({"brands": ["Delta"]}), [])
    assert ["of brands that no route names" in one for one in found] == [True]


def test_tiers_that_no_rule_gives_need_no_route_and_raised_ones_do() -> None:
    only = policy(steps=[{"tier": "red"}])
    assert unrouted_problems(only, receivers({"tiers": ["red"]}), []) == []
    raised = policy(steps=[{"tier": "yellow"}], raises=[{"by": 1}])
    assert "yellow or orange" in unrouted_problems(raised, receivers({"tiers": ["red"]}), [])[0]
