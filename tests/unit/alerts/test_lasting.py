"""What goes on by itself: neither end nor fall below it meanwhile, the hold from when it eases, the end with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.decide import DecideCore
from alerts.incident import Lasts, Seen, apply
from alerts.lasting import Lasting
from alerts.rules import Bounds, Match, Rule, RuleSet, Step
from alerts.settings import DecidePolicy, Timing
from alerts.state import UNSEEN, Incident, ScopeState
from contracts.records import Signal, Tier
from tests.unit.alerts.given import at, mark, signal, told

MINUTE = 60
HOLD, QUIET = timedelta(minutes=20), timedelta(minutes=40)
STEPS = (
    Step(tier=Tier.BLUE, score=1.0),
    Step(tier=Tier.YELLOW, score=3.0, keep=Bounds(score=2.0)),
    Step(tier=Tier.RED, score=5.0),
)
RULE = Rule(name="late", match=Match(), scope=("clock",), steps=STEPS, hold=HOLD, quiet=QUIET)
POLICY = DecidePolicy(timing=Timing(), rules=RuleSet(rules=(RULE,)))
SCOPE = (("brand", "Delta"), ("clock", "reply"))
NEW = ScopeState(SCOPE)


def late(score: float, seconds: float = 5) -> Signal:
    return signal(seconds, score, labels={"clock": "reply"})


def lasts(state: ScopeState, seconds: float, *scores: float, over: bool = False) -> ScopeState:
    """The state after these scores were said to last; nothing must be told of it."""
    seen = tuple(Seen(late(score, seconds), RULE) for score in scores)
    step = apply(state, Lasts(seen, at(seconds), over), POLICY)
    assert step.events == ()
    return step.state


def opened(score: float = 3.0) -> ScopeState:
    return apply(NEW, Seen(late(score), RULE), POLICY).state


def incident(state: ScopeState) -> Incident:
    assert state.incident is not None
    return state.incident


def until(state: ScopeState, tier: Tier) -> datetime | None:
    sighting = incident(state).seen[tier.rank]
    return sighting.until if sighting is not None else None


def test_without_an_incident_it_is_only_noted() -> None:
    assert lasts(NEW, 5, 1.0) == ScopeState(SCOPE, now=at(5), lasting=Tier.BLUE)
    assert lasts(NEW, 5, 2.5) == ScopeState(SCOPE, now=at(5), lasting=Tier.BLUE)
    assert lasts(NEW, 5, over=True) == ScopeState(SCOPE, now=at(5))


def test_the_worst_counts_and_the_standing_tier_is_easier_to_keep() -> None:
    assert lasts(opened(), 10, 1.0, 0.5, 2.5).lasting is Tier.YELLOW
    assert lasts(opened(1.0), 10, 2.5, 1.0).lasting is Tier.BLUE
    assert lasts(opened(), 10, 5.0).lasting is Tier.RED
    assert lasts(opened(), 10, 0.5).lasting is None


def test_while_it_lasts_nothing_calms_and_no_timer_runs() -> None:
    state = lasts(opened(), 10, 3.0)
    step = apply(state, mark(100 * 3_600), POLICY)
    assert step.events == ()
    assert incident(step.state).tier is Tier.YELLOW


def test_it_falls_after_the_hold_to_what_lasts_and_stays_there() -> None:
    state = lasts(opened(), 10, 1.0)
    step = apply(state, mark(100 * 3_600), POLICY)
    assert told(list(step.events)) == [("demoted", "blue", 5 + HOLD.total_seconds())]
    assert apply(step.state, mark(200 * 3_600), POLICY).events == ()


def test_what_eases_stood_until_then() -> None:
    state = lasts(lasts(opened(), 10, 3.0), 600, 1.0)
    assert until(state, Tier.YELLOW) == at(600) + HOLD
    assert incident(state).quiet_at == at(600) + QUIET
    assert incident(state).seen[Tier.RED.rank] is None
    assert len(incident(state).seen) == len(Tier)
    assert told(list(apply(state, mark(36_000), POLICY).events)) == [("demoted", "blue", 600 + HOLD.total_seconds())]


def test_said_again_the_same_changes_nothing() -> None:
    state = lasts(opened(), 10, 3.0)
    assert lasts(state, 600, 3.0) == replace(state, now=at(600))


def test_an_earlier_hold_that_reaches_further_is_not_cut_short() -> None:
    far = at(5) + timedelta(days=1)
    known = opened()
    sighting = incident(known).seen[Tier.YELLOW.rank]
    assert sighting is not None
    seen = (*UNSEEN[: Tier.YELLOW.rank], replace(sighting, until=far), *UNSEEN[Tier.ORANGE.rank :])
    known = replace(known, incident=replace(incident(known), seen=seen, quiet_at=far))
    state = lasts(lasts(known, 10, 3.0), 600, 1.0)
    assert (until(state, Tier.YELLOW), incident(state).quiet_at) == (far, far)
    assert incident(state).seen[Tier.YELLOW.rank] == replace(sighting, until=far)


def test_a_tier_that_only_lasted_gets_its_hold_too() -> None:
    known = opened()
    known = replace(known, incident=replace(incident(known), seen=UNSEEN))
    state = lasts(lasts(known, 10, 5.0), 600, 1.0)
    assert until(state, Tier.YELLOW) == at(600) + HOLD, "the tier it stands at, not the one that lasted"
    sighting = incident(state).seen[Tier.YELLOW.rank]
    assert sighting is not None
    assert sighting.cause == incident(state).last


def test_what_deserves_nothing_any_more_is_not_over_but_calms_from_now() -> None:
    state = lasts(lasts(opened(1.0), 10, 1.0), 600, 0.5)
    assert (state.lasting, incident(state).quiet_at) == (None, at(600) + QUIET)
    found = told(list(apply(state, mark(36_000), POLICY).events))
    assert found == [("resolved", "blue", 600 + QUIET.total_seconds())]


def test_under_rules_that_lead_elsewhere_the_general_times_hold() -> None:
    state = lasts(lasts(opened(), 10, 3.0), 3_600)
    assert state.lasting is None
    assert until(state, Tier.YELLOW) == at(3_600) + POLICY.timing.hold
    assert incident(state).quiet_at == at(3_600) + POLICY.timing.quiet
    plain = Rule(name="plain", match=Match(), steps=STEPS)
    seen = (Seen(late(1.0), plain),)
    state = apply(lasts(opened(), 10, 3.0), Lasts(seen, at(3_600), False), POLICY).state
    assert until(state, Tier.YELLOW) == at(3_600) + POLICY.timing.hold
    assert incident(state).quiet_at == at(3_600) + POLICY.timing.quiet


def test_when_it_is_over_the_incident_ends_at_once_and_once() -> None:
    step = apply(lasts(opened(), 10, 3.0), Lasts((), at(600), True), POLICY)
    assert told(list(step.events)) == [("resolved", "yellow", 600)]
    assert step.events[0].reason == "answered"
    assert lasts(step.state, 660, over=True).lasting is None
    assert lasts(step.state, 660, 1.0).lasting is Tier.BLUE


def test_the_incident_of_the_whole_brand_has_other_reasons() -> None:
    core = DecideCore(DecidePolicy(rules=RuleSet(rules=(Rule(name="any", match=Match(), steps=STEPS),))))
    core.feed(signal(5, 3.0))
    assert core.lasts(Lasting("Delta", (("brand", "Delta"),), ())) == []
    assert core.lasts(Lasting("Delta", SCOPE, ())) == []
    assert core.lasts(Lasting("United", SCOPE, ())) == []
    assert [one.tier for one in core.open_incidents()] == [Tier.YELLOW]
