"""What the console needs beside the series store and the live view: people, commands, papers, letters, texts, tuning.

``fenghuo/wiring`` hands in the objects. Every method that waits may raise :class:`~contracts.errors.Recoverable` (the
log or a server is away: nothing was done, try again) or :class:`~contracts.errors.Invalid` (say what to mend).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import JsonValue

from contracts.records import CommandKind, DeadLetter, Evidence, Verdict


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    name: str
    role: str
    """``viewer``, ``duty``, ``analyst`` or ``admin``."""


class People(Protocol):
    """Who may come in, and what they may do."""

    def check(self, name: str, password: str) -> Person | None:
        """Who it is, when name and password fit; takes about as long when they do not."""

    def person(self, name: str) -> Person | None:
        """Who has this name now; ``None`` when nobody has it any more, and an open session then ends."""

    def may(self, role: str, action: str) -> bool:
        """Whether a role may do this: ``view``, ``ack``, ``silence``, ``plan``, ``feedback``, ``tune``, ``rules``,
        ``requeue``."""

    def colleagues(self) -> Sequence[str]:
        """Names of people an incident can be handed to."""


class Endings(Protocol):
    """Sessions that were ended before their time, for all processes of the console. Both raise Unavailable."""

    async def end(self, session: str, length: timedelta) -> None:
        """Its cookie is good for nothing from now on; it would be over after ``length`` anyway."""

    async def ended(self, session: str) -> bool:
        """Whether it was ended."""


class Commands(Protocol):
    """Puts what people say into the log; it holds from there, and the live view shows it a moment later."""

    async def give(
        self, kind: CommandKind, brand: str, author: str, args: Mapping[str, JsonValue], reason: str = ""
    ) -> str:
        """The id of the command, once the log has it."""

    async def feedback(
        self, incident: str, verdict: Verdict, author: str, until: datetime | None = None, comment: str = ""
    ) -> str:
        """A word on an incident; the id of its command. Raises Invalid where the verdict means nothing for it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A response plan that can be started."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of settings that people read: rules, plans, rota."""

    name: str
    """For instance ``rules/default.yaml``."""
    text: str
    editable: bool = False
    """Whether :meth:`Papers.save` takes it."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty."""

    rota: str
    person: str
    start: datetime
    end: datetime
    backup: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """For a while one person stands in for another."""

    out: str
    into: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Roster:
    """Rotas and people by name, and the swaps that were commanded and are not over."""

    rotas: Sequence[str] = ()
    people: Sequence[str] = ()
    swaps: Sequence[tuple[str, Stand, str, str]] = ()
    """Rota, swap, who commanded it and why; the first first."""


class Papers(Protocol):
    """The settings in force, for reading; rules, plans and swaps on duty for changing too."""

    def plans(self) -> Sequence[Template]:
        """Plans that can be started."""

    def papers(self) -> Sequence[Paper]:
        """Files of rules, plans and duty, by name."""

    def problems(self, name: str, text: str) -> Sequence[str]:
        """What is wrong with this text of that file, one sentence each with its line; empty when it is good."""

    def shifts(self, start: datetime, end: datetime) -> Sequence[Shift]:
        """Who is on duty in [start, end), by start."""

    async def save(self, name: str, text: str, author: str, reason: str) -> str:
        """Puts a checked text in force; what the people are told. Raises Invalid when it has problems."""

    def roster(self) -> Roster:
        """Whose duty can be swapped, and what was swapped."""

    async def swap(self, rota: str, swap: Stand, author: str, reason: str) -> str:
        """Gives the command that somebody stands in; its id. Raises Invalid when it cannot be."""


class Letters(Protocol):
    """Dead letters."""

    async def letters(self, limit: int = 200) -> Sequence[DeadLetter]:
        """The newest ones, the newest first."""

    async def requeue(self, ids: Sequence[str], author: str) -> Mapping[str, int]:
        """Send them through intake again: how many were ``accepted``, ``refused`` and ``skipped``."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A masked text of a list of them."""

    evidence: Evidence
    copy_of: str | None = None
    """The id of the text of this list that it repeats, lightly edited or not; ``None`` for an independent voice."""
    copies: int = 0
    """How many of this list repeat it."""


class Texts(Protocol):
    """The masked texts behind a point of a curve."""

    async def behind(
        self, brand: str, start: datetime, end: datetime, where: Mapping[str, str], limit: int = 100
    ) -> Sequence[Listed]:
        """Mentions in [start, end) with these dimensions, by (time, id); as far back as they are kept."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning on one series."""

    series: str
    at: datetime
    kind: str
    score: float
    expected: float


