"""Borders that only a change on purpose showed to be untested: silences, raises by the hour, tiers that are kept."""

from __future__ import annotations

from datetime import timedelta

from alerts.gags import in_force
from alerts.rules import Rule, RuleSet, tier_for
from alerts.state import Silence
from contracts.records import Tier
from tests.unit.alerts.given import at, signal


def test_a_silence_is_over_at_its_very_end() -> None:
    one = Silence("s", at(0), at(60))
    assert in_force((one,), at(60) - timedelta(microseconds=1)) == (one,)
    assert in_force((one,), at(60)) == ()


def rules(**more: object) -> RuleSet:
    steps = [{"tier": "yellow", "score": 3, "keep": {"score": 2}}]
    return RuleSet(rules=(Rule.model_validate({"name": "any", "match": {}, "steps": steps, **more}),))


def test_less_is_enough_to_keep_a_tier_than_to_reach_it() -> None:
    weak = signal(5, 2.5)
    assert tier_for(weak, rules()).tier is None
    assert [tier_for(weak, rules(), standing).tier for standing in Tier] == [
        None,
        Tier.YELLOW,
        Tier.YELLOW,
        Tier.YELLOW,
    ]


def test_a_raise_holds_at_its_hours_for_its_labels_and_from_its_bounds_on() -> None:
    night = {"hours": {"from": "12:00", "to": "12:01"}, "where": {"vip": ["yes"]}, "least": {"support": 100}}
    raised = rules(raises=[night])
    vip = {"vip": "yes"}
    assert tier_for(signal(5, 3.0, labels=vip), raised).tier is Tier.ORANGE
    assert tier_for(signal(65, 3.0, labels=vip), raised).tier is Tier.YELLOW
    assert tier_for(signal(5, 3.0), raised).tier is Tier.YELLOW
    assert tier_for(signal(5, 3.0, labels=vip, support=99), raised).tier is Tier.YELLOW
