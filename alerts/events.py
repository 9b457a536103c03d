"""Making incident events: the only place where one is written, so that numbers and telling are never forgotten.

An event either tells people or says in its reason what kept it from telling. What people know of the incident
(:attr:`alerts.state.Incident.told`) and whom an escalation pages next follow from the events alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.gags import gag, matched
from alerts.reasons import Reason
from alerts.settings import DecidePolicy
from alerts.state import Cause, Incident, Paging, ScopeState
from contracts.records import IncidentEvent, IncidentEventKind, Tier

Kind = IncidentEventKind
CLIMBS = (Kind.OPENED, Kind.PROMOTED, Kind.REOPENED)
"""Changes after which people know of the tier, if they were told."""
CALMS = (Kind.DEMOTED, Kind.RESOLVED, Kind.STALE)
"""Changes that mean nothing to somebody who was never told of the incident."""


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
    aloud: bool = False
    """Told whatever silence or calendar holds, since it is about that silence."""


def write(
    state: ScopeState, incident: Incident, change: Change, policy: DecidePolicy
) -> tuple[ScopeState, IncidentEvent]:
    """The event of ``change`` and the state in which ``incident`` has taken it."""
    state, reason = _kept_back(state, incident, change, policy)
    notify = change.notify and reason is None
    after = _after(incident, change, policy, notify=notify)
    paged = after.paging is not None and after.paging is not incident.paging and change.kind in CLIMBS
    event = IncidentEvent(
        incident=incident.id,
        seq=incident.seq,
        event=change.kind,
        at=change.at,
        tier=incident.tier,
        kind=change.cause.kind,
        scope=dict(state.scope),
        reason=reason or change.reason,
        observed=change.cause.observed,
        expected=change.cause.expected,
        score=change.cause.score,
        notify=notify,
        detail=change.cause.detail.model_copy(
            update={
                "since": incident.since,
                "was": change.was,
                "by": change.by or incident.owner or "",
                "note": change.note,
                "step": 0 if paged else change.step,
                "until": change.until,
            }
        ),
    )
    return replace(state, incident=replace(after, seq=incident.seq + 1)), event


def _kept_back(
    state: ScopeState, incident: Incident, change: Change, policy: DecidePolicy
) -> tuple[ScopeState, Reason | None]:
    if change.aloud or not change.notify:
        return state, None
    held = gag(state, incident.tier, change.at, policy)
    if held is not None:
        return matched(state, held.silence), held.reason
    return state, Reason.UNTOLD if change.kind in CALMS and incident.told is None else None


def _after(incident: Incident, change: Change, policy: DecidePolicy, *, notify: bool) -> Incident:
    """What people know now, and the escalation that this begins or ends."""
    plan = policy.escalation.get(incident.tier)
    if change.kind in CLIMBS:
        if not notify:
            return incident
        if plan is None or incident.acknowledged:
            return replace(incident, told=incident.tier)
        paging = Paging(incident.tier, change.at, 1, plan.next_page(change.at, 1, change.at))
        return replace(incident, told=incident.tier, paging=paging)
    if change.kind is Kind.DEMOTED:
        return replace(incident, told=incident.tier if notify else incident.told)
    if change.kind in (Kind.RESOLVED, Kind.ACKNOWLEDGED):
        return replace(incident, paging=None)
    return incident