@dataclass(frozen=True, slots=True)
class Retuned:
    """Which warnings there were under the settings in force and which there are under changed ones."""

    before: Sequence[Warned]
    after: Sequence[Warned]
    gained: Sequence[Warned]
    lost: Sequence[Warned]
    figures: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """By name, before and after: ``per_week``, ``found``, ``windows``, ``delay_hours``, ``precision``, ``cost``."""
    seconds: float = 0.0
    """How long deciding took."""


@dataclass(frozen=True, slots=True)
class Judging:
    """A comparison that is still under way."""

    job: str
    """By which it is asked for again."""
    done: int
    total: int
    """Rows judged, of how many; 0 while the series are read."""


@dataclass(frozen=True, slots=True)
class OnTrial:
    """A brand under the settings in force and under those on trial, as both decided live beside each other."""

    brand: str
    told: int
    trial: int
    gained: Sequence[Warned]
    lost: Sequence[Warned]


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting that can be moved."""

    name: str
    """Dotted, for instance ``budget.per_week``."""
    value: float
    low: float
    high: float
    step: float
    rescores: bool = False
    """Whether moving it means judging the series anew, which takes longer than deciding again."""
    live: bool = True
    """Whether it can be applied while all runs; others shape what was learned and need a restart of the workers."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Values that were applied and are in force."""

    id: str
    values: Mapping[str, float]
    author: str
    reason: str
    at: datetime


class Moves(Protocol):
    """Limits of the detectors, moved for all brands while all runs."""

    async def in_force(self) -> Sequence[Applied]:
        """What was applied and not taken back, the first said first."""

    async def move(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """Gives the command that sets these from the next bucket on; its id."""

    async def take_back(self, name: str, author: str, reason: str) -> str:
        """Gives the command that takes back the one with the id ``name``; its id."""


class Tuning(Protocol):
    """Decides again on stored scores what would have been told."""

    async def knobs(self) -> Sequence[Knob]:
        """What can be moved, with the values in force."""

    async def applied(self) -> Sequence[Applied]:
        """What was applied and not taken back, the first said first."""

    async def compare(
        self, series: Sequence[str], start: datetime, end: datetime, values: Mapping[str, float], instead: str = ""
    ) -> Retuned | Judging:
        """The warnings in [start, end) on these series under the settings in force and with ``values`` instead.

        What takes longer goes on; ``instead`` names a comparison that nobody waits for any more."""

    async def look(self, job: str) -> Retuned | Judging:
        """What became of a comparison; raises Invalid when it is not known any more."""

    def shadow(self) -> Mapping[str, float]:
        """The values on trial by dotted name; empty when none are."""

    async def on_trial(self, start: datetime, end: datetime, brand: str | None = None) -> Sequence[OnTrial]:
        """What the settings on trial decided in [start, end) beside those in force, by brand; as it was recorded."""

    async def apply(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """Gives the settings command; its id. Raises Invalid where a value needs a restart."""

    async def undo(self, name: str, author: str, reason: str) -> str:
        """Gives the command that takes back the one with the id ``name``; raises Invalid when it is not in force."""


Words = tuple[str, str]
"""The same in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the values of records are called; a value without words is shown as it is."""

    tiers: Mapping[str, Words] = field(default_factory=dict)
    events: Mapping[str, Words] = field(default_factory=dict)
    kinds: Mapping[str, Words] = field(default_factory=dict)
    reasons: Mapping[str, Words] = field(default_factory=dict)
    dimensions: Mapping[str, Words] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    """Values of dimensions, by dimension: categories, stages, emotions."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One clock of one case."""

    name: str
    zh: str
    en: str
    due: datetime
    state: str
    """``met``, ``paused``, ``running``, ``near``, ``overdue`` or ``escalated``."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One case that is not resolved."""

    case: str
    """Its pseudonym; who the customer is never stands here."""
    brand: str
    grade: str
    since: datetime
    """When it was opened, or opened again."""
    dials: tuple[Dial, ...]
    """Those that are not met first, by deadline."""
    channel: str | None = None
    department: str | None = None
    waiting: bool = False
    """Whether the customer is waited for, so that clocks stand still."""
    overdue: bool = False
    next_due: datetime | None = None
    """The first deadline that is not met and runs."""


class Casework(Protocol):
    """The clocks of cases."""

    async def open(self, brand: str | None = None) -> Sequence[OpenCase]:
        """All cases that are not resolved; raises Unavailable, Lost."""
