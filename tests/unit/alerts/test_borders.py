"""Borders that only a change on purpose showed to be untested: silences, raises by the hour, tiers that are kept."""

from __future__ import annotations

from datetime import timedelta

from alerts.course import MuteCalendar
from alerts.gags import gag, in_force, tellable
from alerts.reasons import Reason
from alerts.rules import Rule, RuleSet, judge
from alerts.settings import DecidePolicy
from alerts.state import ScopeState, Silence, cause_of, incident_id, scope_of
from contracts.records import Contribution, Detail, Tier
from tests.unit.alerts.given import at, signal, tier_for


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


def test_a_calendar_of_a_brand_holds_its_changes_back_until_its_hours_end() -> None:
    given = {"name": "lunch", "hours": {"from": "12:00", "to": "13:00"}, "brands": ["Delta"]}
    policy = DecidePolicy(mutes=(MuteCalendar.model_validate(given),))
    delta, united = (ScopeState(scope_of({"brand": name})) for name in ("Delta", "United"))
    held = gag(delta, Tier.BLUE, at(60), policy)
    assert held is not None
    assert (held.reason, held.until) == (Reason.CALENDAR, at(3600))
    assert gag(united, Tier.BLUE, at(60), policy) is None
    assert (tellable(delta, Tier.BLUE, at(60), policy), tellable(united, Tier.BLUE, at(60), policy)) == (
        at(3600),
        at(60),
    )


def test_an_incident_is_named_by_sixteen_digits_and_tells_all_that_its_signal_told() -> None:
    assert len(incident_id(scope_of({"brand": "Delta"}), at(0))) == 16
    part = Contribution(dimension="channel", value="web", excess=3.0)
    one = signal(5, 3.0, window_seconds=600, reach=7, contributions=(part,), phrases=("late",), labels={"topic": "x"})
    cause = cause_of(one, judge(one, rules().rules[0]))
    assert cause.detail == Detail(
        series="brand=Delta",
        window_seconds=600,
        support=100,
        reach=7,
        contributions=(part,),
        phrases=("late",),
        labels={"topic": "x"},
        signal_id="Delta-5-0",
        rule="any",
    )
