"""Who follows deciding and may add to it: response plans, case clocks, the ledger.

In the flow: :class:`alerts.agents.DecideMessages` hands every record of ``decide.in`` to the core and then, in this
one place, tells each follower what came of it: the incident events first, then the command or mark or case event
itself. A follower answers with deeds, which become incident events that all followers hear of in turn, and with
entries for other topics. All of it is a pure function of the records in their order, so a replay gives the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from alerts.decide import DecideCore
from alerts.lasting import Lasting
from alerts.reasons import Reason
from contracts.records import (
    CaseEvent,
    CaseGrade,
    Command,
    CommandKind,
    IncidentEvent,
    IncidentEventKind,
    Mark,
    Record,
    Signal,
)
from contracts.topics import Topic

MOST_ANSWERS = 10_000
"""More answers to one record than this mean that followers answer each other without end."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command was taken (``refused`` is None) or changed nothing, and why."""

    command: Command
    at: datetime
    """Event time of its brand; the command's own time where the brand has none yet."""
    refused: Reason | None = None
    problem: str = ""
    """What was wrong with it, in words, where there is more to say."""


@dataclass(frozen=True, slots=True)
class Due:
    """The time that a follower waited for has come, and all that happened up to it and at it is known."""

    brand: str
    at: datetime


Happening = IncidentEvent | Commanded | Mark | Due | CaseEvent | CaseGrade


@dataclass(frozen=True, slots=True)
class Deed:
    """A follower's wish for an event of an open incident, for instance ``plan_started``.

    It becomes an event with the next number of its incident; nothing when the incident is not open.
    """

    brand: str
    incident: str
    kind: IncidentEventKind
    reason: Reason
    note: str = ""
    """What is told beside the numbers, for instance the name of the plan or the task."""
    by: str = ""
    notify: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A record for another topic, written to the partition that is being decided."""

    topic: Topic
    key: str
    record: Record


class Follower(Protocol):
    """Follows one partition. It must be picklable: it is part of the stage's snapshot."""

    name: str
    claims: frozenset[CommandKind]
    """Kinds of commands it acts on; those nobody claims are refused as not in force."""

    def follow(self, happening: Happening) -> Iterable[Deed | Signal | Lasting | Entry]:
        """What follows from one happening; a mark is the clock of its brand: what happened before it is known.

        A signal is decided on as if a detector had sent it, at the time the brand has reached; what lasts holds from
        that time.
        """

    def next_due(self, brand: str) -> datetime | None:
        """When it would wish for something of a brand if nothing came before; it is told that this is :class:`Due`."""

    def adopt(self, fresh: Any) -> bool:
        """Take over the settings of one just made; ``False`` when the state must be built anew from the log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one record."""

    events: tuple[IncidentEvent, ...]
    entries: tuple[Entry, ...]


def claimed(followers: Sequence[Follower]) -> frozenset[CommandKind]:
    """All kinds of commands that some follower acts on."""
    return frozenset(kind for one in followers for kind in one.claims)


def feed(
    core: DecideCore, followers: Sequence[Follower], record: Signal | Mark | Command | CaseEvent | CaseGrade
) -> Outcome:
    """One record through the core, then past every follower in their order.

    What falls due before the record happens first, each at its own time: how far apart marks are changes nothing.
    """
    if not followers:
        return Outcome((), ()) if isinstance(record, CaseEvent | CaseGrade) else Outcome(tuple(core.feed(record)), ())
    before = Outcome((), ()) if isinstance(record, Command) else _until(core, followers, record)
    if isinstance(record, CaseEvent | CaseGrade):
        events = core.until(record.brand, _time_of(record), inclusive=False)
    else:
        events = core.feed(record)
    after = _past(core, followers, events, _itself(core, record))
    return Outcome(before.events + after.events, before.entries + after.entries)


def _until(core: DecideCore, followers: Sequence[Follower], record: Signal | Mark | CaseEvent | CaseGrade) -> Outcome:
    """Timers of the core and of the followers up to ``record``, in one order; of one instant the core's come first."""
    upto = _time_of(record)
    if isinstance(record, Signal | Mark) and core.known(record):
        return Outcome((), ())
    steps: list[Outcome] = []
    before, still = None, 0
    while (due := _next_due(core, followers, record.brand)) is not None and due < upto:
        before, still = due, still + 1 if due == before else 0
        if still > MOST_ANSWERS:
            raise RecursionError("what falls due does not end")
        steps.append(_due(core, followers, record.brand, due))
    events = tuple(event for step in steps for event in step.events)
    return Outcome(events, tuple(entry for step in steps for entry in step.entries))


def _next_due(core: DecideCore, followers: Sequence[Follower], brand: str) -> datetime | None:
    dues = (core.next_due(brand), *(one.next_due(brand) for one in followers))
    return min(filter(None, dues), default=None)


def _due(core: DecideCore, followers: Sequence[Follower], brand: str, due: datetime) -> Outcome:
    if due == core.next_due(brand):
        return _past(core, followers, core.until(brand, due, inclusive=True), [])
    events = core.until(brand, due, inclusive=False)
    return _past(core, followers, events, [Due(brand, due)])


def _time_of(record: Signal | Mark | CaseEvent | CaseGrade) -> datetime:
    return record.ts if isinstance(record, CaseEvent) else record.at


def _past(
    core: DecideCore, followers: Sequence[Follower], events: list[IncidentEvent], itself: Sequence[Happening]
) -> Outcome:
    """Events past every follower, and what they answer, until nothing is left to say."""
    waiting: deque[Happening] = deque([*events, *itself])
    entries: list[Entry] = []
    for _ in range(MOST_ANSWERS):
        if not waiting:
            return Outcome(tuple(events), tuple(entries))
        happening = waiting.popleft()
        for answer in (one for follower in followers for one in follower.follow(happening)):
            if isinstance(answer, Entry):
                entries.append(answer)
            else:
                made = _made(core, answer)
                events.extend(made)
                waiting.extend(made)
    raise RecursionError("followers answer each other without end")


def _itself(core: DecideCore, record: Signal | Mark | Command | CaseEvent | CaseGrade) -> list[Happening]:
    if isinstance(record, Command):
        return [Commanded(record, core.now_of(record.brand) or record.issued_at, core.held_back, core.problem)]
    if isinstance(record, Mark):
        return [] if core.held_back is Reason.RESENT else [record]
    return [record] if isinstance(record, CaseEvent | CaseGrade) else []


def _made(core: DecideCore, answer: Deed | Signal | Lasting) -> list[IncidentEvent]:
    if isinstance(answer, Signal):
        return core.add(answer)
    return core.lasts(answer) if isinstance(answer, Lasting) else _done(core, answer)


def _done(core: DecideCore, deed: Deed) -> list[IncidentEvent]:
    event = core.write(deed.brand, deed.incident, deed.kind, deed.reason, deed.note, deed.by, notify=deed.notify)
    return [] if event is None else [event]
