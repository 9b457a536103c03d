"""The live view: what console, REST API and ``fenghuo watch`` read, and how they hear of changes.

It is made of the log alone (topics ``incidents``, ``notified`` and the ledger's entries on ``series``), so that it can
be emptied and rebuilt at any time. It decides nothing and fires no timer. What it holds may trail the log by a moment;
:meth:`LiveView.reached` says how far it has come. Times are event times unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from contracts.records import (
    Hush,
    IncidentEvent,
    IncidentEventKind,
    LedgerEntry,
    SignalKind,
    Standing,
    Tier,
    Timer,
    Told,
)
from contracts.records.base import When

Viewed = IncidentEvent | Told | Standing | LedgerEntry
"""The records that the view is made of."""


class Card(BaseModel):
    """Base of what the view shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IncidentCard(Card):
    """One incident as a line of a list."""

    incident: str
    brand: str
    scope: dict[str, str]
    tier: Tier
    highest: Tier
    """The highest tier since it opened (again)."""
    since: When
    """When it opened, or opened again."""
    first: When
    """When it opened for the first time."""
    kind: SignalKind
    """Of the signal behind the last change."""
    kinds: tuple[SignalKind, ...] = ()
    """Of the signals behind its changes, in the order they came."""
    reason: str
    """Of the last change, from the closed list of reasons."""
    rule: str = ""
    """The rule that decided last."""
    observed: float
    expected: float
    score: float
    seq: int
    """Number of the last change."""
    last: IncidentEventKind
    """What the last change was."""
    changed: When
    """When it was."""
    owner: str = ""
    """Who has taken it on; empty while nobody has."""
    owned_at: When | None = None
    silenced_until: When | None = None
    """While a silence holds that is about it, when the last of these ends."""
    muted: bool = False
    """An incident of a wider scope speaks for it."""
    stale: bool = False
    """A source of its brand is down, so that silence means nothing."""
    step: int | None = None
    """The step of the escalation that was paged last, from 0; none while nobody is paged."""
    runs: tuple[str, ...] = ()
    """Runs of response plans that belong to it."""
    told: tuple[str, ...] = ()
    """Receivers that took at least one message of it (``person/channel`` for a page), in the order they did."""
    refused: tuple[str, ...] = ()
    """Receivers that took none of those that were meant for them."""
    ended: When | None = None
    """When it was resolved; none while it is open."""

    @property
    def open(self) -> bool:
        """Whether it is not resolved."""
        return self.ended is None


class PageStep(Card):
    """One step of an escalation that was paged."""

    step: int
    """From 0."""
    at: When
    seq: int
    """Number of the change that paged."""
    people: tuple[str, ...] = ()
    """Who was paged, reached or not, in the order they were tried."""
    reached: tuple[str, ...] = ()
    """Who of them was reached by some channel."""


class Words(Card):
    """The same in Chinese and in English."""

    zh: str
    en: str


class TaskCard(Card):
    """One task of a run."""

    name: str
    title: Words
    role: Words
    department: Words
    due: When
    state: str
    """``open``, ``due_soon``, ``overdue``, ``done`` or ``skipped``."""
    by: str = ""
    """Who did or skipped it."""
    at: When | None = None
    """When that was."""
    note: str = ""
    needs: tuple[str, ...] = ()
    """Tasks that must be done before."""
    partners: tuple[Words, ...] = ()
    """Other departments that take part."""


class ClockCard(Card):
    """One clock of a run."""

    name: str
    title: Words
    due: When
    state: str
    """``open``, ``overdue`` or ``met``."""
    at: When | None = None
    """When it was met."""


class RunCard(Card):
    """One run of a response plan."""

    run: str
    plan: str
    title: Words | None = None
    brand: str
    level: str
    """I to IV."""
    started: When
    by: str
    """``rules`` or the person who started it."""
    incident: str = ""
    drill: bool = False
    tasks: tuple[TaskCard, ...] = ()
    clocks: tuple[ClockCard, ...] = ()
    closed: When | None = None
    closed_by: str = ""


