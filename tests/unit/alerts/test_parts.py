"""One scope by itself: what the wider incident, silences and acknowledgements do to it, item by item."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.incident import Acknowledge, Seen, Step, Unsilence, Wider, apply
from alerts.reasons import Reason
from alerts.state import ScopeState, Silence
from contracts.records import Tier
from tests.unit.alerts.given import POLICY, at, mark, signal, told

(ANY,) = POLICY.rules.rules
PART = (("brand", "Delta"), ("category", "a"))
LATER = at(0) + timedelta(hours=1)


def part(score: float = 2.0, **known: object) -> Step:
    """A part of a brand whose incident has just opened."""
    return apply(replace(ScopeState(PART), **known), Seen(signal(5, score), ANY), POLICY)  # type: ignore[arg-type]


def resolved() -> ScopeState:
    state = apply(part().state, mark(7_000), POLICY).state
    assert state.incident is not None
    assert not state.incident.open
    return state


def shown(step: Step) -> list[tuple[str, str, bool]]:
    return [(one.event.value, one.reason, one.notify) for one in step.events]


def test_a_part_without_an_incident_only_takes_note_of_the_wider_one() -> None:
    step = apply(ScopeState(PART), Wider(Tier.RED, at(5)), POLICY)
    assert (step.state, step.events) == (ScopeState(PART, now=at(5), wider=Tier.RED), ())
    over = resolved()
    step = apply(over, Wider(Tier.RED, at(8_000)), POLICY)
    assert (step.state, step.events) == (replace(over, now=at(8_000), wider=Tier.RED), ())


def test_it_says_once_that_the_wider_one_speaks_for_it_and_nothing_when_that_ends_and_people_know() -> None:
    step = apply(part().state, Wider(Tier.YELLOW, at(10)), POLICY)
    assert shown(step) == [("muted", "wider", False)]
    for tier in (Tier.RED, Tier.YELLOW, None):
        step = apply(step.state, Wider(tier, at(15)), POLICY)
        assert step.events == ()
        assert step.state.wider is tier


def test_a_wider_one_that_stands_lower_mutes_nothing() -> None:
    assert apply(part().state, Wider(Tier.BLUE, at(10)), POLICY).events == ()


def test_a_wider_one_mutes_nothing_that_a_silence_mutes_already() -> None:
    silence = Silence("s", at(6), LATER)
    silenced = apply(part().state, silence, POLICY)
    assert shown(silenced) == [("silenced", "by_person", True)]
    assert apply(silenced.state, Wider(Tier.RED, at(10)), POLICY).events == ()


def test_what_nobody_was_told_is_told_when_a_lower_wider_one_stands() -> None:
    untold = part(silences=(Silence("s", at(0), at(20)),))
    assert shown(untold) == [("opened", "silenced", False)]
    assert shown(apply(untold.state, Wider(Tier.BLUE, at(30)), POLICY)) == [("promoted", "now_told", True)]


def test_the_end_of_a_silence_tells_nobody_what_is_known() -> None:
    silenced = apply(part().state, Silence("s", at(6), LATER), POLICY).state
    step = apply(silenced, Unsilence("s"), POLICY)
    assert (step.events, step.held_back, step.state.silences) == ((), None, ())


def test_the_end_of_a_silence_tells_what_it_kept_back() -> None:
    untold = part(silences=(Silence("s", at(0), LATER),)).state
    assert shown(apply(untold, Unsilence("s"), POLICY)) == [("promoted", "now_told", True)]


def test_a_silence_that_is_not_in_force_cannot_end() -> None:
    state = part().state
    assert apply(state, Unsilence("s"), POLICY) == Step(state, held_back=Reason.UNKNOWN_SILENCE)


def test_what_is_over_is_not_said_to_be_silenced() -> None:
    assert apply(resolved(), Silence("s", at(7_000), at(9_000)), POLICY).events == ()


def test_only_the_open_incident_of_that_name_is_acknowledged() -> None:
    state = part().state
    assert state.incident is not None
    unknown = Step(state, held_back=Reason.UNKNOWN_INCIDENT)
    assert apply(state, Acknowledge("another", "lin"), POLICY) == unknown
    over = resolved()
    assert apply(over, Acknowledge(state.incident.id, "lin"), POLICY) == Step(over, held_back=unknown.held_back)
    step = apply(state, Acknowledge(state.incident.id, "lin"), POLICY)
    assert told(list(step.events)) == [("acknowledged", "yellow", 5)]
    assert step.events[0].detail.by == "lin"
