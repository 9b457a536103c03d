"""Deciding for all brands of a partition: the pure core behind the topic ``decide.in``.

In the flow: signals, marks and commands in their order → :meth:`DecideCore.feed` → incident events. The order is
the truth: the same records give the same events, whatever the batch borders, and a record sent again gives
nothing. The whole object can be pickled, and restored it has the same future.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.brands import EVERYBODY, Brand, Version, bucket_after, whole
from alerts.commands import acknowledge_of, policy_of, silence_of, text_of, time_of
from alerts.events import Change, write
from alerts.incident import Item, Lasts, Seen, Step, Unsilence, Wider, apply
from alerts.lasting import Lasting
from alerts.reasons import Reason
from alerts.rules import labels_of, rule_for
from alerts.settings import DecidePolicy
from alerts.standing import standing_of
from alerts.state import Incident, Scope, ScopeState, Silence
from alerts.timers import fire, next_timer
from alerts.tuned import Moved
from alerts.why import WhyBook, answer_of
from contracts.records import (
    Command,
    CommandKind,
    IncidentEvent,
    IncidentEventKind,
    Mark,
    Signal,
    SignalKind,
    Standing,
    Tier,
    feedback_of,
)

MAX_COMMANDS = 1_000
"""How many command ids are remembered for each brand."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """One open incident as others see it."""

    incident: str
    scope: dict[str, str]
    tier: Tier
    kind: SignalKind
    """Of the signal that joined last."""
    since: datetime
    acknowledged: bool
    stale: bool
    silenced_until: datetime | None
    owner: str = ""
    """Who has taken it on."""
    step: int | None = None
    """Step of the escalation that was paged last; none when nobody is being paged."""


@dataclass(frozen=True, slots=True)
class KnownSilence:
    """A silence in force, and how many changes it kept from being told."""

    brand: str
    silence: Silence
    matched: int


class DecideCore:
    """The deciding stage without Kafka.

    Works on one partition's records of ``decide.in`` in their order. Memory: one small state a scope and the last
    answers of each brand, nothing of an incident once its reopen window has passed.

    >>> from datetime import UTC
    >>> core = DecideCore(DecidePolicy())
    >>> core.feed(Mark(brand="Delta", at=datetime(2026, 1, 1, tzinfo=UTC), order=(1, 999_999)))
    []
    """

    def __init__(
        self, policy: DecidePolicy, claimed: frozenset[CommandKind] = frozenset(), why: WhyBook | None = None
    ) -> None:
        self.policy = policy
        """What holds for brands that no later version of the rules holds for."""
        self.held_back: Reason | None = None
        """Why the last record changed nothing, if it did not."""
        self.problem = ""
        """The same in words, where there is more to say."""
        self.suppressed: Counter[Reason] = Counter()
        """How many signals and commands changed nothing, by reason."""
        self.why = why or WhyBook()
        self.versions: list[Version] = []
        """New versions of the rules, oldest first."""
        self.moved = Moved()
        """Limits of the detectors that were moved."""
        self._claimed = claimed
        self._brands: dict[str, Brand] = {}
        self._everybody = Brand(whole(EVERYBODY))

    def feed(self, record: Signal | Mark | Command) -> list[IncidentEvent]:
        """The incident events that follow from one record, in order of time."""
        self.held_back, self.problem = None, ""
        if isinstance(record, Command):
            return self._command(record)
        brand = self._brand(record.brand)
        if brand.order is not None and record.order <= brand.order:
            return self._held_back(Reason.RESENT)
        brand.order = record.order
        brand.now = record.at if brand.now is None else max(record.at, brand.now)
        before = self._advance(brand, brand.now)
        brand.turn(brand.now)
        if isinstance(record, Signal):
            return _sorted(before + self._signal(brand, record))
        brand.down = record.stale
        return _sorted(before + self._apply(brand, list(brand.scopes), record))

    def add(self, signal: Signal) -> list[IncidentEvent]:
        """The incident events that follow from a signal that a follower makes of the record just fed."""
        held_back = self.held_back
        events = _sorted(self._signal(self._brand(signal.brand), signal))
        self.held_back = held_back
        return events

    def lasts(self, one: Lasting) -> list[IncidentEvent]:
        """The incident events that follow from what a follower knows to go on by itself, or to be over."""
        brand = self._brand(one.brand)
        if one.scope not in brand.scopes or one.scope == brand.whole or brand.now is None:
            return []
        rules = self._policy_of(brand).rules
        seen = (Seen(signal, rule_for(signal, rules)) for signal in one.signals)
        mine = tuple(each for each in seen if _scope_of(brand, each) == one.scope)
        return self._apply(brand, [one.scope], Lasts(mine, brand.now, not one.signals))

    def known(self, record: Signal | Mark) -> bool:
        """Whether it has been fed before."""
        brand = self._brands.get(record.brand)
        return brand is not None and brand.order is not None and record.order <= brand.order

    def next_due(self, brand: str) -> datetime | None:
        """When the next timer of a brand fires, if nothing comes before."""
        known = self._brands.get(brand)
        if known is None:
            return None
        timers = (next_timer(state, self._policy_of(known)) for state in known.scopes.values())
        return min((timer.due for timer in timers if timer is not None), default=None)

    def until(self, brand: str, at: datetime, *, inclusive: bool) -> list[IncidentEvent]:
        """Let a brand's time pass to ``at``: what fires before it, or up to it."""
        known = self._brand(brand)
        known.now = at if known.now is None else max(at, known.now)
        events = self._advance(known, at, inclusive=inclusive)
        known.turn(known.now)
        return _sorted(events)

    def open_incidents(self) -> list[OpenIncident]:
        """All open incidents, by scope."""
        states = (state for _, brand in sorted(self._brands.items()) for _, state in sorted(brand.scopes.items()))
        return [_view(state, state.incident) for state in states if state.incident and state.incident.open]

    def silences(self) -> list[KnownSilence]:
        """All silences in force, by brand; those that matched nothing have kept back no change."""
        return [
            KnownSilence(name, one, matched)
            for name, brand in sorted(self._brands.items())
            for one, matched in brand.silences_in_force()
        ]

    def standing(self, brand: str) -> Standing | None:
        """What is due and what holds of a brand; none while there is nothing to tell."""
        known = self._brands.get(brand)
        if known is None or known.now is None or known.idle:
            return None
        return standing_of(known, known.now, self._policy_of(known))

    def brands(self) -> list[str]:
        """All brands of which anything came."""
        return sorted(self._brands)

    def now_of(self, brand: str) -> datetime | None:
        """Event time of a brand, if anything came of it yet."""
        known = self._brands.get(brand)
        return known.now if known else None

    def rules_of(self, brand: str) -> DecidePolicy:
        """What holds for a brand from its next bucket at the latest; for ``*``, for brands that are new."""
        known = self._everybody if brand == EVERYBODY else self._brands.get(brand, self._everybody)
        latest = known.coming[-1][1] if known.coming else known.policy
        return latest or self.policy

    def write(
        self, brand: str, incident: str, kind: IncidentEventKind, reason: Reason, note: str, by: str, *, notify: bool
    ) -> IncidentEvent | None:
        """An event that a follower wishes for, if the incident is open."""
        known = self._brands.get(brand)
        for scope, state in sorted(known.scopes.items()) if known else ():
            one = state.incident
            if known is not None and one is not None and one.open and one.id == incident and state.now is not None:
                change = Change(kind, state.now, reason, one.last, note=note, by=by, notify=notify)
                known.scopes[scope], event = write(state, one, change, self._policy_of(known))
                return event
        return None

    def _policy_of(self, brand: Brand) -> DecidePolicy:
        return brand.policy or self.policy

    def _signal(self, brand: Brand, signal: Signal) -> list[IncidentEvent]:
        if brand.history_until is not None and signal.at <= brand.history_until:
            self.why.note(signal.brand, answer_of(signal, None, Reason.HISTORY, ()))
            return self._held_back(Reason.HISTORY)
        rule = rule_for(signal, self._policy_of(brand).rules)
        seen = Seen(signal, rule)
        scope = _scope_of(brand, seen)
        events, step = self._step(brand, scope, seen)
        incident = brand.scopes[scope].incident
        joined = incident.id if incident is not None and incident.open and step.held_back is Reason.SAME_TIER else ""
        self.why.note(signal.brand, answer_of(signal, step.verdict, step.held_back, step.events, joined))
        return events

    def _advance(self, brand: Brand, at: datetime, *, inclusive: bool = False) -> list[IncidentEvent]:
        """Timers due before ``at``, of all scopes in one order, since what one tells may speak for another."""
        events: list[IncidentEvent] = []
        policy = self._policy_of(brand)
        while True:
            timers = ((scope, next_timer(state, policy)) for scope, state in brand.scopes.items())
            due = [
                (timer.due, scope, timer)
                for scope, timer in timers
                if timer is not None and (timer.due < at or (inclusive and timer.due == at))
            ]
            if not due:
                break
            when, scope, timer = min(due, key=lambda one: one[:2])
            brand.scopes[scope], told = fire(brand.scopes[scope], timer, policy)
            events.extend(told)
            if scope == brand.whole:
                events.extend(self._spread(brand, when))
        brand.reach(at)
        return events

    def _spread(self, brand: Brand, at: datetime) -> list[IncidentEvent]:
        """Tell the parts at which tier the incident of the whole brand stands."""
        incident = brand.scopes[brand.whole].incident
        tier = incident.tier if incident is not None and incident.open else None
        parts = [scope for scope, state in brand.scopes.items() if scope != brand.whole and state.wider is not tier]
        return [event for scope in sorted(parts) for event in self._step(brand, scope, Wider(tier, at))[0]]

    def _step(self, brand: Brand, scope: Scope, item: Item) -> tuple[list[IncidentEvent], Step]:
        step = apply(brand.scopes[scope], item, self._policy_of(brand))
        brand.scopes[scope] = step.state
        if step.held_back is not None:
            self._held_back(step.held_back)
        events = list(step.events)
        if scope == brand.whole and len(brand.scopes) > 1 and step.state.now is not None:
            events.extend(self._spread(brand, step.state.now))
        return events, step

    def _apply(self, brand: Brand, scopes: Iterable[Scope], item: Item) -> list[IncidentEvent]:
        return _sorted([event for scope in sorted(scopes) for event in self._step(brand, scope, item)[0]])

    def _brand(self, name: str) -> Brand:
        """The brand; a new one starts with what was commanded for all."""
        known = self._brands.get(name)
        if known is None:
            known = self._brands[name] = self._everybody.heir(name)
        return known

    def _command(self, command: Command) -> list[IncidentEvent]:
        owner = self._everybody if command.brand == EVERYBODY else self._brand(command.brand)
        if command.id in owner.commands:
            return self._held_back(Reason.RESENT)
        owner.commands[command.id] = None
        if len(owner.commands) > MAX_COMMANDS:
            del owner.commands[next(iter(owner.commands))]
        match command.kind:
            case CommandKind.HISTORY:
                return self._history(command)
            case CommandKind.ACK | CommandKind.HAND_OVER:
                return self._acknowledge(command)
            case CommandKind.SILENCE:
                return self._silence(command)
            case CommandKind.UNSILENCE:
                return self._unsilence(command)
            case CommandKind.RULES:
                return self._rules(command)
            case CommandKind.FEEDBACK:  # the detectors act on it; here it takes its place in the order
                return [] if feedback_of(command) is not None else self._held_back(Reason.BAD_ARGUMENT)
            case CommandKind.SETTING:  # the detectors act on it
                return self._setting(command)
            case CommandKind.TEACH | CommandKind.MODEL | CommandKind.PERSON | CommandKind.LINK:  # for the ledger alone
                return []
        return [] if command.kind in self._claimed else self._held_back(Reason.NOT_IN_FORCE)

    def _meant(self, command: Command) -> Iterator[Brand]:
        """The brands a command is for; for all of them also the one that new brands start from."""
        if command.brand == EVERYBODY:
            yield self._everybody
            yield from (brand for _, brand in sorted(self._brands.items()))
        else:
            yield self._brand(command.brand)

    def _history(self, command: Command) -> list[IncidentEvent]:
        until = time_of(command, "until")
        if until is None:
            return self._held_back(Reason.BAD_ARGUMENT)
        for brand in self._meant(command):
            brand.history_until = until if brand.history_until is None else max(until, brand.history_until)
        return []

    def _acknowledge(self, command: Command) -> list[IncidentEvent]:
        wanted = acknowledge_of(command)
        if wanted is None:
            return self._held_back(Reason.BAD_ARGUMENT)
        for brand in self._meant(command):
            for scope, state in brand.scopes.items():
                if state.incident is not None and state.incident.id == wanted.incident:
                    return self._apply(brand, [scope], wanted)
        return self._held_back(Reason.UNKNOWN_INCIDENT)

    def _silence(self, command: Command) -> list[IncidentEvent]:
        events: list[IncidentEvent] = []
        for brand in self._meant(command):
            one = silence_of(command, brand.now or command.issued_at, self._policy_of(brand))
            if one is None:
                self._held_back(Reason.BAD_ARGUMENT)
                continue
            brand.silence(one)
            if brand is not self._everybody:
                events.extend(self._apply(brand, [scope for scope in brand.scopes if one.fits(scope)], one))
        return events

    def _unsilence(self, command: Command) -> list[IncidentEvent]:
        name = text_of(command, "silence")
        events: list[IncidentEvent] = []
        found = False
        for brand in self._meant(command) if name else ():
            found = brand.unsilence(str(name)) or found
            scopes = [scope for scope, state in brand.scopes.items() if any(one.id == name for one in state.silences)]
            events.extend(self._apply(brand, scopes, Unsilence(str(name))))
        return events if found else self._held_back(Reason.UNKNOWN_SILENCE)

    def _rules(self, command: Command) -> list[IncidentEvent]:
        """A new version holds from the next bucket; what is open stays as it is and nobody is told again."""
        policy = policy_of(command, self.policy)
        if policy is None:
            return self._held_back(Reason.BAD_ARGUMENT)
        for brand in self._meant(command):
            brand.expect(policy, brand.now and bucket_after(brand.now, policy.bucket))
        self.versions.append(Version.of(command))
        del self.versions[:-MAX_COMMANDS]
        return []

    def _setting(self, command: Command) -> list[IncidentEvent]:
        refusal = self.moved.hear(command, self.policy.limits)
        if refusal is None:
            return []
        self.problem = refusal.problem
        return self._held_back(refusal.reason)

    def _held_back(self, reason: Reason) -> list[IncidentEvent]:
        self.held_back = reason
        self.suppressed[reason] += 1
        return []


def _scope_of(brand: Brand, seen: Seen) -> Scope:
    return brand.scope_for(labels_of(seen.signal), seen.rule.scope if seen.rule else ())


def _sorted(events: list[IncidentEvent]) -> list[IncidentEvent]:
    return sorted(events, key=lambda event: (event.at, sorted(event.scope.items()), event.seq))


def _view(state: ScopeState, incident: Incident) -> OpenIncident:
    return OpenIncident(
        incident=incident.id,
        scope=dict(state.scope),
        tier=incident.tier,
        kind=incident.last.kind,
        since=incident.since,
        acknowledged=incident.acknowledged,
        stale=state.down_since is not None,
        silenced_until=state.silenced_until,
        owner=incident.owner or "",
        step=incident.paging.paged - 1 if incident.paging else None,
    )
