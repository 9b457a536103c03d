"""Making incident events: the only place where one is written, so that numbers and telling are never forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.reasons import Reason
from alerts.state import Cause, Incident, ScopeState
from contracts.records import IncidentEvent, IncidentEventKind, Tier


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an incident, before it becomes an event."""

    kind: IncidentEventKind
    at: datetime
    reason: Reason
    cause: Cause
    was: Tier | None = None
    by: str = ""
    note: str = ""
    step: int | None = None
    until: datetime | None = None
    notify: bool = True


def write(state: ScopeState, incident: Incident, change: Change) -> tuple[ScopeState, IncidentEvent]:
    """The event of ``change`` and the state in which ``incident`` has taken it.

    While a silence lasts the event still happens, but tells nobody and says so in its reason.
    """
    silenced = state.silenced_until is not None and change.at < state.silenced_until
    event = IncidentEvent(
        incident=incident.id,
        seq=incident.seq,
        event=change.kind,
        at=change.at,
        tier=incident.tier,
        kind=change.cause.kind,
        scope=dict(state.scope),
        reason=Reason.SILENCED if silenced else change.reason,
        observed=change.cause.observed,
        expected=change.cause.expected,
        score=change.cause.score,
        notify=change.notify and not silenced,
        detail=change.cause.detail.model_copy(update=_told(incident, change)),
    )
    return replace(state, incident=replace(incident, seq=incident.seq + 1)), event


def _told(incident: Incident, change: Change) -> dict[str, object]:
    return {
        "since": incident.since,
        "was": change.was,
        "by": change.by,
        "note": change.note,
        "step": change.step,
        "until": change.until,
    }
