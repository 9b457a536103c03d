"""What happens by itself: a tier falls after its hold, an incident is resolved when quiet, and later forgotten; what
was kept back is told when nothing keeps it any more; the next step of an escalation is paged; a silence that is
about to end is told of.

Timers fire in order of their due time and their events carry it, however seldom marks come: one mark that
jumps an hour gives what 720 marks give. What is due at *t* fires when everything at *t* has been seen.
While a source of the brand is down an open incident neither falls nor ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from alerts.events import Change, write
from alerts.gags import in_force, tellable
from alerts.reasons import Reason
from alerts.settings import DecidePolicy, Timing
from alerts.state import UNSEEN, Incident, Paging, ScopeState, Sighting, Silence
from contracts.records import IncidentEvent, IncidentEventKind, Tier, TimerKind

Fired = tuple[ScopeState, tuple[IncidentEvent, ...]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due."""

    due: datetime
    fire: Callable[[ScopeState, Incident, datetime, DecidePolicy], Fired]
    kind: TimerKind | None = None
    """What people are shown of it; none: it means nothing to them."""
    silence: str = ""
    """The silence it is about."""


def run(state: ScopeState, upto: datetime, policy: DecidePolicy, *, inclusive: bool) -> Fired:
    """Fire all timers due before ``upto`` (``inclusive``: and at it), earliest first; silences end with it."""
    told: tuple[IncidentEvent, ...] = ()
    while (timer := next_timer(state, policy)) and (timer.due < upto or (inclusive and timer.due == upto)):
        state, events = fire(state, timer, policy)
        told += events
    if state.silences:
        state = replace(state, silences=in_force(state.silences, upto))
    return state, told


def fire(state: ScopeState, timer: Timer, policy: DecidePolicy) -> Fired:
    """Let one timer of :func:`next_timer` fire."""
    if state.incident is None:
        return state, ()
    due = timer.due if state.now is None else max(timer.due, state.now)
    return timer.fire(replace(state, now=due), state.incident, timer.due, policy)


def next_timer(state: ScopeState, policy: DecidePolicy) -> Timer | None:
    """The timer that is due first; of several at one instant the one that calms goes first."""
    return min(timers(state, policy), key=lambda timer: timer.due, default=None)


def timers(state: ScopeState, policy: DecidePolicy) -> Iterator[Timer]:
    """Everything that is due of a scope; of several at one instant the one that calms comes first."""
    incident = state.incident
    if incident is None:
        return
    if incident.resolved_at is not None:
        yield Timer(incident.resolved_at + policy.timing.reopen, _forget)
        return
    if state.down_since is None:
        yield from _calming(incident, state.lasting)
    yield from _telling(state, incident, policy)


def _calming(incident: Incident, lasting: Tier | None) -> Iterator[Timer]:
    """The fall after the hold, or the end; what lasts is not fallen below, and nothing ends before it."""
    standing = incident.seen[incident.tier.rank]
    if lasting is not None and lasting.rank >= incident.tier.rank:
        return
    ends = lasting is None and (standing is None or standing.until >= incident.quiet_at)
    if incident.tier is not Tier.BLUE and standing is not None and not ends:
        yield Timer(standing.until, _demote, TimerKind.DEMOTE)
    elif lasting is None:
        yield Timer(incident.quiet_at, resolve, TimerKind.RESOLVE)


def _telling(state: ScopeState, incident: Incident, policy: DecidePolicy) -> Iterator[Timer]:
    now = state.now or incident.since
    if incident.untold:
        when = tellable(state, incident.tier, now, policy)
        if when is not None:
            yield Timer(when, speak, TimerKind.TELL)
    elif incident.paging is not None and incident.paging.due is not None:
        when = tellable(state, incident.tier, max(now, incident.paging.due), policy)
        if when is not None:
            yield Timer(when, _page, TimerKind.PAGE)
    notice = policy.timing.silence_notice
    for one in state.silences if notice else ():
        due = one.until - notice
        if not one.noticed and one.until - one.since > 2 * notice and due >= incident.since and one.upto is Tier.RED:
            yield Timer(due, partial(_notice, one), TimerKind.SILENCE_NOTICE, one.id)


def speak(state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy) -> Fired:
    """Tell what was kept back and is still true."""
    change = Change(IncidentEventKind.PROMOTED, due, Reason.NOW_TOLD, incident.last, was=incident.told)
    state, event = write(state, incident, change, policy)
    return state, (event,)


def _page(state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy) -> Fired:
    """The next step, or a reminder of the last one."""
    paging = incident.paging
    plan = policy.escalation.get(paging.tier) if paging else None
    if plan is None or paging is None:
        return replace(state, incident=replace(incident, paging=None)), ()
    step = plan.step_of(paging.paged)
    reason = Reason.UNACKNOWLEDGED if paging.paged < len(plan.steps) else Reason.REMINDER
    further = Paging(
        paging.tier, paging.reached, paging.paged + 1, plan.next_page(paging.reached, paging.paged + 1, due)
    )
    note = ", ".join(plan.steps[step].to)
    change = Change(IncidentEventKind.ESCALATED, due, reason, incident.last, was=paging.tier, note=note, step=step)
    state, event = write(state, replace(incident, paging=further), change, policy)
    return state, (event,)


def _notice(silence: Silence, state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy) -> Fired:
    kept = tuple(replace(one, noticed=one.noticed or one.id == silence.id) for one in state.silences)
    change = Change(
        IncidentEventKind.SILENCED,
        due,
        Reason.SILENCE_ENDS,
        incident.last,
        by=silence.author,
        note=silence.comment,
        until=silence.until,
        aloud=True,
    )
    state, event = write(replace(state, silences=kept), incident, change, policy)
    return state, (event,)


def _demote(state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy) -> Fired:
    """Fall to the highest tier that still stands or lasts, or to blue."""
    seen = tuple(one if one is not None and one.until > due else None for one in incident.seen)
    standing_ones = (tier for tier in reversed(Tier) if seen[tier.rank] is not None or tier is state.lasting)
    tier = next(standing_ones, Tier.BLUE)
    standing = seen[tier.rank]
    cause = standing.cause if standing else incident.last
    change = Change(IncidentEventKind.DEMOTED, due, Reason.CALMED, cause, was=incident.tier)
    state, event = write(state, replace(incident, tier=tier, seen=seen), change, policy)
    return state, (event,)


def resolve(
    state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy, reason: Reason = Reason.QUIET
) -> Fired:
    """The incident ends, and can be opened again for a while."""
    change = Change(IncidentEventKind.RESOLVED, due, reason, incident.last)
    resolved = replace(incident, seen=UNSEEN, resolved_at=due, outage_ended=None)
    state, event = write(state, resolved, change, policy)
    return state, (event,)


def _forget(state: ScopeState, incident: Incident, due: datetime, policy: DecidePolicy) -> Fired:
    return replace(state, incident=None, past=(incident.id, incident.seq)), ()


def resumed(incident: Incident, down_since: datetime, back: datetime, timing: Timing) -> Incident:
    """The incident after an outage: tiers that stood when it began go on standing, and the quiet time starts anew;
    neither ends earlier than it would have without the outage."""
    away = back - down_since

    def later(one: Sighting | None) -> Sighting | None:
        if one is None or one.until < down_since:
            return one
        return replace(one, until=max(one.until, min(one.until + away, back + timing.hold)))

    seen = tuple(later(one) for one in incident.seen)
    return replace(incident, seen=seen, quiet_at=max(incident.quiet_at, back + timing.quiet), outage_ended=back)
