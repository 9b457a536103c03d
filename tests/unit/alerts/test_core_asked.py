"""What the deciding core answers when asked: what it knows, what is due, what holds, what a follower writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from alerts.course import Escalation, EscalationStep
from alerts.decide import MAX_COMMANDS, DecideCore
from alerts.reasons import Reason
from alerts.rules import Rule
from contracts.records import CommandKind, IncidentEventKind, SignalKind, Tier
from contracts.records.incident import rfc3339
from tests.unit.alerts.given import POLICY, at, command, mark, signal, told

MINUTE = 60.0
QUIET = 30 * MINUTE
HOLD = 10 * MINUTE


def core(*records: Any) -> DecideCore:
    made = DecideCore(POLICY)
    for record in records:
        made.feed(record)
    return made


def test_what_was_fed_is_known_and_nothing_else() -> None:
    one = core(signal(5, 2.0, index=3))
    assert [one.known(signal(5, 2.0, index=number)) for number in (2, 3, 4)] == [True, True, False]
    assert one.known(mark(0)) and not one.known(mark(5))
    assert not one.known(signal(5, 2.0, brand="United"))
    assert not core(command(CommandKind.ACK)).known(mark(0))


def test_the_next_timer_of_a_brand_is_the_first_of_all_its_scopes() -> None:
    one = core(signal(5, 2.0))
    assert one.next_due("Delta") == at(5 + HOLD)
    assert one.next_due("United") is None
    assert core(mark(5)).next_due("Delta") is None
    assert core(signal(5, 1.0)).next_due("Delta") == at(5 + QUIET)


def test_time_passes_before_an_instant_or_up_to_it() -> None:
    one = core(signal(5, 2.0))
    assert one.until("Delta", at(5 + HOLD), inclusive=False) == []
    assert one.now_of("Delta") == at(5 + HOLD)
    assert told(one.until("Delta", at(5 + HOLD), inclusive=True)) == [("demoted", "blue", 5 + HOLD)]
    assert one.until("Delta", at(0), inclusive=True) == []
    assert one.now_of("Delta") == at(5 + HOLD)
    assert one.until("United", at(7), inclusive=True) == []
    assert one.now_of("United") == at(7)


def test_an_event_that_a_follower_wishes_for_is_the_next_of_its_incident() -> None:
    one = core(signal(5, 2.0), mark(60))
    name = one.open_incidents()[0].incident
    given = (IncidentEventKind.PLAN_STARTED, Reason.BY_PERSON, "outage", "lin")
    event = one.write("Delta", name, *given, notify=True)
    assert event is not None
    assert (event.incident, event.seq, event.event, event.at) == (name, 1, IncidentEventKind.PLAN_STARTED, at(60))
    assert (event.reason, event.detail.note, event.detail.by, event.notify) == (Reason.BY_PERSON, "outage", "lin", True)
    assert (event.observed, event.tier) == (80.0, Tier.YELLOW)
    quiet = one.write("Delta", name, *given, notify=False)
    assert quiet is not None
    assert (quiet.seq, quiet.notify) == (2, False)
    assert one.write("Delta", "0" * 16, *given, notify=True) is None
    assert one.write("United", name, *given, notify=True) is None
    one.feed(mark(50 * MINUTE))
    assert one.write("Delta", name, *given, notify=True) is None


def other(name: str) -> dict[str, Any]:
    rule = Rule.model_validate({"name": name, "match": {}, "steps": [{"tier": "blue", "score": 1}]})
    return {"rules": [rule.model_dump(mode="json", by_alias=True)]}


def names(one: DecideCore, brand: str) -> list[str]:
    return [rule.name for rule in one.rules_of(brand).rules.rules]


def test_the_rules_of_a_brand_are_the_last_that_were_put() -> None:
    one = core(mark(5), mark(5, brand="United"))
    assert [names(one, brand) for brand in ("Delta", "United", "Third", "*")] == [["any"]] * 4
    one.feed(command(CommandKind.RULES, "r1", rules=other("first")))
    one.feed(command(CommandKind.RULES, "r2", rules=other("second")))
    assert [names(one, brand) for brand in ("Delta", "United", "Third", "*")] == [["second"], ["any"], ["any"], ["any"]]
    one.feed(command(CommandKind.RULES, "r3", brand="*", rules=other("third")))
    assert [names(one, brand) for brand in ("Delta", "United", "Third", "*")] == [["third"]] * 4
    one.feed(mark(120))
    assert names(one, "Delta") == ["third"]
    assert [version.id for version in one.versions] == ["r1", "r2", "r3"]


def test_how_a_brand_stands() -> None:
    one = core(signal(5, 2.0), mark(60, "weibo"))
    standing = one.standing("Delta")
    assert standing is not None
    assert (standing.brand, standing.at, standing.down) == ("Delta", at(60), ("weibo",))
    assert one.standing("United") is None
    assert core(mark(5)).standing("Delta") is None
    due = core(signal(5, 2.0), mark(60)).standing("Delta")
    assert due is not None
    assert [(timer.kind, timer.due) for timer in due.timers][:1] == [("demote", at(5 + HOLD))]


def test_a_command_that_changes_nothing_says_why() -> None:
    one = core(mark(5))
    tried = [
        (command(CommandKind.UNSILENCE, "a", silence="s"), Reason.UNKNOWN_SILENCE),
        (command(CommandKind.UNSILENCE, "b"), Reason.UNKNOWN_SILENCE),
        (command(CommandKind.ACK, "c", incident="0" * 16), Reason.UNKNOWN_INCIDENT),
        (command(CommandKind.ACK, "d"), Reason.BAD_ARGUMENT),
        (command(CommandKind.HISTORY, "e", until="soon"), Reason.BAD_ARGUMENT),
        (command(CommandKind.SILENCE, "f", until="soon"), Reason.BAD_ARGUMENT),
        (command(CommandKind.RULES, "g", rules=[]), Reason.BAD_ARGUMENT),
        (command(CommandKind.FEEDBACK, "h"), Reason.BAD_ARGUMENT),
        (command(CommandKind.PLAN, "i"), Reason.NOT_IN_FORCE),
        (command(CommandKind.ACK, "c", incident="0" * 16), Reason.RESENT),
    ]
    for given, reason in tried:
        assert one.feed(given) == []
        assert one.held_back is reason
    assert one.suppressed[Reason.BAD_ARGUMENT] == 5
    one.feed(mark(10))
    assert one.held_back is None


def test_what_is_done_elsewhere_is_taken_for_the_ledger() -> None:
    one = core(mark(5))
    for kind in (CommandKind.TEACH, CommandKind.MODEL, CommandKind.PERSON):
        assert one.feed(command(kind, kind.value)) == []
        assert one.held_back is None


def test_a_signal_of_a_follower_leaves_what_was_said_of_the_record() -> None:
    one = core(signal(5, 2.0), signal(5, 2.0))
    assert one.held_back is Reason.RESENT
    assert told(one.add(signal(5, 4.0, index=1))) == [("promoted", "red", 5)]
    assert one.held_back is Reason.RESENT
    one.feed(mark(10))
    assert one.add(signal(10, 1.0)) == []
    assert one.held_back is None


def test_rules_hold_from_their_bucket_also_when_time_passes_without_a_record() -> None:
    one = core(mark(5))
    one.feed(command(CommandKind.RULES, "r1", rules={"rules": [{"name": "deaf", "match": {}}]}))
    (version,) = one.versions
    assert (version.id, version.brand, version.author, version.issued_at) == ("r1", "Delta", "lin", at(0))
    one.until("Delta", at(65), inclusive=True)
    assert one.add(signal(65, 4.0)) == []


def test_the_last_thousand_commands_are_known_again() -> None:
    one = core(*(command(CommandKind.TEACH, f"c{number}") for number in range(MAX_COMMANDS)))
    one.feed(command(CommandKind.TEACH, "c0"))
    assert one.held_back is Reason.RESENT
    one.feed(command(CommandKind.TEACH, "more"))
    one.feed(command(CommandKind.TEACH, "c0"))
    assert one.held_back is None


PAGING = POLICY.model_copy(
    update={
        "escalation": {
            Tier.RED: Escalation(
                steps=tuple(EscalationStep(after=timedelta(minutes=n), to=(f"step{n}",)) for n in (0, 5, 10, 15))
            )
        }
    }
)


def test_an_open_incident_as_others_see_it() -> None:
    one = DecideCore(PAGING)
    one.feed(signal(5, 2.0, kind=SignalKind.SENTIMENT_SHIFT))
    (seen,) = one.open_incidents()
    assert (seen.tier, seen.kind, seen.since) == (Tier.YELLOW, SignalKind.SENTIMENT_SHIFT, at(5))
    assert (seen.owner, seen.step, seen.silenced_until, seen.stale) == ("", None, None, False)
    one.feed(signal(10, 4.0))
    assert [each.step for each in one.open_incidents()] == [0]
    paged = [event for event in one.feed(mark(20 * MINUTE)) if event.event is IncidentEventKind.ESCALATED]
    assert [(event.detail.step, event.at) for event in paged[:3]] == [
        (number, at(10 + 5 * MINUTE * number)) for number in (1, 2, 3)
    ]
    until = at(0) + timedelta(hours=1)
    one.feed(command(CommandKind.SILENCE, "s", until=rfc3339(until)))
    (seen,) = one.open_incidents()
    assert seen.silenced_until == until
    one.feed(command(CommandKind.ACK, "a", incident=seen.incident))
    (seen,) = one.open_incidents()
    assert (seen.owner, seen.step, seen.acknowledged) == ("lin", None, True)


def test_settings_without_the_escalation_end_the_paging_and_tell_nobody() -> None:
    one = DecideCore(PAGING)
    one.feed(signal(5, 4.0))
    one.policy = POLICY
    assert told(one.feed(mark(6 * MINUTE))) == []
    (seen,) = one.open_incidents()
    assert (seen.tier, seen.step) == (Tier.RED, None)
    one.policy = PAGING
    assert told(one.feed(mark(9 * MINUTE))) == []


def test_a_silence_for_all_skips_only_the_brand_whose_time_is_past_it() -> None:
    one = core(mark(5, brand="Alpha"), mark(7_200, brand="Beta"), mark(5, brand="Gamma"))
    one.feed(command(CommandKind.SILENCE, "s", brand="*", until=rfc3339(at(3_600))))
    assert [known.brand for known in one.silences()] == ["Alpha", "Gamma"]
    assert one.held_back is Reason.BAD_ARGUMENT


def test_a_silence_for_all_holds_for_brands_that_come_later() -> None:
    one = core(mark(5))
    one.feed(command(CommandKind.SILENCE, "s", brand="*", until=rfc3339(at(0) + timedelta(hours=1))))
    assert not one.feed(signal(65, 4.0))[0].notify
    assert not one.feed(signal(65, 4.0, brand="United"))[0].notify
    assert [known.brand for known in one.silences()] == ["Delta", "United"]
    assert one.brands() == ["Delta", "United"]
