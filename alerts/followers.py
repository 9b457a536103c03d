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


Happening = IncidentEvent | Commanded | Mark | CaseEvent | CaseGrade


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
        """What follows from one happening; a mark is the clock of its brand.

        A signal is decided on as if a detector had sent it, at the time the brand has reached; what lasts holds from
        that time.
        """

    def next_due(self, brand: str) -> datetime | None:
        """When it would wish for something of a brand if nothing came before; it gets a mark of that time."""

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
    if not followers or isinstance(record, CaseEvent | CaseGrade):
        events = [] if isinstance(record, CaseEvent | CaseGrade) else core.feed(record)
        return _past(core, followers, events, _itself(core, record)) if followers else Outcome(tuple(events), ())
    before = _until(core, followers, record) if isinstance(record, Signal | Mark) else Outcome((), ())
    events = core.feed(record)
    after = _past(core, followers, events, _itself(core, record))
    return Outcome(before.events + after.events, before.entries + after.entries)


def _until(core: DecideCore, followers: Sequence[Follower], record: Signal | Mark) -> Outcome:
    """Timers of the core and of the followers up to ``record``, in one order; of one instant the core's come first."""
    done = Outcome((), ())
    for _ in range(MOST_ANSWERS):
        mine = core.next_due(record.brand)
        theirs = min(filter(None, (one.next_due(record.brand) for one in followers)), default=None)
        due = min(filter(None, (mine, theirs)), default=None)
        if due is None or due >= record.at or core.known(record):
            return done
        if due == mine:
            step = _past(core, followers, core.until(record.brand, due, inclusive=True), [])
        else:
            events = core.until(record.brand, due, inclusive=False)
            step = _past(core, followers, events, [Mark(brand=record.brand, at=due, order=record.order)])
        done = Outcome(done.events + step.events, done.entries + step.entries)
    raise RecursionError("what falls due does not end")


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
