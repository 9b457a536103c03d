"""Plans behind deciding: started by rule or hand, stepped, told as far as somebody should hear of it."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.agents import DecideMessages
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.plans.events import PlanEvent
from alerts.plans.fellow import MOST_RUNS, PlanFellow
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Out
from contracts.records import Command, CommandKind, IncidentEvent, LedgerEntry, Record
from contracts.topics import Topic
from tests.unit.alerts.given import POLICY, command, mark, signal
from tests.unit.alerts.ledger.given import KEY
from tests.unit.alerts.plans.given import book


def decider() -> DecideMessages:
    return DecideMessages(0, POLICY, [Scribe((PlanFellow(book()),), Book("decide-0", KEY))])


def records(outs: Sequence[Out]) -> list[Record]:
    return [one for out in outs if out.topic is Topic.SERIES for one in decode_mixed(out.value)]


def run(*story: Record) -> tuple[list[IncidentEvent], list[PlanEvent]]:
    """The incident events and the plan events of a story."""
    found = records(decider().take(encode_mixed(story)))
    entries = [one for one in found if isinstance(one, LedgerEntry) and one.what.startswith("plan.")]
    plans = [PlanEvent.model_validate(one.body) for one in entries if "command" not in one.body]
    return [one for one in found if isinstance(one, IncidentEvent)], plans


def kinds(events: Sequence[IncidentEvent]) -> list[str]:
    return [one.event.value for one in events]


def by_hand(do: str, name: str = "p1", **args: Any) -> Command:
    return command(CommandKind.PLAN, name, do=do, **args)


def test_a_rule_starts_the_plan_in_the_moment_the_incident_deserves_it() -> None:
    events, plans = run(signal(5, 2.0), mark(5), signal(10, 3.0), mark(10))
    assert kinds(events) == ["opened", "promoted", "plan_started"]
    assert (events[2].reason, events[2].notify) == ("planned", True)
    assert events[2].detail.note.startswith("中surge surge · II 级响应 level II · surge-")
    assert [one.kind.value for one in plans] == ["started"]
    assert (plans[0].by, plans[0].incident) == ("rules", events[0].incident)


def test_a_higher_tier_raises_the_run_and_starts_no_second_one() -> None:
    events, plans = run(signal(5, 3.0), mark(5), signal(10, 4.0), mark(10))
    assert kinds(events).count("plan_started") == 1
    assert [(one.kind.value, one.level.value) for one in plans] == [("started", "II"), ("raised", "I")]


def test_another_kind_or_a_lower_tier_starts_nothing() -> None:
    assert run(signal(5, 2.0), mark(5))[1] == []
    assert run(signal(5, 4.0, kind="source.down"), mark(5))[1] == []


def test_a_run_that_nobody_takes_up_nags_once_and_ends_with_its_incident() -> None:
    keep = [one for seconds in range(10, 7_200, 600) for one in (signal(seconds, 3.0), mark(seconds))]
    events, plans = run(signal(5, 3.0), mark(5), *keep, mark(50_000))
    overdue = [one for one in plans if one.kind.value == "task_overdue"]
    assert [one.task for one in overdue] == ["confirm", "answer"]
    assert [one.reason for one in events if one.event.value == "escalated"].count("overdue") == 1
    assert plans[-1].kind.value == "closed"
    assert "nobody took the plan up" in plans[-1].note


def test_a_run_that_people_work_on_tells_of_everything_overdue_and_outlives_the_incident() -> None:
    start = by_hand("start", plan="surge", level="I")
    first = decider()
    opened = records(first.take(encode_mixed([signal(5, 2.0), mark(5)])))
    incident = next(one.incident for one in opened if isinstance(one, IncidentEvent))
    start = by_hand("start", plan="surge", level="I", incident=incident)
    events, plans = run(signal(5, 2.0), mark(5), start, mark(10), signal(900, 2.0), mark(910), mark(80_000))
    assert kinds(events)[:2] == ["opened", "plan_started"]
    assert events[1].detail.by == "lin"
    assert "closed" not in [one.kind.value for one in plans]
    assert [one.task for one in plans if one.kind.value == "task_overdue"] == ["confirm", "answer"]


def test_tasks_are_done_skipped_and_the_run_closed_by_command() -> None:
    start = by_hand("start", plan="surge", level="III")
    name = run(start)[1][0].run
    _, plans = run(
        mark(5),
        start,
        by_hand("done", "p2", run=name, task="confirm", by="wang"),
        by_hand("skip", "p3", run=name, task="answer"),
        by_hand("skip", "p3", run=name, task="answer"),
        by_hand("close", "p4", run=name),
        by_hand("done", "p5", run=name, task="confirm"),
    )
    told = [(one.kind.value, one.task, one.by) for one in plans]
    assert told == [
        ("started", "", "lin"),
        ("task_done", "confirm", "wang"),
        ("task_skipped", "answer", "lin"),
        ("closed", "", "lin"),
    ]


def test_a_drill_tells_nobody_and_touches_no_incident() -> None:
    first = records(decider().take(encode_mixed([signal(5, 2.0), mark(5)])))
    incident = next(one.incident for one in first if isinstance(one, IncidentEvent))
    drill = by_hand("start", plan="surge", drill=True, incident=incident)
    events, plans = run(signal(5, 2.0), mark(5), drill, mark(40), signal(600, 2.0), mark(1_000))
    assert kinds(events) == ["opened"]
    assert plans[0].drill
    assert "task_overdue" in [one.kind.value for one in plans]


def test_wrong_commands_change_nothing_and_stand_in_the_ledger_with_the_reason() -> None:
    wrong = [
        by_hand("start", "a", plan="none"),
        by_hand("start", "b", plan="surge", level="V"),
        by_hand("done", "c", run="none", task="confirm"),
        by_hand("dance", "d"),
        command(CommandKind.PLAN, "e", "*", do="start", plan="surge"),
    ]
    found = records(decider().take(encode_mixed(wrong)))
    refused = [one for one in found if isinstance(one, LedgerEntry) and one.what == "plan.refused"]
    assert len(refused) == len(wrong)
    assert refused[0].body["reason"] == "no plan is called so; known: surge"


def test_open_runs_are_bounded() -> None:
    begun = [by_hand("start", f"p{number}", plan="surge") for number in range(MOST_RUNS + 5)]
    found = [one.what for one in records(decider().take(encode_mixed(begun))) if isinstance(one, LedgerEntry)]
    assert (found.count("plan.started"), found.count("plan.refused")) == (MOST_RUNS, 5)


STORY: list[Record] = [
    signal(5, 3.0),
    mark(5),
    by_hand("start", "p1", plan="surge", level="I"),
    mark(900),
    signal(905, 4.0),
    mark(2_000),
    mark(9_000),
    by_hand("done", "p9", run="x", task="confirm"),
    mark(200_000),
]


@settings(deadline=None, max_examples=15)
@given(st.sets(st.integers(1, len(STORY) - 1)))
def test_cuts_and_restarts_change_no_byte(cuts: set[int]) -> None:
    whole = records(decider().take(encode_mixed(STORY)))
    places = [0, *sorted(cuts), len(STORY)]
    core, found = decider(), []
    for a, b in zip(places, places[1:], strict=False):
        core = pickle.loads(pickle.dumps(core))  # noqa: S301
        assert core.adopt(decider())
        found.extend(records(core.take(encode_mixed(STORY[a:b]))))
    assert [one for one in found if isinstance(one, LedgerEntry)] == [
        one for one in whole if isinstance(one, LedgerEntry)
    ]
