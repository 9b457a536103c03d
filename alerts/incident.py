"""The incident machine of one scope, pure: state and item in, state and events out.

In the flow: :mod:`alerts.decide` feeds it signals with their rule, marks and what people command. It opens
an incident, promotes at once, demotes only after the hold, resolves when quiet, opens it again within a window,
and holds still while a source is down. Each change gives exactly one event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.combine import combined, remember
from alerts.events import Change, write
from alerts.gags import gag
from alerts.lasting import eased
from alerts.reasons import Reason
from alerts.rules import Rule, Verdict, cap_of, judge
from alerts.settings import DecidePolicy
from alerts.state import UNSEEN, Cause, Incident, ScopeState, Sighting, Silence, cause_of, incident_id
from alerts.timers import resolve, resumed, run, speak
from contracts.records import IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, Tier

_AT_ONCE = (SignalKind.VOICE_WEIGHTY, SignalKind.REPEAT)
"""Kinds told for one mention: however long a person has complained, there is nothing that could calm."""
_OTHERS = (SignalKind.CASE_LATE,)
"""Kinds that never tell of the same thing twice: the next late case is another one, and only this tells of it."""
MAX_SILENCES = 50
"""Of one scope; the oldest give way."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signal and the rule that decides on it."""

    signal: Signal
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody takes the incident on, or hands it over to somebody."""

    incident: str
    by: str
    note: str = ""
    over: bool = False
    """Handed over: also when it was acknowledged before."""


@dataclass(frozen=True, slots=True)
class Unsilence:
    """A silence ends before its time."""

    silence: str


@dataclass(frozen=True, slots=True)
class Wider:
    """The incident of the wider scope stands at this tier now; none: there is no open one."""

    tier: Tier | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Lasts:
    """What goes on by itself, each as the signal it would make."""

    seen: tuple[Seen, ...]
    at: datetime
    over: bool
    """None of it any more: the incident ends with it."""


Item = Seen | Mark | Acknowledge | Silence | Unsilence | Wider | Lasts
Events = tuple[IncidentEvent, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one item led to; ``held_back`` says why a signal or command changed nothing."""

    state: ScopeState
    events: tuple[IncidentEvent, ...] = ()
    held_back: Reason | None = None
    verdict: Verdict | None = None
    """What the rules said of a signal."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A signal that deserves a tier."""

    at: datetime
    tier: Tier
    reason: Reason
    cause: Cause
    until: datetime
    quiet_at: datetime


def apply(state: ScopeState, item: Item, policy: DecidePolicy) -> Step:
    """Take one item. Timers due before its time fire first; those due at a mark's own time fire after it."""
    match item:
        case Seen():
            return _signal(state, item, policy)
        case Mark():
            return _mark(state, item, policy)
        case Acknowledge():
            return _acknowledge(state, item, policy)
        case Silence():
            return _silence(state, item, policy)
        case Unsilence():
            return _unsilence(state, item, policy)
        case Wider():
            return _wider(state, item, policy)
        case Lasts():
            return _lasts(state, item, policy)


def _signal(state: ScopeState, item: Seen, policy: DecidePolicy) -> Step:
    signal = item.signal
    at = signal.at if state.now is None else max(signal.at, state.now)
    state, fired = run(state, at, policy, inclusive=False)
    state = replace(state, now=at)
    standing = state.incident.tier if state.incident is not None and state.incident.open else None
    verdict = judge(signal, item.rule, standing)
    if verdict.tier is None:
        return Step(state, fired, verdict.reason, verdict)
    state, verdict = _with_others(state, signal, verdict, at, policy)
    step = _hit(state, _hit_of(signal, verdict, at, policy), incident_id(state.scope, signal.bucket), policy)
    return replace(step, events=fired + step.events, verdict=verdict)


def _with_others(
    state: ScopeState, signal: Signal, verdict: Verdict, at: datetime, policy: DecidePolicy
) -> tuple[ScopeState, Verdict]:
    """The verdict lifted by a combination that this signal makes whole; one that is held down takes no part."""
    if verdict.tier is None or not policy.rules.combine or cap_of(signal) is not None:
        return state, verdict
    state = replace(state, kinds=remember(state.kinds, signal.kind, verdict.tier, at, policy.rules))
    whole = combined(state.kinds, at, policy.rules)
    if whole is None or whole.tier.rank <= verdict.tier.rank:
        return state, verdict
    return state, replace(verdict, tier=whole.tier, rule=whole.name, reason=Reason.COMBINED)


