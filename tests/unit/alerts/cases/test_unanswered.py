"""An incident of late cases goes on while one of them is late, and ends with the last answer."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from alerts.agents import DecideMessages
from alerts.cases.fellow import CaseFellow
from alerts.cases.settings import CaseSettings
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.rules import Match, Rule, RuleSet, Step
from alerts.settings import DecidePolicy, Timing
from contracts.codec import decode_mixed, encode_mixed
from contracts.records import IncidentEvent, LedgerEntry, SignalKind, Tier
from contracts.topics import Topic
from tests.unit.alerts.cases.given import NOON, clock, event, mark, settings
from tests.unit.alerts.cases.test_late_cases import POLICY, events, hours, played, said, stage
from tests.unit.alerts.ledger.given import KEY

HOUR = clock("reply", met_by=("replied", "resolved"), within="1h")


def deciding(given: CaseSettings, policy: DecidePolicy = POLICY) -> DecideMessages:
    return DecideMessages(0, policy, [Scribe((CaseFellow(given),), Book("decide-0", KEY))])


def ends(found: Sequence[IncidentEvent]) -> list[tuple[float, str, bool]]:
    """When incidents ended, why, and whether it was told."""
    gone = [one for one in found if one.event.value == "resolved"]
    return [((one.at - NOON).total_seconds() / 3600, one.reason, one.notify) for one in gone]


def test_it_is_open_until_the_answer_however_long_that_takes_and_ends_with_it() -> None:
    quick = settings(clock(warn="2h", escalate=["4h"]))
    answered = event(200.1, "replied")
    found = played(event(0, "opened"), *hours(200), answered, mark(200.25), *hours(300)[802:], on=deciding(quick))
    assert [one[1:] for one in said(found)] == [
        ("opened", "blue", 22.0),
        ("promoted", "yellow", 28.0),
        ("resolved", "yellow", 200.1),
    ]
    assert ends(found) == [(200.1, "answered", True)]


def test_with_several_it_ends_with_the_last() -> None:
    late = [event(0, "opened", name) for name in "abc"]
    answers = [event(30, "replied", "a"), mark(30.5), event(40, "resolved", "c"), mark(41)]
    found = played(*late, *hours(20), *answers, *hours(60)[170:], on=deciding(settings(HOUR)))
    assert ends(found) == []
    found = played(*late, *hours(20), *answers, event(41.5, "replied", "b"), mark(42), on=deciding(settings(HOUR)))
    assert ends(found) == [(41.5, "answered", True)]


def test_what_the_gravest_gave_stands_for_the_hold_after_its_answer_and_then_falls_to_what_still_lasts() -> None:
    given = settings(HOUR, graded=[{"grade": "urgent", "severity": 5}])
    story = [event(0, "opened", "grave", severity=5), event(0, "opened", "plain"), *hours(20)]
    decide = deciding(given)
    found = played(*story, event(20.1, "replied", "grave"), *hours(60)[81:], on=decide)
    assert [one[1:] for one in said(found)] == [("opened", "yellow", 1.0), ("demoted", "blue", 32.1)]
    assert ends(played(event(60.1, "replied", "plain"), mark(60.25), on=decide)) == [(60.1, "answered", True)]


def test_late_and_answered_between_two_marks_it_is_told_at_its_deadline_and_over_with_the_answer() -> None:
    found = played(
        event(0, "opened"), mark(0), event(5, "replied"), mark(6), *hours(40)[25:], on=deciding(settings(HOUR))
    )
    assert [(one[1], one[3]) for one in said(found)] == [("opened", 1.0), ("resolved", 5.0)]


def test_the_end_says_of_which_clock() -> None:
    found = played(event(0, "opened"), *hours(3), event(3.1, "replied"), mark(3.25), on=deciding(settings(HOUR)))
    assert found[-1].detail.labels["clock"] == "reply"
    assert (found[-1].event.value, found[-1].tier, found[-1].reason) == ("resolved", Tier.BLUE, "answered")


def test_the_next_late_case_opens_it_again() -> None:
    late = [event(0, "opened", "a"), *hours(3), event(3.1, "replied", "a"), mark(3.25)]
    found = played(*late, event(3.3, "opened", "b"), *hours(6)[14:], on=deciding(settings(HOUR)))
    assert [(one[1], one[3]) for one in said(found)] == [("opened", 1.0), ("resolved", 3.1), ("reopened", 4.3)]
    assert len({one.incident for one in found}) == 1


def test_a_source_that_is_down_holds_back_no_end_that_an_answer_brings() -> None:
    decide = deciding(settings(HOUR))
    played(event(0, "opened"), *hours(2), on=decide)
    down = mark(3).model_copy(update={"stale": ("weibo",)})
    after = mark(4).model_copy(update={"stale": ("weibo",)})
    found = played(down, event(3.5, "replied"), after, on=decide)
    assert [(one[1], one[3]) for one in said(found)] == [("stale", 3.0), ("resolved", 3.5)]


def test_an_incident_of_the_whole_brand_is_neither_held_nor_ended_by_cases() -> None:
    steps = (Step(tier=Tier.BLUE, score=1.0), Step(tier=Tier.YELLOW, score=3.0))
    late = Rule(name="late", match=Match(kind=(SignalKind.CASE_LATE,)), steps=steps)
    policy = DecidePolicy(timing=Timing(), rules=RuleSet(rules=(late,)))
    found = played(
        event(0, "opened"), *hours(1), event(1.01, "replied"), *hours(3)[5:], on=deciding(settings(HOUR), policy)
    )
    assert [(one[1], one[3]) for one in said(found)] == [("opened", 1.0), ("resolved", 1.5)]
    assert found[-1].reason == "quiet"


def test_a_clock_that_is_no_more_ends_its_incident() -> None:
    decide = deciding(settings(HOUR, clock("solution", met_by=("resolved",), within="72h")))
    played(event(0, "opened"), *hours(3), on=decide)
    assert decide.adopt(deciding(settings(clock("solution", met_by=("resolved",), within="72h"))))
    assert ends(played(*hours(4)[13:], on=decide)) == [(3.25, "answered", True)]


def test_an_open_case_that_is_forgotten_stands_in_the_ledger_and_holds_nothing_open() -> None:
    decide = deciding(settings(HOUR, most_cases=2))
    played(event(0, "opened", "a"), *hours(2), on=decide)
    outs = decide.take(encode_mixed([event(2.1, "opened", "b"), event(2.2, "opened", "c"), mark(2.25)]))
    assert ends(events(outs)) == [(2.2, "answered", True)]
    entries = [one for out in outs if out.topic is Topic.SERIES for one in decode_mixed(out.value)]
    forgotten = [one for one in entries if isinstance(one, LedgerEntry) and one.what == "case.forgotten"]
    assert [one.subject for one in forgotten] == ["a"]
    assert forgotten[0].body["note"] == "more than 2 cases in this partition; raise most_cases"


def test_cut_and_restored_anywhere_it_ends_alike() -> None:
    late = [event(0, "opened"), *hours(30), event(30.1, "replied"), mark(30.25)]
    whole = played(*late)
    assert set(ends(whole)) == {(30.1, "answered", True)}
    for cut in (1, 50, 100, 120, 122):
        decide = stage()
        first = played(*late[:cut], on=decide)
        again: DecideMessages = pickle.loads(pickle.dumps(decide))  # noqa: S301 - our own bytes
        assert first + played(*late[cut:], on=again) == whole
