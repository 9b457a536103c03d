"""A whole installation in memory: a log, a worker that decides, the view, people with tokens, and the API over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from alerts.agents import DecideMessages
from alerts.duty.settings import DutySettings
from alerts.ledger.chain import LedgerKey
from alerts.ledger.verify import Found
from alerts.rest.app import make_api
from alerts.rest.office import Office
from alerts.view.reads import viewed
from alerts.view.shelf import FoldedView
from contracts.clock import ManualClock
from contracts.codec import decode_mixed, encode_mixed
from contracts.desk import Person
from contracts.errors import Unavailable
from contracts.ports import Out
from contracts.records import CaseEvent, Command, LedgerEntry, Mark, Signal
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.adapters.view_memory import memory_view
from fenghuo.desk.books import LiveBooks
from fenghuo.desk.pen import LogPen
from fenghuo.following import followers
from fenghuo.live import Deps
from fenghuo.runs import runs_of
from fenghuo.settings import Config, load_config
from tests.unit.alerts.given import NOON, SHIPPED

PARTITIONS = 2
PLACE = partition_of("Delta", PARTITIONS)
ROLES = ("viewer", "duty", "analyst", "admin")
DUTY = DutySettings.model_validate(
    {
        "people": [{"name": name, "channels": ["terminal"]} for name in ("lin", "wang")],
        "rotas": [{"name": "duty", "order": ["lin", "wang"], "begin": "2026-03-02", "every": 1}],
        "escalation": {"red": {"steps": [{"after": "0s", "to": ["duty"]}, {"after": "5m", "to": ["wang"]}]}},
    }
)
KEY = LedgerKey(bytes(32))


@cache
def shipped() -> Config:
    """The settings that ship, with somebody on duty."""
    config = load_config(SHIPPED)
    policy = config.policy.model_copy(update={"escalation": DUTY.escalation})
    return config.model_copy(update={"duty": DUTY, "policy": policy})


class Tokens:
    """Everybody's token is their name; the role is what stands before the hyphen."""

    def holder(self, token: str) -> Person | None:
        role, _, name = token.partition("-")
        return Person(name, role) if role in ROLES and name else None

    def colleagues(self) -> Sequence[str]:
        return ["lin", "wang"]


class Bus(MemoryLog):
    """A log that can be away."""

    down = False

    async def send(self, outs: Sequence[Out]) -> None:
        if self.down:
            raise Unavailable("Kafka does not answer", retry_after=7)
        await super().send(outs)


@dataclass
class House:
    """What tests act on."""

    folder: Path
    log: Bus = field(default_factory=Bus)
    view: FoldedView = field(default_factory=memory_view)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON + timedelta(hours=1)))
    config: Config = field(default_factory=shipped)
    entries: list[LedgerEntry] = field(default_factory=list)
    _read: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make = followers(self.config, KEY)
        self.workers = [DecideMessages(number, self.config.policy, make(number)) for number in range(PARTITIONS)]
        self.books = LiveBooks(self._deps, self._runs)
        self.pen = LogPen(self.log, PARTITIONS, self.books, self.clock)
        self.office = Office(
            self.view, Tokens(), self.pen, self.books, self.clock, self.config.duty, self.config.plans, "Asia/Shanghai"
        )
        self.app = make_api(self.office)

    async def tell(self, *records: Signal | Mark | Command | CaseEvent) -> None:
        """Records into the log, and decided."""
        await self.log.send([Out(Topic.DECIDE_IN, one.brand, encode_mixed([one]), PLACE) for one in records])
        await self.settle()

    async def settle(self) -> None:
        """Let the workers and the view take what has come."""
        for number, worker in enumerate(self.workers):
            for message in self.log.messages(Topic.DECIDE_IN, number, self._read.get(number, 0)):
                outs = worker.take(message.value)
                await self.log.send(outs)
                self._read[number] = message.offset + 1
                for out in outs:
                    self.entries += [one for one in decode_mixed(out.value) if isinstance(one, LedgerEntry)]
                    await self.view.take(list(viewed(out.topic, out.value)), number)

    def commands(self) -> list[Command]:
        """Every command in the log, once each."""
        found = {
            one.id: one
            for number in range(PARTITIONS)
            for message in self.log.messages(Topic.DECIDE_IN, number)
            for one in decode_mixed(message.value)
            if isinstance(one, Command)
        }
        return list(found.values())

    def ledger(self, what: str) -> list[LedgerEntry]:
        """Entries of this kind."""
        return [one for one in self.entries if one.what == what]

    async def ask(
        self,
        method: str,
        path: str,
        role: str = "duty",
        name: str = "lin",
        headers: Mapping[str, str] = {},
        **more: Any,
    ) -> httpx.Response:
        """One request of a person."""
        sent = {"Authorization": f"Bearer {role}-{name}", **headers} if role else dict(headers)
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.request(method, path, headers=sent, **more)

    async def _deps(self) -> Deps:
        store = FileSnapshots(self.folder, bytes(32))
        return Deps(self.log, store, {}, self.config, PARTITIONS, followers(self.config, KEY))

    def _runs(self) -> Any:
        return runs_of([Found(str(number), one) for number, one in enumerate(self.entries)])
