"""What happens to one run of a plan. Each event stands in the ledger, and a report is made of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, ValidationError

from alerts.plans.settings import Frozen, Level, Text
from contracts.records import LedgerEntry

FAMILY = "plan."
"""What entries of the ledger about plans begin with."""


class PlanEventKind(StrEnum):
    """Kinds of events of a run."""

    STARTED = "started"
    RAISED = "raised"
    """A graver level, which may ask for more."""
    DUE_SOON = "due_soon"
    """A task's deadline is near and it is not done."""
    TASK_OVERDUE = "task_overdue"
    TASK_DONE = "task_done"
    TASK_SKIPPED = "task_skipped"
    """Somebody decided that it is not needed this time."""
    CLOCK_MET = "clock_met"
    CLOCK_OVERDUE = "clock_overdue"
    CLOSED = "closed"
    REFUSED = "refused"
    """A command that changed nothing, and why."""


class Sheet(Frozen):
    """A task as it was asked for in this run."""

    name: str
    title: Text
    role: Text
    department: Text
    due: AwareDatetime
    partners: tuple[Text, ...] = ()
    needs: tuple[str, ...] = ()


class Dial(Frozen):
    """A clock as it ran in this run."""

    name: str
    title: Text
    due: AwareDatetime


class PlanEvent(Frozen):
    """One thing that happened."""

    kind: PlanEventKind
    at: AwareDatetime
    run: str
    plan: str
    brand: str
    level: Level
    incident: str = ""
    """The incident it belongs to, if any."""
    drill: bool = False
    """Nobody outside is told."""
    task: str = ""
    """Of a clock, the clock's name."""
    by: str = ""
    note: str = ""
    title: Text | None = None
    """Of the plan (started), of the task or clock (others)."""
    due: AwareDatetime | None = None
    tasks: tuple[Sheet, ...] = ()
    """Asked for from now on (started, raised)."""
    clocks: tuple[Dial, ...] = ()


def plan_event(entry: LedgerEntry) -> PlanEvent | None:
    """The event of a run that an entry of the ledger holds; ``None`` when it is about something else."""
    if not entry.what.startswith(FAMILY):
        return None
    try:
        return PlanEvent.model_validate(entry.body)
    except ValidationError:
        return None


def by_run(events: Sequence[PlanEvent]) -> dict[str, list[PlanEvent]]:
    """Events of each run in their order, runs by their first event."""
    runs: dict[str, list[PlanEvent]] = {}
    for event in events:
        runs.setdefault(event.run, []).append(event)
    return runs


def started_at(events: Sequence[PlanEvent]) -> datetime:
    """When the run of these events began."""
    return next((one.at for one in events if one.kind is PlanEventKind.STARTED), events[0].at)
