"""Deciding for all brands of a partition: the pure core behind the topic ``decide.in``.

In the flow: signals, marks and commands in their order → :meth:`DecideCore.feed` → incident events. The order is
the truth: the same records give the same events, whatever the batch borders, and a record sent again gives
nothing. The whole object can be pickled, and restored it has the same future.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from alerts.events import Change, write
from alerts.incident import Acknowledge, Item, Seen, Silence, apply
from alerts.reasons import Reason
from alerts.rules import tier_for
from alerts.settings import DecidePolicy
from alerts.state import Incident, Scope, ScopeState, scope_of
from contracts.records import Command, CommandKind, IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, Tier

EVERYBODY = "*"
MAX_COMMANDS = 1_000
"""How many command ids are remembered for each brand."""


@dataclass(slots=True)
class Brand:
    """What is known of one brand."""

    order: tuple[int, int] | None = None
    """Of the last signal or mark."""
    now: datetime | None = None
    history_until: datetime | None = None
    commands: dict[str, None] = field(default_factory=dict)
    """Known ids, oldest first."""
    scopes: dict[Scope, ScopeState] = field(default_factory=dict)


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


class DecideCore:
    """The deciding stage without Kafka.

    Works on one partition's records of ``decide.in`` in their order. Memory: one small state a brand, nothing
    of an incident once its reopen window has passed.

    >>> from datetime import UTC
    >>> core = DecideCore(DecidePolicy())
    >>> core.feed(Mark(brand="Delta", at=datetime(2026, 1, 1, tzinfo=UTC), order=(1, 999_999)))
    []
    """

    def __init__(self, policy: DecidePolicy, claimed: frozenset[CommandKind] = frozenset()) -> None:
        self.policy = policy
        self.held_back: Reason | None = None
        """Why the last record changed nothing, if it did not."""
        self._claimed = claimed
        self.suppressed: Counter[Reason] = Counter()
        """How many signals and commands changed nothing, by reason."""
        self._brands: dict[str, Brand] = {}
        self._everybody = Brand()

    def feed(self, record: Signal | Mark | Command) -> list[IncidentEvent]:
        """The incident events that follow from one record, in order of time."""
        self.held_back = None
        if isinstance(record, Command):
            return self._command(record)
        brand = self._brand(record.brand)
        if brand.order is not None and record.order <= brand.order:
            return self._held_back(Reason.RESENT)
        brand.order = record.order
        brand.now = record.at if brand.now is None else max(record.at, brand.now)
        if isinstance(record, Signal):
            return self._signal(brand, record)
        return self._apply(brand, list(brand.scopes), record)

    def open_incidents(self) -> list[OpenIncident]:
        """All open incidents, by scope."""
        states = (state for _, brand in sorted(self._brands.items()) for _, state in sorted(brand.scopes.items()))
        return [_view(state, state.incident) for state in states if state.incident and state.incident.open]

    def now_of(self, brand: str) -> datetime | None:
        """Event time of a brand, if anything came of it yet."""
        known = self._brands.get(brand)
        return known.now if known else None

    def write(
        self, brand: str, incident: str, kind: IncidentEventKind, reason: Reason, note: str, by: str, *, notify: bool
    ) -> IncidentEvent | None:
        """An event that a follower wishes for, if the incident is open."""
        known = self._brands.get(brand)
        for scope, state in sorted(known.scopes.items()) if known else ():
            one = state.incident
            if one is not None and one.open and one.id == incident and state.now is not None:
                change = Change(kind, state.now, reason, one.last, note=note, by=by, notify=notify)
                self._brands[brand].scopes[scope], event = write(state, one, change)
                return event
        return None

    def _signal(self, brand: Brand, signal: Signal) -> list[IncidentEvent]:
        if brand.history_until is not None and signal.at <= brand.history_until:
            return self._held_back(Reason.HISTORY)
        scope = scope_of({"brand": signal.brand})
        return self._apply(brand, [scope], Seen(signal, tier_for(signal, self.policy.rules)))

    def _apply(self, brand: Brand, scopes: Iterable[Scope], item: Item) -> list[IncidentEvent]:
        events: list[IncidentEvent] = []
        for scope in sorted(scopes):
            step = apply(brand.scopes[scope], item, self.policy.timing)
            brand.scopes[scope] = step.state
            events.extend(step.events)
            if step.held_back is not None:
                self._held_back(step.held_back)
        return sorted(events, key=lambda event: (event.at, sorted(event.scope.items()), event.seq))

    def _brand(self, name: str) -> Brand:
        """The brand; a new one starts with what was commanded for all."""
        known = self._brands.get(name)
        if known is None:
            scope = scope_of({"brand": name})
            silenced = self._everybody.scopes.get(())
            until = silenced.silenced_until if silenced else None
            known = Brand(history_until=self._everybody.history_until)
            known.scopes[scope] = ScopeState(scope, silenced_until=until)
            self._brands[name] = known
        return known

    def _command(self, command: Command) -> list[IncidentEvent]:
        owner = self._everybody if command.brand == EVERYBODY else self._brand(command.brand)
        if command.id in owner.commands:
            return self._held_back(Reason.RESENT)
        owner.commands[command.id] = None
        if len(owner.commands) > MAX_COMMANDS:
            del owner.commands[next(iter(owner.commands))]
        if command.kind is CommandKind.HISTORY:
            return self._history(command)
        if command.kind is CommandKind.ACK:
            return self._acknowledge(command)
        if command.kind is CommandKind.SILENCE:
            return self._silence(command)
        return [] if command.kind in self._claimed else self._held_back(Reason.NOT_IN_FORCE)

    def _meant(self, command: Command) -> Iterator[Brand]:
        """The brands a command is for; for all of them also the one that new brands start from."""
        if command.brand == EVERYBODY:
            yield self._everybody
            yield from (brand for _, brand in sorted(self._brands.items()))
        else:
            yield self._brand(command.brand)

    def _history(self, command: Command) -> list[IncidentEvent]:
        until = _time(command, "until")
        if until is None:
            return self._held_back(Reason.BAD_ARGUMENT)
        for brand in self._meant(command):
            brand.history_until = until if brand.history_until is None else max(until, brand.history_until)
        return []

    def _acknowledge(self, command: Command) -> list[IncidentEvent]:
        name = command.args.get("incident")
        if not isinstance(name, str):
            return self._held_back(Reason.BAD_ARGUMENT)
        for brand in self._meant(command):
            for scope, state in brand.scopes.items():
                if state.incident is not None and state.incident.id == name:
                    return self._apply(brand, [scope], Acknowledge(name))
        return self._held_back(Reason.UNKNOWN_INCIDENT)

    def _silence(self, command: Command) -> list[IncidentEvent]:
        until = _time(command, "until")
        if until is None:
            return self._held_back(Reason.BAD_ARGUMENT)
        events: list[IncidentEvent] = []
        for brand in self._meant(command):
            now = brand.now or command.issued_at
            if not now < until <= now + self.policy.timing.longest_silence:
                self._held_back(Reason.BAD_ARGUMENT)
            elif brand is self._everybody:
                brand.scopes[()] = ScopeState((), silenced_until=until)
            else:
                events.extend(self._apply(brand, list(brand.scopes), Silence(until)))
        return events

    def _held_back(self, reason: Reason) -> list[IncidentEvent]:
        self.held_back = reason
        self.suppressed[reason] += 1
        return []


def _time(command: Command, name: str) -> datetime | None:
    """An argument that must be a time with a zone, in ISO 8601."""
    value = command.args.get(name)
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None


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
    )
