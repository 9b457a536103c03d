"""Late cases reach people: a warning in a digest, an escalation at night, nobody for what is history."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import timedelta

import pytest

from alerts.agents import DecideMessages
from alerts.cases.fellow import CaseFellow
from alerts.ledger.scribe import Scribe
from alerts.settings import load_policy
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Out
from contracts.records import CaseEvent, Command, CommandKind, IncidentEvent, Mark, Record, Tier
from contracts.topics import Topic
from tests.unit.alerts.cases.given import NOON, SHIPPED, at, clock, event, mark, settings

SETTINGS = settings(
    clock("answer", within="24h", warn="2h", escalate=["4h", "8h"], zh="答复", en="Answer"),
    clock("reply", met_by=("replied",), within="1h", zh="响应", en="Reply"),
)
POLICY = load_policy(SHIPPED.parent / "rules")


def stage() -> DecideMessages:
    return DecideMessages(0, POLICY, [Scribe((CaseFellow(SETTINGS),))])


def events(outs: Sequence[Out]) -> list[IncidentEvent]:
    found = (one for out in outs if out.topic is Topic.INCIDENTS for one in decode_mixed(out.value))
    return [one for one in found if isinstance(one, IncidentEvent)]


def played(*story: Record, on: DecideMessages | None = None) -> list[IncidentEvent]:
    """What people hear of in a story."""
    decide = on or stage()
    return [one for record in story for one in events(decide.take(encode_mixed([record])))]


def hours(until: float, brand: str = "Delta") -> list[Mark]:
    """A mark every quarter of an hour."""
    return [mark(number / 4, brand) for number in range(int(until * 4) + 1)]


def said(found: Sequence[IncidentEvent]) -> list[tuple[str, str, str, float]]:
    return [
        (one.scope.get("clock", ""), one.event.value, one.tier.value, (one.at - NOON).total_seconds() / 3600)
        for one in found
    ]


def test_a_case_that_nobody_answers_climbs_to_orange() -> None:
    found = played(event(0, "opened"), event(0.5, "replied"), mark(0.5))
    assert found == []
    quick = played(event(0, "opened"), *hours(40))
    answer = [one for one in said(quick) if one[0] == "answer" and one[1] in ("opened", "promoted", "reopened")]
    assert answer == [
        ("answer", "opened", "blue", 22.0),
        ("answer", "promoted", "yellow", 28.0),
        ("answer", "promoted", "orange", 32.0),
    ]
    assert all(one.notify for one in quick if one.event.value in ("opened", "promoted"))


def test_after_one_mark_far_away_it_has_climbed_at_the_same_times() -> None:
    seldom = played(event(0, "opened"), mark(14 * 24))
    assert seldom == played(event(0, "opened"), *hours(14 * 24))
    assert [one[1:] for one in said(seldom) if one[0] == "answer"] == [
        ("opened", "blue", 22.0),
        ("promoted", "yellow", 28.0),
        ("promoted", "orange", 32.0),
    ]


def test_an_event_of_another_case_is_time_enough() -> None:
    found = played(event(0, "opened", "a"), event(26, "opened", "b"))
    assert said(found) == [("reply", "opened", "blue", 1.0), ("answer", "opened", "blue", 22.0)]


def test_an_answer_at_the_very_instant_of_the_deadline_is_in_time_though_a_mark_came_at_it() -> None:
    story = [event(0, "opened"), mark(1), event(1, "replied"), *hours(20)[5:]]
    assert played(*story) == []


def test_a_case_counts_once_as_late_as_it_is() -> None:
    """Heard of only when it was all over: told once, at once, as high as it is."""
    found = played(mark(100), event(0, "opened", department="物流"))
    answer = [one for one in found if one.scope.get("clock") == "answer"]
    assert [(one.event.value, one.tier, one.at) for one in answer] == [("opened", Tier.ORANGE, at(100))]
    assert (answer[0].observed, answer[0].detail.support, answer[0].score) == (1.0, 1, 4.0)
    assert [(one.value, one.excess) for one in answer[0].detail.contributions] == [("物流", 1.0)]


def test_catching_up_on_many_cases_does_not_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.followers.MOST_ANSWERS", 50)
    story = [event(number / 100, "opened", f"c{number}") for number in range(100)]
    found = played(*story, mark(100))
    assert [one[1:] for one in said(found) if one[0] == "answer"] == [
        ("opened", "blue", 22.0),
        ("promoted", "yellow", 28.0),
        ("promoted", "orange", 32.0),
    ]


def test_each_clock_is_an_incident_of_its_own_and_says_who_is_late() -> None:
    story = [event(0, "opened", name, department=where) for name, where in (("a", "物流"), ("b", "物流"), ("c", None))]
    found = [one for one in played(*story, *hours(2)) if one.event.value == "opened"]
    (late,) = found
    assert (late.scope, late.kind.value, late.observed) == ({"brand": "Delta", "clock": "reply"}, "case.late", 3.0)
    assert late.detail.labels["deadline"] == "响应 Reply"
    assert [(one.value, one.excess) for one in late.detail.contributions] == [("物流", 2.0), ("-", 1.0)]
    assert (late.tier, late.at) == (Tier.BLUE, at(1))


def test_an_urgent_case_counts_a_tier_more() -> None:
    given = settings(clock("reply", within="1h"), graded=[{"grade": "urgent", "severity": 5}])
    decide = DecideMessages(0, POLICY, [Scribe((CaseFellow(given),))])
    found = played(event(0, "opened", severity=5), *hours(2), on=decide)
    assert [(one.tier, one.reason) for one in found if one.event.value == "opened"] == [(Tier.YELLOW, "raised")]


def test_a_case_that_is_answered_in_time_tells_nobody() -> None:
    assert played(event(0, "opened"), event(0.5, "replied"), *hours(40)) == []


@pytest.mark.parametrize("again", [1, 2, 3])
def test_what_is_sent_again_answers_no_case_that_was_reopened_since(again: int) -> None:
    story = [event(0, "opened"), event(0.5, "replied"), event(1, "reopened")]
    once = said(played(*story, *hours(40)))
    assert ("reply", "opened", "blue") in [one[:3] for one in once]
    assert said(played(*story, *story[:again], *hours(40))) == once


def test_history_tells_nobody() -> None:
    until = (NOON + timedelta(hours=30)).isoformat()
    past = Command(id="h", kind=CommandKind.HISTORY, brand="Delta", author="lin", issued_at=NOON, args={"until": until})
    found = played(past, event(0, "opened"), *hours(40))
    assert {one.tier for one in found if one.event.value in ("opened", "promoted")} == {Tier.ORANGE}
    assert min(one.at for one in found) > at(30)


def test_cut_and_restored_anywhere_it_tells_the_same() -> None:
    story = [event(0, "opened"), event(0.1, "opened", "b", department="x"), *hours(34)]
    whole = played(*story)
    for cut in (1, 2, 5, 90, 110):
        decide = stage()
        first = played(*story[:cut], on=decide)
        again: DecideMessages = pickle.loads(pickle.dumps(decide))  # noqa: S301 - our own bytes
        assert first + played(*story[cut:], on=again) == whole


def test_a_brand_hears_only_of_its_own_cases() -> None:
    mine: list[CaseEvent] = [event(0, "opened", brand="Delta")]
    found = played(*mine, *[one for both in zip(hours(2), hours(2, "Gamma"), strict=True) for one in both])
    assert {one.brand for one in found} == {"Delta"}
