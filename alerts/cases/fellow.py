"""Keeps the clocks of all cases of a partition behind deciding.

In the flow: :class:`alerts.ledger.scribe.Scribe` hands it case events and time; it answers with a note for each thing
found. A heap says whose turn is next, so that a mark costs nothing while nothing is due; and each turn comes at its own
time, so that it does not matter how far apart marks are.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import JsonValue

from alerts.cases.known import KnownEvents
from alerts.cases.late import Gathered, score_of
from alerts.cases.machine import (
    Case,
    Finding,
    FindingKind,
    apply,
    begin,
    evaluated,
    next_of,
    raise_grade,
    regrade,
    tick,
    under,
)
from alerts.cases.people import People
from alerts.cases.settings import CaseSettings
from alerts.cases.unanswered import Unanswered
from alerts.followers import Due, Happening
from alerts.lasting import Lasting
from alerts.ledger.chain import Note
from contracts.records import CaseEvent, CaseEventKind, CaseGrade, CommandKind, Grade, Mark, Signal
from contracts.records.incident import rfc3339

Key = tuple[str, str]
"""Brand and case."""


class CaseFellow:
    """Implements :class:`alerts.ledger.scribe.Fellow`.

    Memory: one small state for each case that is open or lately resolved, and the last openings of each person; both
    bounded by the settings.
    """

    name = "cases"
    claims: frozenset[CommandKind] = frozenset()

    def __init__(self, settings: CaseSettings) -> None:
        self._settings = settings
        self._cases: dict[Key, Case] = {}
        """The one heard of longest ago first."""
        self._closed: dict[str, dict[str, None]] = {}
        """Those of each brand that are resolved, in the order they were."""
        self._turns: dict[str, list[tuple[datetime, str]]] = {}
        """A heap for each brand; an outdated turn is known by asking the case again."""
        self._told: dict[Key, CaseGrade] = {}
        """What complaints of cases were graded that are not heard of yet, the longest known first."""
        self._people = People(settings.repeats, settings.repeat_window, settings.most_people)
        self._late: dict[str, dict[str, Gathered]] = {}
        """What is found late of each brand and not told yet, by clock."""
        self._reached: dict[str, datetime] = {}
        """How far each brand has come."""
        self._unanswered = Unanswered((), settings)
        self._known = KnownEvents()

    def follow(self, happening: Happening) -> Iterator[Note | Signal | Lasting]:
        """What is found after one happening; then what is late, as signals, and what still is, of the same time."""
        if isinstance(happening, CaseEvent) and self._known.again(happening):
            return
        if isinstance(happening, Mark | Due):
            at = self._reach(happening.brand, happening.at)
            yield from self._passed(happening.brand, at, inclusive=isinstance(happening, Due))
        elif isinstance(happening, CaseEvent | CaseGrade):
            at = self._reach(happening.brand, happening.ts if isinstance(happening, CaseEvent) else happening.at)
            self._forget_closed(happening.brand, at)
            yield from self._heard(happening) if isinstance(happening, CaseEvent) else self._graded(happening)
            yield from self._passed(happening.brand, at, inclusive=False)
        else:
            return
        yield from self._told_late(happening.brand, at)
        yield from self._unanswered.told(happening.brand, at)

    def next_due(self, brand: str) -> datetime | None:
        """When the next case of a brand is near or over; what should have been before is found now."""
        turns = self._turns.get(brand)
        return max(turns[0][0], self._reached.get(brand, turns[0][0])) if turns else None

    def adopt(self, fresh: CaseFellow) -> bool:
        """New settings hold from here on. A clock that is new runs for cases that are opened from now."""
        before, self._settings = self._settings, fresh._settings
        if before != self._settings:
            self._cases = {key: under(case, before, self._settings) for key, case in self._cases.items()}
            self._turns = {brand: self._tidied(brand) for brand in {one.brand for one in self._cases.values()}}
            self._people.rule(self._settings.repeats, self._settings.repeat_window, self._settings.most_people)
            before_that, self._unanswered = self._unanswered, Unanswered(self._cases.values(), self._settings)
            for brand, clock in before_that.clocks():
                self._unanswered.stir(brand, clock)
        return True

    def open_cases(self) -> list[Case]:
        """All cases that are not resolved, by brand and id."""
        return [case for _, case in sorted(self._cases.items()) if not case.resolved]

    @property
    def settings(self) -> CaseSettings:
        """What holds."""
        return self._settings

    def __len__(self) -> int:
        return len(self._cases)

    def _heard(self, event: CaseEvent) -> Iterator[Note]:
        if not self._settings.clocks:
            return
        key = (event.brand, event.case_id)
        before = self._cases.pop(key, None)
        self._closed.get(event.brand, {}).pop(event.case_id, None)
        case, found = self._begun(event) if before is None else apply(before, event, self._settings)
        self._unanswered.moves(before, case)
        yield from self._keep(key, case)
        yield from self._notes(case, found)

    def _graded(self, told: CaseGrade) -> Iterator[Note]:
        """Complaints give a case its grade; often they come before it is opened."""
        key = (told.brand, told.case_id)
        case = self._cases.get(key)
        if not self._settings.clocks:
            return
        if case is None:
            self._told.pop(key, None)
            self._told[key] = told
            while len(self._told) > self._settings.most_cases:
                del self._told[next(iter(self._told))]
            return
        graded, found = regrade(case, told, self._settings)
        if found:
            self._unanswered.moves(case, graded)
            self._cases[key] = graded
            self._schedule(graded)
            yield from self._notes(graded, found)

    def _begun(self, event: CaseEvent) -> tuple[Case, tuple[Finding, ...]]:
        """A case that is opened, or of which nothing was heard before."""
        told = self._told.pop((event.brand, event.case_id), None)
        case = begin(event, self._settings, Grade.MINOR if told is None else told.grade)
        found: tuple[Finding, ...] = () if told is None or not case.grade else (evaluated(told, event.ts),)
        if event.author is not None and event.event is CaseEventKind.OPENED:
            times = self._people.opened(event.author, event.ts)
            if times >= self._settings.repeats:
                days = self._settings.repeat_window.days
                why = f"at least {times} cases of one person in {days} days"
                case, found = raise_grade(case, event.ts, self._settings, why)
        if event.event is not CaseEventKind.OPENED:
            case, more = apply(case, event, self._settings)
            found += more
        return case, found

    def _reach(self, brand: str, at: datetime) -> datetime:
        """How far a brand has come with ``at``: what is heard of late turns no clock back."""
        reached = self._reached[brand] = max(at, self._reached.get(brand, at))
        return reached

    def _passed(self, brand: str, now: datetime, *, inclusive: bool) -> Iterator[Note]:
        """What is due before ``now`` (``inclusive``: and at it)."""
        turns = self._turns.get(brand)
        notes: list[Note] = []
        while turns and (turns[0][0] < now or (inclusive and turns[0][0] == now)):
            _, name = heapq.heappop(turns)
            before = self._cases.get((brand, name))
            if before is None:
                continue
            case, found = tick(before, now, self._settings, inclusive=inclusive)
            if not found:
                continue  # outdated: its real turn is among them
            self._unanswered.moves(before, case)
            self._cases[(brand, name)] = case
            self._schedule(case)
            notes.extend(self._notes(case, found))
        self._forget_closed(brand, now)
        yield from sorted(notes, key=lambda note: (note.at, note.subject))

    def _keep(self, key: Key, case: Case) -> Iterator[Note]:
        self._cases[key] = case
        if case.resolved:
            self._closed.setdefault(case.brand, {})[case.id] = None
        self._schedule(case)
        if len(self._cases) > self._settings.most_cases:
            yield from self._forget_one(case)

    def _forget_one(self, newest: Case) -> Iterator[Note]:
        """Too many: a resolved one of this brand, or else the one heard of longest ago; that stands in the ledger."""
        resolved = next(iter(self._closed.get(newest.brand, ())), None)
        key = next(iter(self._cases)) if resolved is None else (newest.brand, resolved)
        gone = self._cases.pop(key)
        self._unanswered.moves(gone, None)
        self._closed.get(key[0], {}).pop(key[1], None)
        if not gone.resolved:
            why = f"more than {self._settings.most_cases} cases in this partition; raise most_cases"
            yield note_of(gone, Finding(FindingKind.FORGOTTEN, newest.heard, note=why), self._settings)

    def _schedule(self, case: Case) -> None:
        coming = next_of(case, self._settings)
        if coming is None:
            return
        turns = self._turns.setdefault(case.brand, [])
        heapq.heappush(turns, (coming[0], case.id))
        if len(turns) > 4 * len(self._cases) + 1_000:
            self._turns[case.brand] = self._tidied(case.brand)

    def _tidied(self, brand: str) -> list[tuple[datetime, str]]:
        coming = [(next_of(case, self._settings), case.id) for case in self._cases.values() if case.brand == brand]
        turns = [(one[0], name) for one, name in coming if one is not None]
        heapq.heapify(turns)
        return turns

    def _forget_closed(self, brand: str, now: datetime) -> None:
        """Resolved cases that nobody reopened in time."""
        closed = self._closed.get(brand)
        while closed:
            name = next(iter(closed))
            if self._cases[(brand, name)].heard + self._settings.keep_closed > now:
                return
            del closed[name]
            self._unanswered.moves(self._cases.pop((brand, name)), None)

    def _notes(self, case: Case, found: Iterable[Finding]) -> Iterator[Note]:
        for one in found:
            score = score_of(one)
            if score is not None:
                late = self._late.setdefault(case.brand, {}).setdefault(one.clock, Gathered())
                late.add(case.id, score, case.grade, case.department)
                self._unanswered.stir(case.brand, one.clock)
            yield note_of(case, one, self._settings)

    def _told_late(self, brand: str, at: datetime) -> Iterator[Signal]:
        for clock in self._settings.clocks if brand in self._late else ():
            found = self._late[brand].get(clock.name)
            if found is not None:
                yield found.late().signal(brand, at, clock, self._settings)
        self._late.pop(brand, None)


def note_of(case: Case, found: Finding, settings: CaseSettings) -> Note:
    """The entry of the ledger for one finding."""
    body: dict[str, JsonValue] = {"grade": settings.grades[case.grade], "since": rfc3339(case.since)}
    given: dict[str, JsonValue] = {
        "clock": found.clock,
        "due": None if found.due is None else rfc3339(found.due),
        "step": found.step or None,
        "channel": case.channel,
        "department": case.department,
        "note": found.note,
    }
    body.update({name: value for name, value in given.items() if value})
    return Note(found.at, case.brand, "clock", f"case.{found.kind.value}", case.id, body)
