"""The incident machine of one scope, pure: state and item in, state and events out.

In the flow: :mod:`alerts.decide` feeds it signals with their verdicts, marks and what people command. It opens
an incident, promotes at once, demotes only after the hold, resolves when quiet, opens it again within a window,
and holds still while a source is down. Each change gives exactly one event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.events import Change, write
from alerts.reasons import Reason
from alerts.rules import Verdict
from alerts.settings import Timing
from alerts.state import UNSEEN, Cause, Incident, ScopeState, Sighting, cause_of, incident_id
from alerts.timers import resumed, run
from contracts.records import IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, Tier

_AT_ONCE = (SignalKind.VOICE_WEIGHTY, SignalKind.REPEAT)
"""Kinds told for one mention: however long a person has complained, there is nothing that could calm."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal and what the rules say of it."""

    signal: Signal
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody takes the incident on."""

    incident: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody is told of changes before ``until``."""

    until: datetime


Item = Seen | Mark | Acknowledge | Silence
Events = tuple[IncidentEvent, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one item led to; ``held_back`` says why a signal or command changed nothing."""

    state: ScopeState
    events: tuple[IncidentEvent, ...] = ()
    held_back: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    """A signal that deserves a tier."""

    at: datetime
    tier: Tier
    reason: Reason
    cause: Cause
    until: datetime
    quiet_at: datetime


def apply(state: ScopeState, item: Item, timing: Timing) -> Step:
    """Take one item. Timers due before its time fire first; those due at a mark's own time fire after it."""
    if isinstance(item, Seen):
        return _signal(state, item, timing)
    if isinstance(item, Mark):
        return _mark(state, item, timing)
    if isinstance(item, Acknowledge):
        return _acknowledge(state, item)
    return _silence(state, item)


def _signal(state: ScopeState, item: Seen, timing: Timing) -> Step:
    at = item.signal.at if state.now is None else max(item.signal.at, state.now)
    state, fired = run(state, at, timing, inclusive=False)
    state = replace(state, now=at)
    if item.verdict.tier is None:
        return Step(state, fired, item.verdict.reason)
    cause = cause_of(item.signal, item.verdict)
    seen = 0 if item.signal.kind in _AT_ONCE else item.signal.window_seconds
    window = timedelta(seconds=seen) * timing.window_share
    until, quiet_at = at + max(timing.hold, window), at + max(timing.quiet, window)
    hit = _Hit(at, item.verdict.tier, item.verdict.reason, cause, until, quiet_at)
    step = _hit(state, hit, incident_id(state.scope, item.signal.bucket), timing)
    return replace(step, events=fired + step.events)


def _hit(state: ScopeState, hit: _Hit, name: str, timing: Timing) -> Step:
    """Open, open again, promote, or only keep open."""
    incident = state.incident
    if incident is None:
        if state.past is not None and state.past[0] == name:
            return _begin(state, hit, IncidentEventKind.REOPENED, *state.past)
        return _begin(state, hit, IncidentEventKind.OPENED, name, 0)
    if incident.resolved_at is None:
        return _join(state, incident, hit)
    if hit.at < incident.resolved_at + timing.refractory and hit.tier is Tier.BLUE:
        return Step(state, held_back=Reason.REFRACTORY)
    return _begin(state, hit, IncidentEventKind.REOPENED, incident.id, incident.seq)


def _begin(state: ScopeState, hit: _Hit, kind: IncidentEventKind, name: str, seq: int) -> Step:
    incident = Incident(
        id=name,
        since=hit.at,
        first=hit.cause.kind,
        tier=hit.tier,
        last=hit.cause,
        quiet_at=hit.quiet_at,
        seq=seq,
        seen=_sighted(UNSEEN, hit),
    )
    state, event = write(state, incident, Change(kind, hit.at, hit.reason, hit.cause))
    return Step(state, (event,))


def _join(state: ScopeState, incident: Incident, hit: _Hit) -> Step:
    joined = replace(incident, last=hit.cause, quiet_at=hit.quiet_at, seen=_sighted(incident.seen, hit))
    if hit.tier.rank <= incident.tier.rank:
        return Step(replace(state, incident=joined), held_back=Reason.SAME_TIER)
    change = Change(IncidentEventKind.PROMOTED, hit.at, hit.reason, hit.cause, was=incident.tier)
    state, event = write(state, replace(joined, tier=hit.tier), change)
    return Step(state, (event,))


def _sighted(seen: tuple[Sighting | None, ...], hit: _Hit) -> tuple[Sighting | None, ...]:
    rank = hit.tier.rank
    return (*seen[:rank], Sighting(hit.until, hit.cause), *seen[rank + 1 :])


def _mark(state: ScopeState, mark: Mark, timing: Timing) -> Step:
    at = mark.at if state.now is None else max(mark.at, state.now)
    state, before = run(state, at, timing, inclusive=False)
    state = replace(state, now=at)
    state, told = _outage(state, at, timing, down=bool(mark.stale))
    state, after = run(state, at, timing, inclusive=True)
    return Step(state, before + told + after)


def _outage(state: ScopeState, at: datetime, timing: Timing, *, down: bool) -> tuple[ScopeState, Events]:
    """A source of the brand goes down or comes back."""
    incident = state.incident
    is_open = incident is not None and incident.resolved_at is None
    if down and state.down_since is None:
        state = replace(state, down_since=at)
        return _stale(state, incident, at, timing) if incident is not None and is_open else (state, ())
    if not down and state.down_since is not None:
        if incident is not None and is_open:
            incident = resumed(incident, state.down_since, at, timing)
        return replace(state, down_since=None, incident=incident), ()
    return state, ()


def _stale(state: ScopeState, incident: Incident, at: datetime, timing: Timing) -> tuple[ScopeState, Events]:
    """Told once an outage, and not at all when the incident is about the outage itself."""
    ended = incident.outage_ended
    flapping = ended is not None and at < ended + timing.refractory
    if flapping or incident.first is SignalKind.SOURCE_DOWN:
        return state, ()
    state, event = write(state, incident, Change(IncidentEventKind.STALE, at, Reason.SOURCE_DOWN, incident.last))
    return state, (event,)


def _acknowledge(state: ScopeState, item: Acknowledge) -> Step:
    incident = state.incident
    if incident is None or incident.resolved_at is not None or incident.id != item.incident or state.now is None:
        return Step(state, held_back=Reason.UNKNOWN_INCIDENT)
    if incident.acknowledged:
        return Step(state, held_back=Reason.RESENT)
    change = Change(IncidentEventKind.ACKNOWLEDGED, state.now, Reason.BY_PERSON, incident.last)
    state, event = write(state, replace(incident, acknowledged=True), change)
    return Step(state, (event,))


def _silence(state: ScopeState, item: Silence) -> Step:
    """The newest silence replaces the one in force; an open incident says that it is silenced, aloud."""
    incident = state.incident
    if incident is not None and incident.resolved_at is None and state.now is not None:
        change = Change(IncidentEventKind.SILENCED, state.now, Reason.BY_PERSON, incident.last)
        state, event = write(replace(state, silenced_until=None), incident, change)
        return Step(replace(state, silenced_until=item.until), (event,))
    return Step(replace(state, silenced_until=item.until))