def _hit_of(signal: Signal, verdict: Verdict, at: datetime, policy: DecidePolicy) -> _Hit:
    timing, rule = policy.timing, verdict.by
    seen = 0 if signal.kind in _AT_ONCE else signal.window_seconds
    window = timedelta(seconds=seen) * timing.window_share
    hold = timing.hold if rule is None or rule.hold is None else rule.hold
    quiet = timing.quiet if rule is None or rule.quiet is None else rule.quiet
    until, quiet_at = at + max(hold, window), at + max(quiet, hold, window)
    return _Hit(at, verdict.tier or Tier.BLUE, verdict.reason, cause_of(signal, verdict), until, quiet_at)


def _hit(state: ScopeState, hit: _Hit, name: str, policy: DecidePolicy) -> Step:
    """Open, open again, promote, or only keep open."""
    incident = state.incident
    if incident is None:
        if state.past is not None and state.past[0] == name:
            return _begin(state, hit, IncidentEventKind.REOPENED, state.past, policy)
        return _begin(state, hit, IncidentEventKind.OPENED, (name, 0), policy)
    if incident.resolved_at is None:
        return _join(state, incident, hit, policy)
    held_back = hit.tier is Tier.BLUE and hit.cause.kind not in _OTHERS
    if held_back and hit.at < incident.resolved_at + policy.timing.refractory:
        return Step(state, held_back=Reason.REFRACTORY)
    return _begin(state, hit, IncidentEventKind.REOPENED, (incident.id, incident.seq), policy)


def _begin(state: ScopeState, hit: _Hit, kind: IncidentEventKind, key: tuple[str, int], policy: DecidePolicy) -> Step:
    incident = Incident(
        id=key[0],
        since=hit.at,
        first=hit.cause.kind,
        tier=hit.tier,
        last=hit.cause,
        quiet_at=hit.quiet_at,
        seq=key[1],
        seen=_sighted(UNSEEN, hit),
    )
    state, event = write(state, incident, Change(kind, hit.at, hit.reason, hit.cause), policy)
    return Step(state, (event,))


def _join(state: ScopeState, incident: Incident, hit: _Hit, policy: DecidePolicy) -> Step:
    joined = replace(incident, last=hit.cause, quiet_at=hit.quiet_at, seen=_sighted(incident.seen, hit))
    if hit.tier.rank <= incident.tier.rank:
        return Step(replace(state, incident=joined), held_back=Reason.SAME_TIER)
    change = Change(IncidentEventKind.PROMOTED, hit.at, hit.reason, hit.cause, was=incident.tier)
    state, event = write(state, replace(joined, tier=hit.tier), change, policy)
    return Step(state, (event,))


def _sighted(seen: tuple[Sighting | None, ...], hit: _Hit) -> tuple[Sighting | None, ...]:
    rank = hit.tier.rank
    return (*seen[:rank], Sighting(hit.until, hit.cause), *seen[rank + 1 :])


def _mark(state: ScopeState, mark: Mark, policy: DecidePolicy) -> Step:
    at = mark.at if state.now is None else max(mark.at, state.now)
    state, before = run(state, at, policy, inclusive=False)
    state = replace(state, now=at)
    state, told = _outage(state, at, policy, down=bool(mark.stale))
    state, after = run(state, at, policy, inclusive=True)
    return Step(state, before + told + after)


def _outage(state: ScopeState, at: datetime, policy: DecidePolicy, *, down: bool) -> tuple[ScopeState, Events]:
    """A source of the brand goes down or comes back."""
    incident = state.incident
    is_open = incident is not None and incident.resolved_at is None
    if down and state.down_since is None:
        state = replace(state, down_since=at)
        return _stale(state, incident, at, policy) if incident is not None and is_open else (state, ())
    if not down and state.down_since is not None:
        if incident is not None and is_open:
            incident = resumed(incident, state.down_since, at, policy.timing)
        return replace(state, down_since=None, incident=incident), ()
    return state, ()


