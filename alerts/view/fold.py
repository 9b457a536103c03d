"""What some records change of the view: the cards after them, the lines of timelines, and the notices. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.plans.events import plan_event
from alerts.view.cards import after, heard
from alerts.view.runs import stepped
from contracts.records import IncidentEvent, LedgerEntry, Standing, Told
from contracts.view import Change, ChangeKind, IncidentCard, RunCard, Viewed


@dataclass(frozen=True, slots=True)
class Named:
    """Which cards some records are about."""

    incidents: frozenset[str]
    runs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the view holds of :class:`Named`, and how far a partition was read into it."""

    positions: Mapping[str, int] = field(default_factory=dict)
    """The next message to take, by topic."""
    cards: Mapping[str, IncidentCard] = field(default_factory=dict)
    runs: Mapping[str, RunCard] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    """Tellings of incidents that have no card yet: the notification log may be read before the incidents."""


@dataclass(slots=True)
class Delta:
    """What is to be put into the view: whole values by key, so that putting them again changes nothing."""

    cards: dict[str, IncidentCard] = field(default_factory=dict)
    events: list[IncidentEvent] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    runs: dict[str, RunCard] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    changes: dict[tuple[ChangeKind, str], Change] = field(default_factory=dict)
    """The last one of each thing."""
    reached: datetime | None = None
    positions: Mapping[str, int] = field(default_factory=dict)
    """What the positions are afterwards; topics that are not named stay where they are."""


def named(records: Sequence[Viewed]) -> Named:
    """Which cards must be known before :func:`fold`."""
    events = [plan_event(one) for one in records if isinstance(one, LedgerEntry)]
    return Named(
        frozenset(one.incident for one in records if isinstance(one, IncidentEvent | Told)),
        frozenset(one.run for one in events if one is not None),
    )


def fold(records: Sequence[Viewed], known: Known) -> Delta:
    """The changes that records bring, in their order."""
    delta = Delta()
    for record in records:
        match record:
            case IncidentEvent():
                _incident(delta, known, record)
            case Told():
                _told(delta, known, record)
            case Standing():
                delta.standings[record.brand] = record
                _notice(delta, ChangeKind.STANDING, record.brand, record.brand, record.at)
            case LedgerEntry():
                _entry(delta, known, record)
    return delta


def _incident(delta: Delta, known: Known, event: IncidentEvent) -> None:
    card = delta.cards.get(event.incident) or known.cards.get(event.incident)
    made = after(card, event)
    if card is None:
        earlier = (*known.told.get(event.incident, ()), *(one for one in delta.told if one.incident == event.incident))
        for one in earlier:
            made = heard(made, one)
    delta.events.append(event)
    if made is not card:
        delta.cards[event.incident] = made
        _notice(delta, ChangeKind.INCIDENT, event.brand, event.incident, event.at, event.seq)


def _told(delta: Delta, known: Known, told: Told) -> None:
    delta.told.append(told)
    card = delta.cards.get(told.incident) or known.cards.get(told.incident)
    if card is not None:
        delta.cards[told.incident] = heard(card, told)
    _notice(delta, ChangeKind.TOLD, told.brand, told.incident, None, told.seq)


def _entry(delta: Delta, known: Known, entry: LedgerEntry) -> None:
    event = plan_event(entry)
    if event is None:
        return
    card = delta.runs.get(event.run) or known.runs.get(event.run)
    made = stepped(card, event)
    if made is not None and made != card:
        delta.runs[event.run] = made
        _notice(delta, ChangeKind.PLAN, event.brand, event.run, event.at)


def _notice(delta: Delta, kind: ChangeKind, brand: str, name: str, at: datetime | None, seq: int | None = None) -> None:
    delta.changes[(kind, name)] = Change(kind=kind, brand=brand, id=name, seq=seq, at=at)
    if at is not None and (delta.reached is None or at > delta.reached):
        delta.reached = at