class IncidentFile(Card):
    """One incident with all that is known of it."""

    card: IncidentCard
    events: tuple[IncidentEvent, ...]
    """Its changes, by number."""
    told: tuple[Told, ...] = ()
    """Who was told of which change, by number, then in the order they were."""
    steps: tuple[PageStep, ...] = ()
    """The escalation as far as it has come."""
    runs: tuple[RunCard, ...] = ()
    """Runs of response plans that belong to it, by start."""
    timers: tuple[Timer, ...] = ()
    """What is due of it and its runs, by time."""


class SilenceCard(Card):
    """A silence in force."""

    brand: str
    silence: Hush


class TimerCard(Card):
    """Something that is due."""

    brand: str
    timer: Timer


class SourceCard(Card):
    """A source that is down for some brands."""

    source: str
    brands: tuple[str, ...]
    since: When | None
    """The earliest time since when a source of one of these brands is down."""


class ChangeKind(StrEnum):
    """What a notice is about."""

    INCIDENT = "incident"
    """An incident changed; ``id`` is the incident."""
    TOLD = "told"
    """Somebody was told, or could not be; ``id`` is the incident."""
    PLAN = "plan"
    """A run of a plan changed; ``id`` is the run."""
    STANDING = "standing"
    """Timers, silences or sources of a brand changed; ``id`` is the brand."""
    EMPTIED = "emptied"
    """All was forgotten and is being rebuilt: read everything again."""
    MISSED = "missed"
    """Notices were lost (the connection broke, or they were not taken fast enough): read everything again."""


class Change(Card):
    """A small notice that something changed: read it again if you show it."""

    kind: ChangeKind
    brand: str = ""
    id: str = ""
    seq: int | None = None
    """Number of the incident's change, of ``incident`` and ``told``."""
    at: When | None = None


@dataclass(frozen=True, slots=True)
class BoardView:
    """All that the duty board shows, read in one go."""

    open: Sequence[IncidentCard]
    ended: Sequence[IncidentCard]
    runs: Sequence[RunCard]
    sources: Sequence[SourceCard]
    reached: datetime | None


class LiveView(Protocol):
    """Reading the view. Every method raises :class:`~contracts.errors.Unavailable` while the store is away."""

    async def open_incidents(self, brand: str | None = None) -> list[IncidentCard]:
        """Incidents that are not resolved: the highest tier first, then the latest change first."""

    async def ended(self, brand: str | None = None, limit: int = 100) -> list[IncidentCard]:
        """Incidents that were resolved lately, the last one first."""

    async def board(self, ended: int) -> BoardView:
        """Open incidents, so many that have ended, open runs, sources that are down, event time: each read once."""

    async def incident(self, incident: str) -> IncidentFile | None:
        """One incident with its whole timeline; ``None`` when it is not known (any more)."""

    async def runs(self, brand: str | None = None, *, closed: bool = False) -> list[RunCard]:
        """Runs of response plans, by start; those that are closed too if asked."""

    async def silences(self, brand: str | None = None) -> list[SilenceCard]:
        """Silences in force, by brand, then by end."""

    async def timers(self, brand: str | None = None) -> list[TimerCard]:
        """What is due, by time."""

    async def sources(self, brand: str | None = None) -> list[SourceCard]:
        """Sources that are down, by name; none means that all live."""

    async def reached(self) -> datetime | None:
        """The latest event time of what was taken in; ``None`` while the view is empty."""

    def changes(self) -> AsyncIterator[Change]:
        """Notices until the caller stops. The first is ``missed``, as soon as it listens: read everything then.

        It never raises for a store that is away, but goes on when that is back, with another ``missed``."""


class ViewSink(Protocol):
    """Writing the view: how far each topic was read stands beside what was read, so that a view that was emptied is
    filled again from the beginning of the log."""

    async def positions(self, partition: int) -> Mapping[str, int]:
        """The next message to take, by topic; a topic that is missing begins at its first. Raises Unavailable."""

    async def take(
        self,
        records: Sequence[Viewed],
        partition: int = 0,
        before: Mapping[str, int] | None = None,
        upto: Mapping[str, int] | None = None,
    ) -> None:
        """Take the records of some messages in and give notice of what changed.

        ``before`` and ``upto`` are the positions before and behind these messages. Raises Unavailable, and then
        nothing was taken; and :class:`~contracts.errors.Moved` when the positions are others than ``before``
        because somebody else took some or emptied the view.
        """

    async def clear(self) -> None:
        """Forget everything, positions too, with a notice ``emptied``; raises Unavailable."""
