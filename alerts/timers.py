"""What happens by itself: a tier falls after its hold, an incident is resolved when quiet, and later forgotten.

Timers fire in order of their due time and their events carry it, however seldom marks come: one mark that
jumps an hour gives what 720 marks give. What is due at *t* fires when everything at *t* has been seen.
While a source of the brand is down the timers of an open incident stand still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.events import Change, write
from alerts.reasons import Reason
from alerts.settings import Timing
from alerts.state import UNSEEN, Incident, ScopeState, Sighting
from contracts.records import IncidentEvent, IncidentEventKind, Tier

Fired = tuple[ScopeState, tuple[IncidentEvent, ...]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due."""

    due: datetime
    fire: Callable[[ScopeState, Incident, datetime], Fired]


def run(state: ScopeState, upto: datetime, timing: Timing, *, inclusive: bool) -> Fired:
    """Fire all timers due before ``upto`` (``inclusive``: and at it), earliest first."""
    told: tuple[IncidentEvent, ...] = ()
    while (timer := _next(state, timing)) and (timer.due < upto or (inclusive and timer.due == upto)):
        if state.incident is None:
            break
        state, events = timer.fire(state, state.incident, timer.due)
        told += events
    return state, told


def _next(state: ScopeState, timing: Timing) -> Timer | None:
    incident = state.incident
    if incident is None:
        return None
    if incident.resolved_at is not None:
        return Timer(incident.resolved_at + timing.reopen, _forget)
    if state.down_since is not None:
        return None
    standing = incident.seen[incident.tier.rank]
    if incident.tier is not Tier.BLUE and standing is not None and standing.until < incident.quiet_at:
        return Timer(standing.until, _demote)
    return Timer(incident.quiet_at, _resolve)


def _demote(state: ScopeState, incident: Incident, due: datetime) -> Fired:
    """Fall to the highest tier that still stands, or to blue."""
    seen = tuple(one if one is not None and one.until > due else None for one in incident.seen)
    tier = next((tier for tier in reversed(Tier) if seen[tier.rank] is not None), Tier.BLUE)
    standing = seen[tier.rank]
    cause = standing.cause if standing else incident.last
    change = Change(IncidentEventKind.DEMOTED, due, Reason.CALMED, cause, was=incident.tier)
    state, event = write(state, replace(incident, tier=tier, seen=seen), change)
    return state, (event,)


def _resolve(state: ScopeState, incident: Incident, due: datetime) -> Fired:
    change = Change(IncidentEventKind.RESOLVED, due, Reason.QUIET, incident.last)
    resolved = replace(incident, seen=UNSEEN, resolved_at=due, outage_ended=None)
    state, event = write(state, resolved, change)
    return state, (event,)


def _forget(state: ScopeState, incident: Incident, due: datetime) -> Fired:
    return replace(state, incident=None, past=(incident.id, incident.seq)), ()


def resumed(incident: Incident, down_since: datetime, back: datetime, timing: Timing) -> Incident:
    """The incident after an outage: tiers that stood when it began go on standing, and the quiet time starts anew."""
    away = back - down_since

    def later(one: Sighting | None) -> Sighting | None:
        if one is None or one.until < down_since:
            return one
        return replace(one, until=min(one.until + away, back + timing.hold))

    seen = tuple(later(one) for one in incident.seen)
    return replace(incident, seen=seen, quiet_at=back + timing.quiet, outage_ended=back)
