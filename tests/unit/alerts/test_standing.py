"""How a brand stands: sent when it changes, with deciding's own timers, and never when nothing changed."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import timedelta

from alerts.agents import DecideMessages
from alerts.course import Escalation, EscalationStep
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Out
from contracts.records import CommandKind, Record, Standing, Tier, TimerKind
from contracts.topics import Topic
from tests.unit.alerts.given import POLICY, at, command, mark, signal


def standings(outs: Sequence[Out]) -> list[Standing]:
    told = [one for out in outs if out.topic is Topic.INCIDENTS for one in decode_mixed(out.value)]
    return [one for one in told if isinstance(one, Standing)]


def after(*story: Record) -> list[Standing]:
    """Every standing of a story told record by record."""
    stage = DecideMessages(0, POLICY)
    return [one for record in story for one in standings(stage.take(encode_mixed([record])))]


def test_it_is_sent_when_something_falls_due_and_not_again_while_that_stays() -> None:
    (first,) = after(signal(5, 2.0))
    hour = POLICY.timing
    assert [(one.kind, one.due) for one in first.timers] == [(TimerKind.DEMOTE, at(5) + hour.hold)]
    assert after(signal(5, 2.0), mark(5), mark(10), mark(15)) == [first]
    moved = after(signal(5, 2.0), signal(20, 2.0))
    assert [one.timers[0].due for one in moved] == [at(5) + hour.hold, at(20) + hour.hold]


def test_the_end_of_an_incident_leaves_nothing_standing() -> None:
    last = after(signal(5, 1.0), mark(86_400))[-1]
    assert (last.brand, last.at, last.tells) == ("Delta", at(86_400), False)


def test_silences_and_dead_sources_stand_with_the_rest() -> None:
    hush = command(CommandKind.SILENCE, until=at(3600).isoformat(), upto="orange")
    told = after(mark(5), hush, signal(10, 2.0), mark(15, "weibo"), mark(20), mark(3700))
    assert [(one.id, one.upto, one.matched) for one in told[0].silences] == [("c1", Tier.ORANGE, 0)]
    assert told[1].silences[0].matched == 1
    assert (told[2].down, told[2].down_since) == (("weibo",), at(15))
    assert told[3].down == ()
    assert not told[-1].silences


def test_a_silence_for_all_brands_stands_with_each() -> None:
    everywhere = command(CommandKind.SILENCE, brand="*", until=at(3600).isoformat())
    told = after(mark(5), mark(5, brand="Gamma"), everywhere)
    assert [one.brand for one in told] == ["Delta", "Gamma"]


def test_the_next_page_is_due_until_somebody_takes_it_on() -> None:
    steps = (EscalationStep(after=timedelta(0), to=("lin",)), EscalationStep(after=timedelta(minutes=5), to=("wang",)))
    policy = POLICY.model_copy(update={"escalation": {Tier.RED: Escalation(steps=steps)}})
    stage = DecideMessages(0, policy)
    (raised,) = standings(stage.take(encode_mixed([signal(5, 4.0)])))
    assert [one.due for one in raised.timers if one.kind is TimerKind.PAGE] == [at(305)]
    taken = command(CommandKind.ACK, incident=raised.timers[0].incident)
    (calm,) = standings(stage.take(encode_mixed([taken])))
    assert not [one for one in calm.timers if one.kind is TimerKind.PAGE]


def test_a_state_restored_sends_what_it_would_have_sent() -> None:
    stage = DecideMessages(0, POLICY)
    stage.take(encode_mixed([signal(5, 2.0)]))
    again = pickle.loads(pickle.dumps(stage))  # noqa: S301 - our own bytes
    later = encode_mixed([mark(10), signal(15, 2.0), mark(15)])
    assert again.take(later) == stage.take(later)