def _stale(state: ScopeState, incident: Incident, at: datetime, policy: DecidePolicy) -> tuple[ScopeState, Events]:
    """Told once an outage, and not at all when the incident is about the outage itself."""
    ended = incident.outage_ended
    flapping = ended is not None and at < ended + policy.timing.refractory
    if flapping or incident.first is SignalKind.SOURCE_DOWN:
        return state, ()
    change = Change(IncidentEventKind.STALE, at, Reason.SOURCE_DOWN, incident.last)
    state, event = write(state, incident, change, policy)
    return state, (event,)


def _acknowledge(state: ScopeState, item: Acknowledge, policy: DecidePolicy) -> Step:
    incident = state.incident
    if incident is None or incident.resolved_at is not None or incident.id != item.incident or state.now is None:
        return Step(state, held_back=Reason.UNKNOWN_INCIDENT)
    if incident.owner == item.by or (incident.acknowledged and not item.over):
        return Step(state, held_back=Reason.RESENT)
    reason = Reason.HANDED_OVER if item.over else Reason.BY_PERSON
    change = Change(IncidentEventKind.ACKNOWLEDGED, state.now, reason, incident.last, by=item.by, note=item.note)
    state, event = write(state, replace(incident, owner=item.by), change, policy)
    return Step(state, (event,))


def _silence(state: ScopeState, item: Silence, policy: DecidePolicy) -> Step:
    """One with the same reach replaces the one in force; an open incident says that it is silenced, aloud."""
    others = tuple(one for one in state.silences if (one.where, one.upto) != (item.where, item.upto))
    silenced = replace(state, silences=(*others, item)[-MAX_SILENCES:])
    incident = state.incident
    if incident is None or not incident.open or state.now is None or incident.tier.rank > item.upto.rank:
        return Step(silenced)
    change = Change(
        IncidentEventKind.SILENCED,
        state.now,
        Reason.BY_PERSON,
        incident.last,
        by=item.author,
        note=item.comment,
        until=item.until,
        aloud=True,
    )
    state, event = write(silenced, incident, change, policy)
    return Step(state, (event,))


def _unsilence(state: ScopeState, item: Unsilence, policy: DecidePolicy) -> Step:
    """What it kept back and is still true is told at once."""
    left = tuple(one for one in state.silences if one.id != item.silence)
    if len(left) == len(state.silences):
        return Step(state, held_back=Reason.UNKNOWN_SILENCE)
    return _speak_up(replace(state, silences=left), policy)


def _wider(state: ScopeState, item: Wider, policy: DecidePolicy) -> Step:
    """The wider scope speaks for this one from now on, or no longer."""
    at = item.at if state.now is None else max(item.at, state.now)
    state = replace(state, now=at)
    incident = state.incident
    if incident is None or not incident.open:
        return Step(replace(state, wider=item.tier))
    before = gag(state, incident.tier, at, policy)
    state = replace(state, wider=item.tier)
    after = gag(state, incident.tier, at, policy)
    if before is None and after is not None and incident.told is not None:
        change = Change(IncidentEventKind.MUTED, at, Reason.WIDER, incident.last, notify=False)
        state, event = write(state, incident, change, policy)
        return Step(state, (event,))
    return _speak_up(state, policy)


def _lasts(state: ScopeState, item: Lasts, policy: DecidePolicy) -> Step:
    """Something lasts otherwise than before: more, less, or not at all. What falls away began its hold just now."""
    at = item.at if state.now is None else max(item.at, state.now)
    incident, before = state.incident, state.lasting
    standing = incident.tier if incident is not None and incident.open else None
    tiers = {judge(one.signal, one.rule, standing).tier for one in item.seen}
    state = replace(state, now=at, lasting=next((tier for tier in reversed(Tier) if tier in tiers), None))
    if incident is None or not incident.open:
        return Step(state)
    if item.over:
        return Step(*resolve(state, incident, at, policy, Reason.ANSWERED))
    if before is not None and (state.lasting is None or state.lasting.rank < before.rank):
        rule = next((one.rule for one in item.seen), None)
        state = replace(state, incident=eased(incident, before, at, rule, policy.timing))
    return Step(state)


def _speak_up(state: ScopeState, policy: DecidePolicy) -> Step:
    """Tell at once what nothing keeps back any more."""
    incident, now = state.incident, state.now
    if incident is None or now is None or not incident.untold or gag(state, incident.tier, now, policy) is not None:
        return Step(state)
    return Step(*speak(state, incident, now, policy))
