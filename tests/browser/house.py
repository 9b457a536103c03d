"""The console served for tests: a town behind it, people with known passwords, a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from alerts.cases.cards import card_of
from contracts.access import may
from contracts.clock import SystemClock
from contracts.desk import OpenCase, Paper, Person, Roster, Shift, Stand, Template
from contracts.errors import Invalid
from contracts.records import DeadLetter
from dashboards.console.app import make_app
from dashboards.console.parts import Parts
from fenghuo.desk.cases import shown
from fenghuo.desk.vocabulary import vocabulary
from fenghuo.settings import Config
from fenghuo.tuning.desk import TuningDesk
from tests.browser.town import CONFIG, Town

T = TypeVar("T")
PASSWORD = "only for tests"
ROLES = {"lin": "duty", "wang": "duty", "zhao": "analyst", "guest": "viewer"}


class Folk:
    """People with one password."""

    def __init__(self) -> None:
        self.roles = dict(ROLES)

    def check(self, name: str, password: str) -> Person | None:
        """Who it is."""
        return self.person(name) if password == PASSWORD else None

    def person(self, name: str) -> Person | None:
        """Who has this name."""
        return Person(name, self.roles[name]) if name in self.roles else None

    def may(self, role: str, action: str) -> bool:
        """The product's own table."""
        return may(role, action)

    def colleagues(self) -> Sequence[str]:
        """Those on duty."""
        return [name for name, role in self.roles.items() if role != "viewer"]


@dataclass
class Desk:
    """Papers and letters of a town, from the shipped settings."""

    config: Config
    dead: list[DeadLetter] = field(default_factory=list)
    saved: list[tuple[str, str, str]] = field(default_factory=list)
    swaps: list[tuple[str, Stand, str, str]] = field(default_factory=list)

    def plans(self) -> Sequence[Template]:
        """The shipped plans."""
        return [Template(one.name, one.title.zh, one.title.en) for one in self.config.plans.plans]

    def papers(self) -> Sequence[Paper]:
        """The shipped files."""
        names = ("rules/default.yaml", "plans/complaint-surge.yaml", "duty.yaml", "receivers.yaml")
        return [Paper(name, (CONFIG / name).read_text("utf-8"), name.startswith("rules/")) for name in names]

    def problems(self, name: str, text: str) -> Sequence[str]:
        """A typo is a problem."""
        return ["line 1: no rules"] if "rules:" not in text else []

    def shifts(self, start: datetime, end: datetime) -> Sequence[Shift]:
        """Nobody."""
        return ()

    async def save(self, name: str, text: str, author: str, reason: str) -> str:
        """Keep what was saved."""
        self.saved.append((name, author, reason))
        return "saved"

    def roster(self) -> Roster:
        """Two who can stand in for each other."""
        return Roster(["duty"], ["lin", "wang"], self.swaps)

    async def swap(self, rota: str, swap: Stand, author: str, reason: str) -> str:
        """Keep it."""
        if swap.start >= swap.end:
            raise Invalid("a swap ends after it starts")
        self.swaps.append((rota, swap, author, reason))
        return f"s{len(self.swaps)}"

    async def letters(self, limit: int = 200) -> Sequence[DeadLetter]:
        """What was refused."""
        return self.dead[:limit]

    async def requeue(self, ids: Sequence[str], author: str) -> Mapping[str, int]:
        """All are taken."""
        before = len(self.dead)
        self.dead = [one for one in self.dead if one.id not in ids]
        return {"accepted": before - len(self.dead), "refused": 0, "skipped": 0}


@dataclass(frozen=True)
class Clocks:
    """The clocks of a town's cases."""

    town: Town

    async def open(self, brand: str | None = None) -> Sequence[OpenCase]:
        """All cases that are not resolved."""
        found = [card_of(one, self.town.config.cases, self.town.now_of(one.brand)) for one in self.town.cases()]
        return [shown(one) for one in found if brand in (None, one.brand)]


def workbench(town: Town, patience: float) -> TuningDesk:
    """The tuning workbench of a town, whose answers wait so long."""
    return TuningDesk(town.config.detect, town.store, town, SystemClock(), patience)


def parts_of(town: Town, libraries: Path, **changes: Any) -> Parts:
    """The console's parts over a town."""
    desk = Desk(town.config)
    made = Parts(
        view=town.view, store=town.store, people=Folk(), commands=town, clock=SystemClock(), key=b"k" * 32,
        libraries=libraries, vocabulary=vocabulary(), papers=desk, letters=desk, texts=town.texts,
        casework=Clocks(town), tuning=workbench(town, patience=60.0),
    )  # fmt: skip
    return replace(made, **changes)


class House:
    """A served console. ``do`` runs a coroutine of the town where the server runs."""

    def __init__(self, parts: Parts, town: Town) -> None:
        self.town = town
        self.parts = parts
        settings = uvicorn.Config(make_app(parts), "127.0.0.1", 0, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="console", daemon=True)

    def __enter__(self) -> House:
        self._thread.start()
        self.do(self._started())
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()

    @property
    def url(self) -> str:
        """Where it listens."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """What it gives, within half a minute."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve())
        self._loop.close()

    async def _started(self) -> None:
        while not self._server.started:
            await asyncio.sleep(0.01)
