"""One case, pure: event or time in, case and findings out.

Deadlines count from when the case was opened (or opened again). While the customer is waited for, clocks that pause
stand still, and what is left of them is left afterwards. What is near or over fires in order of time, so that it does
not matter how often time is told; something done at the very instant of a deadline is in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from alerts.cases.calendar import end_of_workday
from alerts.cases.settings import CaseClock, CaseSettings
from contracts.records import CaseEvent, CaseEventKind, CaseGrade, Grade

_STILL = (CaseEventKind.WAITING, CaseEventKind.RATED)
"""Events that do not end the waiting for the customer."""


class FindingKind(StrEnum):
    """What is found of a case."""

    WARNED = "warned"
    """A deadline is near."""
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    """Overdue for so long that the next person must know."""
    MET_LATE = "met_late"
    """Met after the deadline."""
    CORRECTED = "corrected"
    """It was called overdue, and now it is heard that it was met in time."""
    RAISED = "raised"
    """A higher grade, because the case was reopened or the person complains again and again."""
    GRADED = "graded"
    """The grade that its complaints give it, with the memberships it came from."""
    FORGOTTEN = "forgotten"
    """Not resolved, and its clocks stop all the same: there were more cases than are kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found of one case."""

    kind: FindingKind
    at: datetime
    clock: str = ""
    due: datetime | None = None
    step: int = 0
    """Of an escalation, counted from 1."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """How one clock of one case stands."""

    met: bool = False
    fired: int = 0
    """1 warned, 2 overdue, 3 and on escalated."""


@cache
def dials_of(*dials: Dial) -> tuple[Dial, ...]:
    """The very same object for equal dials: there are few of them and many cases."""
    return dials


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    id: str
    brand: str
    since: datetime
    """When it was opened, or opened again."""
    grade: int
    dials: tuple[Dial, ...]
    heard: datetime
    """Time of the last event."""
    channel: str | None = None
    department: str | None = None
    paused_at: datetime | None = None
    paused: timedelta = timedelta(0)
    resolved: bool = False


Stepped = tuple[Case, tuple[Finding, ...]]


def begin(event: CaseEvent, settings: CaseSettings, evaluated: Grade = Grade.MINOR) -> Case:
    """A case as it is opened (or first heard of); ``evaluated`` is what its complaints were graded."""
    grade = settings.first_grade(event.severity, event.channel, event.department, evaluated)
    dials = dials_of(*[Dial()] * len(settings.clocks))
    return Case(event.case_id, event.brand, event.ts, grade, dials, event.ts, event.channel, event.department)


def apply(case: Case, event: CaseEvent, settings: CaseSettings) -> Stepped:
    """The next event of a case; one that comes late meets clocks, but begins or stops nothing."""
    case, told = tick(case, event.ts, settings, inclusive=False)
    if event.ts < case.heard and event.event in (CaseEventKind.WAITING, CaseEventKind.REOPENED):
        return case, told
    case = replace(
        case,
        heard=max(case.heard, event.ts),
        channel=event.channel or case.channel,
        department=event.department or case.department,
    )
    if event.event is CaseEventKind.REOPENED:
        dials = dials_of(*[Dial()] * len(settings.clocks))
        again = replace(case, since=event.ts, dials=dials, paused_at=None, paused=timedelta(0), resolved=False)
        case, raised = raise_grade(again, event.ts, settings, "reopened")
        return case, (*told, *raised)
    if event.event is CaseEventKind.WAITING and case.paused_at is None:
        return _meet(replace(case, paused_at=event.ts), event, settings, told)
    if event.event not in _STILL and case.paused_at is not None:
        gone = max(event.ts - case.paused_at, timedelta(0))
        case = replace(case, paused_at=None, paused=case.paused + gone)
    if event.event is CaseEventKind.RESOLVED:
        case = replace(case, resolved=True)
    return _meet(case, event, settings, told)


def raise_grade(case: Case, at: datetime, settings: CaseSettings, why: str) -> Stepped:
    """One grade higher, if there is one."""
    if case.grade + 1 >= len(settings.grades):
        return case, ()
    case = replace(case, grade=case.grade + 1)
    note = f"{settings.grades[case.grade - 1]} to {settings.grades[case.grade]}: {why}"
    return case, (Finding(FindingKind.RAISED, at, note=note),)


def regrade(case: Case, told: CaseGrade, settings: CaseSettings) -> Stepped:
    """The case under what its complaints were graded: higher if that asks for it, never lower."""
    grade = settings.first_grade(None, case.channel, case.department, told.grade)
    if case.resolved or grade <= case.grade:
        return case, ()
    return replace(case, grade=grade), (evaluated(told, told.at),)


def evaluated(told: CaseGrade, at: datetime) -> Finding:
    """How a grade came about, number by number."""
    shares = ", ".join(f"{name} {share:.2f}" for name, share in told.memberships.items())
    factors = "; ".join(f"{name} {' '.join(f'{one:.2f}' for one in row)}" for name, row in sorted(told.factors.items()))
    return Finding(FindingKind.GRADED, at, note=f"{told.grade.value} by {told.reason}: {shares} ({factors})")


def tick(case: Case, now: datetime, settings: CaseSettings, *, inclusive: bool = True) -> Stepped:
    """Everything near or over up to ``now``, earliest first."""
    told: list[Finding] = []
    while (coming := next_of(case, settings)) is not None:
        when, index, finding = coming
        if when > now or (when == now and not inclusive):
            break
        dial = case.dials[index]
        step = {FindingKind.WARNED: 1, FindingKind.OVERDUE: 2}.get(finding.kind, 2 + finding.step)
        dials = dials_of(*case.dials[:index], replace(dial, fired=step), *case.dials[index + 1 :])
        case = replace(case, dials=dials)
        told.append(finding)
    return case, tuple(told)


def late_of(case: Case, settings: CaseSettings) -> Iterator[tuple[str, int]]:
    """The clocks that are near or over and not met, with how late each is: 1 near, 2 over, 3 and on escalated."""
    for clock, dial in zip(settings.clocks, case.dials, strict=True):
        if dial.fired and not dial.met and _meant(clock, case, settings):
            yield clock.name, dial.fired


def _meant(clock: CaseClock, case: Case, settings: CaseSettings) -> bool:
    return clock.only.fits(settings.grades[case.grade], case.channel, case.department)


def next_of(case: Case, settings: CaseSettings) -> tuple[datetime, int, Finding] | None:
    """What comes next of a case: when, of which clock, and what."""
    return min(_coming(case, settings), key=lambda one: one[:2], default=None)


def under(case: Case, before: CaseSettings, after: CaseSettings) -> Case:
    """The case under other settings: each clock stands as the one of its name stood, and a new one counts as met."""
    known = {clock.name: dial for clock, dial in zip(before.clocks, case.dials, strict=True)}
    dials = dials_of(*[known.get(clock.name, Dial(met=True)) for clock in after.clocks])
    name = before.grades[case.grade]
    grade = after.grades.index(name) if name in after.grades else min(case.grade, len(after.grades) - 1)
    return replace(case, dials=dials, grade=grade)


def due_of(case: Case, clock: CaseClock, settings: CaseSettings) -> datetime:
    """The deadline of one clock as the case stands; pauses that have ended are added."""
    length = clock.length(settings.grades[case.grade], case.channel, case.department)
    if length.within is not None:
        due = case.since + length.within
    else:
        due = end_of_workday(case.since, length.workdays or 1, settings.zone, settings.country)
    return due + case.paused if clock.pauses else due


def _coming(case: Case, settings: CaseSettings) -> Iterator[tuple[datetime, int, Finding]]:
    for index, (clock, dial) in enumerate(zip(settings.clocks, case.dials, strict=True)):
        stopped = clock.pauses and case.paused_at is not None
        if dial.met or stopped or not _meant(clock, case, settings):
            continue
        due = due_of(case, clock, settings)
        if dial.fired < 1 and clock.warn:
            yield due - clock.warn, index, Finding(FindingKind.WARNED, due - clock.warn, clock.name, due)
        elif dial.fired < 2:
            yield due, index, Finding(FindingKind.OVERDUE, due, clock.name, due)
        elif dial.fired - 2 < len(clock.escalate):
            step = dial.fired - 1
            when = due + clock.escalate[step - 1]
            yield when, index, Finding(FindingKind.ESCALATED, when, clock.name, due, step)


def _meet(case: Case, event: CaseEvent, settings: CaseSettings, told: tuple[Finding, ...]) -> Stepped:
    """The clocks that this event meets."""
    findings = list(told)
    dials = list(case.dials)
    for index, clock in enumerate(settings.clocks):
        dial = dials[index]
        if dial.met or event.event not in clock.met_by:
            continue
        dials[index] = replace(dial, met=True)
        if dial.fired >= 2:
            due = due_of(case, clock, settings)
            kind = FindingKind.MET_LATE if event.ts > due else FindingKind.CORRECTED
            findings.append(Finding(kind, event.ts, clock.name, due))
    return replace(case, dials=dials_of(*dials)), tuple(findings)
