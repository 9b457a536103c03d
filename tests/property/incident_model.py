"""What must be true of an incident's events, reckoned from the records alone and not from the machine's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.reasons import CHANGES, Reason
from alerts.rules import labels_of, rule_for
from alerts.settings import DecidePolicy
from alerts.state import Scope, scope_of
from contracts.records import IncidentEvent, IncidentEventKind, Signal, SignalKind, Tier
from tests.unit.alerts.given import tier_for

Kind = IncidentEventKind
CLIMBS = (Kind.OPENED, Kind.PROMOTED, Kind.REOPENED)
UNTELLING = (Reason.SILENCED, Reason.CALENDAR, Reason.WIDER, Reason.UNTOLD)
"""The reasons of events that tell nobody."""


@dataclass(frozen=True)
class Hit:
    """A signal that deserves a tier, and until when it stands by itself."""

    at: datetime
    kind: SignalKind
    alone: int
    """Rank that the signal gives by itself; a combination may make more of it."""
    rank: int
    until: datetime
    quiet_at: datetime
    partakes: bool


@dataclass(frozen=True)
class Quiet:
    """A silence: from when to when, up to which tier."""

    name: str
    begin: datetime
    until: datetime
    upto: Tier


@dataclass
class Told:
    """One scope as people see it."""

    scope: Scope
    tier: Tier | None = None
    """Of the open incident."""
    known: Tier | None = None
    """What people were told of it."""
    acknowledged: bool = False
    since: datetime | None = None
    hits: list[Hit] = field(default_factory=list)
    next_seq: dict[str, int] = field(default_factory=dict)
    last: datetime | None = None


@dataclass
class World:
    """The outages, silences and signals that the test made, and what came of them."""

    policy: DecidePolicy
    scopes: dict[Scope, Told] = field(default_factory=dict)
    outages: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    silences: list[Quiet] = field(default_factory=list)

    def told(self, scope: Scope) -> Told:
        return self.scopes.setdefault(scope, Told(scope))

    def down_within(self, begin: datetime, end: datetime) -> bool:
        return any(start <= end and (stop is None or stop > begin) for start, stop in self.outages)

    def scope_of(self, signal: Signal) -> Scope:
        """The scope that a signal belongs to."""
        rule, labels = rule_for(signal, self.policy.rules), labels_of(signal)
        wanted = rule.scope if rule else ()
        if not wanted or any(name not in labels for name in wanted):
            return scope_of({"brand": signal.brand})
        return scope_of({"brand": signal.brand, **{name: labels[name] for name in wanted}})

    def sees(self, signal: Signal, standing: Tier | None) -> None:
        """Note a signal that deserves a tier, given the tier at which its incident stands just before it."""
        verdict = tier_for(signal, self.policy.rules, standing)
        told = self.told(self.scope_of(signal))
        if verdict.tier is None:
            return
        partakes = not signal.positive and signal.kind is not SignalKind.SOURCE_CHANGE
        rule, timing = verdict.by, self.policy.timing
        hold = (rule and rule.hold) or timing.hold
        quiet = max((rule and rule.quiet) or timing.quiet, hold)
        window = timedelta(seconds=signal.window_seconds) * timing.window_share
        alone, at = verdict.tier.rank, signal.at
        until, quiet_at = at + max(hold, window), at + max(quiet, window)
        given = Hit(at, signal.kind, alone, alone, until, quiet_at, partakes)
        rank = max(alone, self._with_others([*told.hits, given], given)) if partakes else alone
        told.hits.append(Hit(at, signal.kind, alone, rank, until, quiet_at, partakes))

    def _with_others(self, hits: list[Hit], last: Hit) -> int:
        whole = [
            one.tier.rank
            for one in self.policy.rules.combine
            if all(
                any(
                    hit.partakes
                    and hit.kind in part.kind
                    and hit.alone >= part.tier.rank
                    and hit.at >= last.at - one.within
                    for hit in hits
                )
                for part in one.parts
            )
        ]
        return max(whole, default=-1)

    def gagged(self, told: Told, tier: Tier, at: datetime) -> bool:
        """Whether a silence, a calendar or the wider incident keeps a change of this tier from being told."""
        if any(one.begin <= at < one.until and tier.rank <= one.upto.rank for one in self.silences):
            return True
        if any(one.holds("Delta", tier, at) for one in self.policy.mutes):
            return True
        return self._wider(told, tier)

    def _wider(self, told: Told, tier: Tier) -> bool:
        wide = self.scopes.get(scope_of({"brand": "Delta"}))
        return wide is not None and wide is not told and wide.tier is not None and wide.tier.rank >= tier.rank

    def take(self, event: IncidentEvent) -> None:
        """Check one event against everything known, then move on."""
        told = self.told(scope_of(event.scope))
        assert event.seq == told.next_seq.get(event.incident, 0), "numbers are strict"
        told.next_seq[event.incident] = event.seq + 1
        assert told.last is None or told.last <= event.at, "time never runs back"
        told.last = event.at
        assert Reason(event.reason) in CHANGES, "every event says why"
        self._telling(told, event)
        match event.event:
            case Kind.OPENED | Kind.REOPENED:
                assert told.tier is None
                self._rises(told, event)
                told.known, told.acknowledged, told.since = None, False, event.at
            case Kind.PROMOTED if event.reason == Reason.NOW_TOLD:
                assert event.notify and told.tier is event.tier
                assert told.known is None or told.known.rank < event.tier.rank, "no second telling"
            case Kind.PROMOTED:
                assert told.tier is not None and event.tier.rank > told.tier.rank
                self._rises(told, event)
            case Kind.DEMOTED:
                self._falls(told, event)
            case Kind.RESOLVED:
                self._ends(told, event)
            case Kind.STALE:
                assert told.tier is event.tier and any(start == event.at for start, _ in self.outages)
            case _:
                assert told.tier is event.tier, "what people do changes no tier"
        self._pages(told, event)
        told.tier = None if event.event is Kind.RESOLVED else event.tier
        if event.event is Kind.ACKNOWLEDGED:
            told.acknowledged = True
        if event.notify and event.event in (*CLIMBS, Kind.DEMOTED):
            told.known = event.tier

    def _telling(self, told: Told, event: IncidentEvent) -> None:
        if event.event is Kind.MUTED:
            assert not event.notify and self._wider(told, event.tier)
            return
        assert event.notify is (Reason(event.reason) not in UNTELLING), "an event is told, or says what kept it"
        if event.reason == Reason.UNTOLD:
            assert told.known is None
        elif not event.notify:
            assert self.gagged(told, event.tier, event.at), "nothing keeps it from being told"
        elif event.event not in (Kind.SILENCED,):
            assert not self.gagged(told, event.tier, event.at), "told although silenced, muted or spoken for"

    def _rises(self, told: Told, event: IncidentEvent) -> None:
        """A rise is seen at that very instant."""
        assert any(hit.at == event.at and hit.rank == event.tier.rank for hit in told.hits), "a rise is seen"

    def _falls(self, told: Told, event: IncidentEvent) -> None:
        """Nothing of the old tier stands any more, and no source is down."""
        assert told.tier is not None and event.tier.rank < told.tier.rank and told.since is not None
        last = [hit for hit in told.hits if hit.rank == told.tier.rank and hit.at >= told.since][-1:]
        assert all(hit.until <= event.at for hit in last), "no demotion before the hold"
        assert not self.down_within(event.at, event.at), "no fall while a source is down"

    def _ends(self, told: Told, event: IncidentEvent) -> None:
        """Nothing at all for the whole quiet time, throughout which every source lived."""
        assert event.tier is told.tier and told.hits
        assert told.hits[-1].quiet_at <= event.at, "no end before it is quiet"
        begin = event.at - self.policy.timing.quiet
        if self.policy.timing.quiet:
            down = any(start <= event.at and (end is None or end > begin) for start, end in self.outages)
            assert not down or begin < told.hits[-1].at, "no end without data"
        assert not self.down_within(event.at, event.at), "no end while a source is down"

    def _pages(self, told: Told, event: IncidentEvent) -> None:
        pages = event.event is Kind.ESCALATED or (event.event in CLIMBS and event.detail.step is not None)
        if pages:
            begun = event.detail.was if event.event is Kind.ESCALATED else event.tier
            assert event.notify and begun in self.policy.escalation
            assert not told.acknowledged, "no page after an acknowledgement"
        if event.event in CLIMBS and event.notify and event.tier in self.policy.escalation and not told.acknowledged:
            assert event.detail.step == 0, "a tier with an escalation pages at once"

    def settled(self, now: datetime) -> None:
        """After a mark: nobody is left in ignorance of a tier that nothing keeps back."""
        for told in self.scopes.values():
            if told.tier is not None and not self.gagged(told, told.tier, now):
                assert told.known is not None and told.known.rank >= told.tier.rank, "no promotion untold"
