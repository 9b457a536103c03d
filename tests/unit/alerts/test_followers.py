"""Followers hear of everything in order and may add events and entries; without them nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.agents import DecideMessages
from alerts.decide import DecideCore
from alerts.followers import Commanded, Deed, Due, Entry, Happening, claimed, feed
from alerts.reasons import Reason
from contracts.codec import decode_mixed, encode_mixed
from contracts.records import CommandKind, IncidentEvent, IncidentEventKind, Mark, Standing, Told
from contracts.topics import Topic
from tests.unit.alerts.given import NOON, POLICY, command, mark, signal


@dataclass
class Planner:
    """Starts a plan for every red incident, and keeps what it hears."""

    name: str = "planner"
    claims: frozenset[CommandKind] = frozenset({CommandKind.PLAN})
    heard: list[Happening] = field(default_factory=list)
    endless: bool = False

    def follow(self, happening: Happening) -> Iterable[Deed | Entry]:
        self.heard.append(happening)
        if isinstance(happening, IncidentEvent) and (self.endless or happening.event is IncidentEventKind.OPENED):
            yield Deed(
                happening.brand, happening.incident, IncidentEventKind.PLAN_STARTED, Reason.BY_PERSON, "surge", "lin"
            )
        if isinstance(happening, Commanded):
            told = Told(incident="0" * 8, seq=0, brand="Delta", receiver="x", outcome="sent", told_at=NOON)
            yield Entry(Topic.NOTIFIED, "Delta", told)

    def next_due(self, brand: str) -> datetime | None:
        return None

    def adopt(self, fresh: Any) -> bool:
        return True


@dataclass
class Nagger(Planner):
    """Wishes for something ten minutes after each event that it hears of."""

    due: list[datetime] = field(default_factory=list)
    incident: str = ""

    def follow(self, happening: Happening) -> Iterable[Deed | Entry]:
        if isinstance(happening, IncidentEvent) and happening.event is not IncidentEventKind.ESCALATED:
            self.incident = happening.incident
            self.due.append(happening.at + timedelta(minutes=10))
        while isinstance(happening, Mark | Due) and self.due and min(self.due) <= happening.at:
            self.due.remove(min(self.due))
            yield Deed(happening.brand, self.incident, IncidentEventKind.ESCALATED, Reason.OVERDUE)

    def next_due(self, brand: str) -> datetime | None:
        return min(self.due, default=None)


def told(every: int) -> list[tuple[str, int, datetime]]:
    """What a morning brings with a mark so many minutes apart."""
    follower = Nagger()
    core = DecideCore(POLICY, claimed([follower]))
    records: list[Any] = [signal(60 * minute, score) for minute, score in ((5, 1.2), (6, 9.0), (33, 3.0))]
    records += [mark(60 * minute) for minute in range(every, 360 + 1, every)]
    records.sort(key=lambda one: one.order)
    events = [event for one in records for event in feed(core, [follower], one).events]
    return [(event.event.value, event.seq, event.at) for event in events]


def test_what_falls_due_happens_at_its_own_time_however_far_apart_marks_are() -> None:
    fine = told(1)
    assert fine[:3] == [
        ("opened", 0, NOON + timedelta(minutes=5)),
        ("promoted", 1, NOON + timedelta(minutes=6)),
        ("escalated", 2, NOON + timedelta(minutes=15)),
    ]
    assert "resolved" in {event for event, _, _ in fine}
    assert told(20) == told(90) == told(360) == fine


def test_a_deed_becomes_the_next_event_of_its_incident_and_all_hear_of_it() -> None:
    first, second = Planner(), Planner(name="other", claims=frozenset())
    second.follow = lambda happening: second.heard.append(happening) or ()  # type: ignore[method-assign, func-returns-value]
    core = DecideCore(POLICY, claimed([first, second]))
    outcome = feed(core, [first, second], signal(5, 4.0))
    assert [(one.event.value, one.seq) for one in outcome.events] == [("opened", 0), ("plan_started", 1)]
    assert (outcome.events[1].detail.note, outcome.events[1].detail.by) == ("surge", "lin")
    assert first.heard == second.heard == list(outcome.events)


def test_a_command_that_a_follower_claims_is_not_refused() -> None:
    planner = Planner()
    core = DecideCore(POLICY, claimed([planner]))
    taken = feed(core, [planner], command(CommandKind.PLAN, "a"))
    feed(core, [planner], command(CommandKind.SWAP, "b"))
    assert [one.refused for one in planner.heard if isinstance(one, Commanded)] == [None, Reason.NOT_IN_FORCE]
    assert [one.topic for one in taken.entries] == [Topic.NOTIFIED]


def test_a_mark_sent_again_is_not_heard_twice() -> None:
    planner = Planner()
    core = DecideCore(POLICY)
    for _ in range(2):
        feed(core, [planner], mark(5))
    assert planner.heard == [mark(5)]


def test_followers_that_answer_each_other_for_ever_are_stopped() -> None:
    with pytest.raises(RecursionError):
        feed(DecideCore(POLICY), [Planner(endless=True)], signal(5, 4.0))


def test_the_stage_publishes_events_and_entries() -> None:
    planner = Planner()
    stage = DecideMessages(3, POLICY, [planner])
    outs = stage.take(encode_mixed([signal(5, 4.0), command(CommandKind.PLAN)]))
    assert [(one.topic, one.partition) for one in outs] == [
        (Topic.INCIDENTS, 3),
        (Topic.SERIES, 3),
        (Topic.NOTIFIED, 3),
        (Topic.INCIDENTS, 3),
    ]
    assert len(decode_mixed(outs[0].value)) == 2
    assert [type(one) for one in decode_mixed(outs[3].value)] == [Standing]
    assert not stage.adopt(DecideMessages(3, POLICY))
    assert stage.adopt(DecideMessages(3, POLICY, [Planner()]))
