"""Incident events to the last field: who, why, until when, which step, what it was before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.course import Escalation
from alerts.decide import DecideCore
from alerts.rules import Match, Rule, RuleSet
from alerts.settings import DecidePolicy, Timing
from contracts.records import Command, CommandKind, IncidentEvent, Tier
from contracts.records.incident import rfc3339
from tests.unit.alerts.given import NOON, STEPS, at, command, mark, signal

PAGES = Escalation.model_validate(
    {
        "steps": [{"after": "0s", "to": ["duty"]}, {"after": "5m", "to": ["desk", "lin"]}],
        "remind": "10m",
        "remind_most": 2,
    }
)
MINUTE = 60.0


def policy(**timing: Any) -> DecidePolicy:
    hour = timedelta(hours=1)
    given = {"hold": hour, "quiet": 2 * hour, "silence_notice": timedelta(minutes=10), **timing}
    any_part = Rule(name="part", match=Match(where={"category": ("*",)}), steps=STEPS, scope=("category",))
    rules = RuleSet(rules=(any_part, Rule(name="any", match=Match(), steps=STEPS)))
    return DecidePolicy(timing=Timing(**given), rules=rules, escalation={Tier.RED: PAGES})


def core(**timing: Any) -> DecideCore:
    return DecideCore(policy(**timing))


def shown(event: IncidentEvent) -> tuple[Any, ...]:
    """What happened, when in seconds after noon, why, who, what was said, and whether people hear of it."""
    seconds = (event.at - NOON).total_seconds()
    return (event.event.value, seconds, event.reason, event.detail.by, event.detail.note, event.notify)


def said(kind: CommandKind, name: str = "c1", reason: str = "why", **args: Any) -> Command:
    return command(kind, name, **args).model_copy(update={"reason": reason})


def silence(name: str = "s1", minutes: float = 60, **args: Any) -> Command:
    return said(CommandKind.SILENCE, name, "a sale", until=rfc3339(at(minutes * MINUTE)), **args)


def opened(one: DecideCore, score: float = 4.0, seconds: float = 5) -> IncidentEvent:
    (event,) = one.feed(signal(seconds, score))
    return event


def test_an_escalation_pages_each_step_and_reminds_so_often_and_no_more() -> None:
    one = core()
    first = opened(one)
    assert (first.detail.step, first.detail.since) == (0, at(5))
    events = one.feed(mark(50 * MINUTE))
    assert [shown(event) for event in events] == [
        ("escalated", 305.0, "unacknowledged", "", "desk, lin", True),
        ("escalated", 905.0, "reminder", "", "desk, lin", True),
        ("escalated", 1505.0, "reminder", "", "desk, lin", True),
    ]
    assert [(event.detail.step, event.detail.was, event.seq) for event in events] == [
        (1, Tier.RED, n) for n in (1, 2, 3)
    ]


def test_acknowledging_says_who_and_what_they_said_and_ends_the_paging() -> None:
    one = core()
    name = opened(one).incident
    one.feed(mark(MINUTE))
    (event,) = one.feed(said(CommandKind.ACK, incident=name))
    assert shown(event) == ("acknowledged", 60.0, "by_person", "lin", "why", True)
    assert one.feed(mark(50 * MINUTE)) == []
    assert one.open_incidents()[0].owner == "lin"


@pytest.mark.parametrize(
    ("first", "second", "held_back"),
    [
        ({"by": "wang"}, {"by": "wang"}, "resent"),
        ({"by": "wang"}, {"by": "zhao"}, "resent"),
        ({"by": "wang"}, {"to": "wang"}, "resent"),
        ({"by": "wang"}, {"to": "zhao"}, None),
        ({"to": "wang"}, {"to": "zhao"}, None),
    ],
)
def test_who_has_it_keeps_it_unless_it_is_handed_over(
    first: dict[str, str], second: dict[str, str], held_back: str | None
) -> None:
    one = core()
    name = opened(one).incident
    for number, args in enumerate((first, second)):
        kind = CommandKind.HAND_OVER if "to" in args else CommandKind.ACK
        events = one.feed(said(kind, f"c{number}", incident=name, **args))
    assert one.held_back == held_back
    if held_back is None:
        assert shown(events[0]) == ("acknowledged", 5.0, "handed_over", "zhao", "why", True)
    assert one.open_incidents()[0].owner == ("wang" if held_back else "zhao")


def test_an_unknown_or_ended_incident_cannot_be_taken_on_and_nothing_is_lost() -> None:
    one = core()
    name = opened(one).incident
    assert one.feed(said(CommandKind.ACK, "c1", incident="0" * 16)) == []
    assert one.held_back == "unknown_incident"
    assert [event.incident for event in one.open_incidents()] == [name]
    one.feed(mark(300 * MINUTE))
    assert one.feed(said(CommandKind.ACK, "c2", incident=name)) == []
    assert one.held_back == "unknown_incident"


def test_a_silence_is_told_with_its_author_comment_and_end() -> None:
    one = core()
    opened(one)
    (event,) = one.feed(silence())
    assert shown(event) == ("silenced", 5.0, "by_person", "lin", "a sale", True)
    assert event.detail.until == at(60 * MINUTE)


def test_a_silence_up_to_a_lower_tier_says_nothing_and_keeps_nothing_back() -> None:
    one = core()
    opened(one)
    assert one.feed(silence(upto="orange")) == []
    assert [event.reason for event in one.feed(mark(6 * MINUTE))] == ["unacknowledged"]


def test_a_silence_of_the_same_reach_replaces_the_one_in_force_and_another_stands_beside_it() -> None:
    one = core()
    one.feed(mark(5))
    one.feed(silence("s1"))
    one.feed(silence("s2", 90))
    one.feed(silence("s3", 30, upto="orange"))
    one.feed(silence("s4", 30, where={"category": "refund"}))
    assert [known.silence.id for known in one.silences()] == ["s2", "s3", "s4"]
    (event,) = one.feed(signal(70, 4.0))
    assert (event.notify, event.reason) == (False, "silenced")


def test_people_hear_that_a_silence_is_about_to_end_once() -> None:
    one = core()
    opened(one)
    one.feed(silence("s1", 60))
    one.feed(silence("s2", 70, where={"brand": "Delta"}))
    events = one.feed(mark(75 * MINUTE))
    ends = [event for event in events if event.reason == "silence_ends"]
    assert [shown(event) for event in ends] == [
        ("silenced", 50 * MINUTE, "silence_ends", "lin", "a sale", True),
        ("silenced", 60 * MINUTE, "silence_ends", "lin", "a sale", True),
    ]
    assert [event.detail.until for event in ends] == [at(60 * MINUTE), at(70 * MINUTE)]


def test_a_short_silence_and_one_without_notice_end_unannounced() -> None:
    for minutes, notice in ((20, timedelta(minutes=10)), (60, timedelta(0))):
        one = core(silence_notice=notice)
        opened(one)
        one.feed(silence(minutes=minutes))
        assert all(event.reason != "silence_ends" for event in one.feed(mark(70 * MINUTE)))


def test_what_a_silence_kept_back_is_told_when_it_ends_with_what_people_knew() -> None:
    one = core()
    opened(one, 1.0)
    one.feed(silence(minutes=10))
    (kept,) = one.feed(signal(65, 3.0))
    assert (kept.notify, kept.reason) == (False, "silenced")
    (spoken,) = one.feed(mark(11 * MINUTE))
    assert shown(spoken) == ("promoted", 10 * MINUTE, "now_told", "", "", True)
    assert (spoken.detail.was, spoken.tier) == (Tier.BLUE, Tier.ORANGE)


def test_a_silence_ended_by_hand_speaks_at_once_and_an_unknown_one_changes_nothing() -> None:
    one = core()
    one.feed(mark(5))
    one.feed(silence("s1"))
    one.feed(silence("s2", upto="blue"))
    assert not one.feed(signal(65, 3.0))[0].notify
    assert one.feed(said(CommandKind.UNSILENCE, "u1", silence="s9")) == []
    assert one.held_back == "unknown_silence"
    assert [known.silence.id for known in one.silences()] == ["s1", "s2"]
    (event,) = one.feed(said(CommandKind.UNSILENCE, "u2", silence="s1"))
    assert shown(event) == ("promoted", 65.0, "now_told", "", "", True)
    assert event.detail.was is None
    assert [known.silence.id for known in one.silences()] == ["s2"]


def part(seconds: float, score: float) -> Any:
    return signal(seconds, score, 1, series="brand=Delta,category=refund")


def test_the_whole_brand_speaks_for_its_part_and_stops_when_it_falls_below() -> None:
    one = core(hold=timedelta(minutes=30))
    (own,) = one.feed(part(5, 2.0))
    assert (own.notify, own.scope) == (True, {"brand": "Delta", "category": "refund"})
    whole, muted = one.feed(signal(65, 3.0))
    assert (whole.event, whole.scope) == ("opened", {"brand": "Delta"})
    assert shown(muted) == ("muted", 65.0, "wider", "", "", False)
    (higher,) = one.feed(part(125, 3.0))
    assert (higher.event, higher.notify, higher.reason) == ("promoted", False, "wider")
    (above,) = one.feed(part(185, 4.0))
    assert (above.event, above.notify, above.detail.step) == ("promoted", True, 0)


def test_a_part_that_opens_under_the_whole_brand_is_told_when_that_falls_below_it() -> None:
    one = core(hold=timedelta(minutes=10), quiet=timedelta(minutes=20))
    opened(one, 3.0)
    (event,) = one.feed(part(65, 2.0))
    assert (event.event, event.notify, event.reason) == ("opened", False, "wider")
    events = one.feed(mark(11 * MINUTE))
    told = [event for event in events if event.scope != {"brand": "Delta"}]
    assert [shown(event) for event in told] == [("promoted", 605.0, "now_told", "", "", True)]
    assert (told[0].detail.was, told[0].tier) == (None, Tier.YELLOW)


def test_marks_move_time_on_and_never_back() -> None:
    one = core()
    opened(one)
    one.feed(mark(10 * MINUTE))
    assert one.now_of("Delta") == at(10 * MINUTE)
    late = mark(5 * MINUTE).model_copy(update={"order": (999_999, 1)})
    one.feed(late)
    assert one.now_of("Delta") == at(10 * MINUTE)


def test_an_outage_is_told_once_and_again_only_after_the_refractory_time() -> None:
    one = core(refractory=timedelta(minutes=10))
    opened(one, 2.0)

    def told(*marks: Any) -> list[str]:
        return [event.event.value for given in marks for event in one.feed(given)]

    assert told(mark(60, "weibo"), mark(120, "weibo")) == ["stale"]
    assert told(mark(180), mark(240, "weibo")) == []
    assert told(mark(300), mark(300 + 10 * MINUTE, "weibo")) == ["stale"]


def test_the_first_tier_of_several_steps_in_one_signal_is_the_highest() -> None:
    one = core()
    event = opened(one, 2.5)
    assert (event.tier, event.detail.rule, event.detail.step) == (Tier.YELLOW, "any", None)
