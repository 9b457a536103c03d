"""What the API is made of: everything is handed in, and a test hands in twins."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from fastapi import Request

from alerts.brands import Version
from alerts.cases.machine import Case
from alerts.cases.settings import CaseSettings
from alerts.duty.settings import DutySettings
from alerts.duty.swaps import KnownSwap, with_swaps
from alerts.plans.events import PlanEvent
from alerts.plans.settings import PlanBook
from alerts.settings import DecidePolicy
from alerts.why import Answer
from contracts.clock import Clock
from contracts.desk import Person
from contracts.records import Command, Verdict
from contracts.tries import Tries
from contracts.view import LiveView

MOST_KEYS = 10_000
"""Idempotency keys that are remembered."""


class Tokens(Protocol):
    """Who holds a token."""

    def holder(self, token: str) -> Person | None:
        """Who it is, if anybody."""

    def colleagues(self) -> Sequence[str]:
        """People an incident can be handed to."""


class Deciding(Protocol):
    """The deciding state of all partitions at one moment."""

    def about(self, incident: str) -> list[Answer]:
        """What became of the signals of an incident whose id begins so."""

    def now_of(self, brand: str) -> datetime | None:
        """Event time of a brand."""

    def rules_of(self, brand: str) -> DecidePolicy:
        """The rules that hold for a brand, or (``*``) for new ones."""

    def versions(self) -> list[Version]:
        """New versions of the rules that were commanded, oldest first."""

    def cases(self) -> list[tuple[Case, CaseSettings]]:
        """All cases that are not resolved."""

    def swaps(self) -> dict[str, KnownSwap]:
        """Swaps on duty that were commanded and are not over."""

    def plans(self, book: PlanBook) -> PlanBook:
        """The plans of ``book`` as commands have changed them."""


@dataclass(frozen=True, slots=True)
class Say:
    """A person's word on an incident, to be put into the log."""

    id: str
    incident: str
    verdict: Verdict
    author: str
    until: datetime | None = None
    comment: str = ""


class Pen(Protocol):
    """Writes into the log; every method raises Unavailable when it cannot."""

    async def give(self, command: Command) -> None:
        """One command, for its brand or all."""

    async def say(self, one: Say) -> Command:
        """A word on an incident; raises Invalid where it means nothing."""

    async def unsay(self, name: str, said: str, author: str, comment: str) -> Command:
        """Take back the word with the id ``said`` by a command called ``name``; raises Invalid."""


class Books(Protocol):
    """What is looked up behind the view."""

    async def deciding(self) -> Deciding:
        """The state at the end of the log; raises Unavailable, Lost."""

    async def words(self) -> Sequence[tuple[Command, bool]]:
        """All feedback that the log holds, by time, and whether it still holds."""

    async def run(self, run: str) -> Sequence[PlanEvent]:
        """All events of one run as the ledger has them; empty when it knows none."""


@dataclass(frozen=True, slots=True)
class Office:
    """One API process."""

    view: LiveView
    tokens: Tokens
    pen: Pen
    books: Books
    clock: Clock
    duty: DutySettings = DutySettings()
    plans: PlanBook = PlanBook()
    zone: str = "UTC"
    """Of the times in reports."""
    tries: Tries = field(default_factory=Tries)
    """Bad tokens by address."""
    keys: OrderedDict[str, str] = field(default_factory=OrderedDict)
    """What was sent under each Idempotency-Key lately."""

    async def plans_now(self) -> PlanBook:
        """The plans as commands have changed them; raises Unavailable."""
        return (await self.books.deciding()).plans(self.plans)

    def duty_now(self, swaps: Mapping[str, KnownSwap]) -> DutySettings:
        """The duty as swaps have made it."""
        return with_swaps(self.duty, swaps)


def office(request: Request) -> Office:
    """The office of the app that serves this request."""
    made: Office = request.app.state.office
    return made
