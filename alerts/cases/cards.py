"""How the clocks of one case stand at a time, for people. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from alerts.cases.machine import Case, Dial, due_of
from alerts.cases.settings import CaseClock, CaseSettings


class ClockState(StrEnum):
    """How one clock stands."""

    MET = "met"
    PAUSED = "paused"
    """The customer is waited for, and it stands still."""
    RUNNING = "running"
    NEAR = "near"
    """People were warned."""
    OVERDUE = "overdue"
    ESCALATED = "escalated"


class Frozen(BaseModel):
    """Base of these cards."""

    model_config = ConfigDict(frozen=True)


class CaseClockCard(Frozen):
    """One clock of one case."""

    name: str
    zh: str
    en: str
    due: datetime
    state: ClockState


class CaseCard(Frozen):
    """One case that is not resolved."""

    case: str
    """Its pseudonym; who the customer is never stands here."""
    brand: str
    grade: str
    channel: str | None
    department: str | None
    since: datetime
    """When it was opened, or opened again."""
    heard: datetime
    """Time of its last event."""
    waiting: bool
    """Whether the customer is waited for."""
    clocks: tuple[CaseClockCard, ...]
    """Those that are not met first, by deadline."""
    overdue: bool
    next_due: datetime | None
    """The first deadline that is not met and runs; none when there is none."""


def card_of(case: Case, settings: CaseSettings, now: datetime) -> CaseCard:
    """The case as it stands at ``now``, the event time of its brand."""
    grade = settings.grades[case.grade]
    clocks = sorted(
        (
            _clock(case, clock, dial, settings, now)
            for clock, dial in zip(settings.clocks, case.dials, strict=True)
            if clock.only.fits(grade, case.channel, case.department)
        ),
        key=lambda one: (one.state is ClockState.MET, one.due),
    )
    running = [one for one in clocks if one.state not in (ClockState.MET, ClockState.PAUSED)]
    return CaseCard(
        case=case.id,
        brand=case.brand,
        grade=grade,
        channel=case.channel,
        department=case.department,
        since=case.since,
        heard=case.heard,
        waiting=case.paused_at is not None,
        clocks=tuple(clocks),
        overdue=any(one.state in (ClockState.OVERDUE, ClockState.ESCALATED) for one in clocks),
        next_due=running[0].due if running else None,
    )


def _clock(case: Case, clock: CaseClock, dial: Dial, settings: CaseSettings, now: datetime) -> CaseClockCard:
    due = due_of(case, clock, settings)
    if dial.met:
        state = ClockState.MET
    elif dial.fired > 2:
        state = ClockState.ESCALATED
    elif dial.fired == 2:
        state = ClockState.OVERDUE
    elif clock.pauses and case.paused_at is not None:
        state = ClockState.PAUSED
    elif due < now:
        state = ClockState.OVERDUE
    else:
        state = ClockState.NEAR if dial.fired == 1 else ClockState.RUNNING
    return CaseClockCard(name=clock.name, zh=clock.zh, en=clock.en, due=due, state=state)
