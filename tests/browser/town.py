"""A whole pipeline in one process behind a console: what people press goes through deciding and comes back live.

Counting, detecting, deciding, plans and case clocks are those of a worker; only the log between them is left out.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from alerts.agents import DecideMessages
from alerts.cases.fellow import CaseFellow
from alerts.cases.machine import Case
from alerts.ledger.chain import LedgerKey
from alerts.ledger.scribe import Scribe
from alerts.view.reads import viewed
from contracts.codec import decode_mixed, encode, encode_mixed
from contracts.desk import Applied
from contracts.layers import Layer
from contracts.panes import EPOCH, Panes
from contracts.ports import Out
from contracts.records import (
    Batch,
    CaseEvent,
    Closed,
    Command,
    CommandKind,
    Contribution,
    Mark,
    PaneCounts,
    Signal,
    SignalKind,
    Verdict,
    Voice,
)
from contracts.records.incident import rfc3339
from contracts.series import series_dims
from contracts.topics import Topic
from dashboards.recorder import Recorder
from dashboards.store.memory import MemoryStore
from fenghuo.adapters.view_memory import memory_view
from fenghuo.commands import EVERYBODY
from fenghuo.desk.moves import applied
from fenghuo.desk.recent_texts import RecentTexts
from fenghuo.following import followers
from fenghuo.readers import make_reader
from fenghuo.replay import ONLY, Pipeline
from fenghuo.replay_cases import among
from fenghuo.settings import Config, load_config
from fenghuo.verdicts import command_of, next_bucket, said_of, story_of
from streams.settings import SourceSettings
from streams.sources.arrange import Taken, play
from tests.browser.surges import surge

CONFIG = Path(__file__).parents[2] / "config"


@cache
def shipped() -> Config:
    """The settings of the repository."""
    return load_config(CONFIG)


class _Line(Pipeline):
    """A pipeline that tells of everything it publishes."""

    def __init__(self, config: Config, told: deque[Out], texts: RecentTexts) -> None:
        super().__init__(config, make_reader("lexicon", config.taxonomy, config.subjects), keep_rows=True)
        key = LedgerKey(b"t" * 32)
        self.follower = followers(config, key)(ONLY)
        self._decide = DecideMessages(ONLY, config.policy, self.follower)
        self._told = told
        self._texts = texts

    def now_of(self, brand: str) -> datetime:
        """Event time of a brand."""
        at = self._decide.core.now_of(brand)
        assert at is not None
        return at

    def moved(self) -> dict[str, Layer]:
        """Limits that were moved and are in force."""
        return dict(self._decide.core.moved.in_force())

    def count(self, records: Sequence[PaneCounts | Closed]) -> None:
        """Records of ``counts``."""
        for one in records:
            self._judge(Out(Topic.COUNTS, "counts", encode_mixed([one]), ONLY))

    def decide(self, record: Signal | Mark | Command) -> None:
        """One record of ``decide.in``."""
        self._judge(Out(Topic.DECIDE_IN, record.brand, encode_mixed([record]), ONLY))

    def _judge(self, counted: Out) -> None:
        if counted.topic is Topic.COUNTS:
            self._texts.take(one for one in decode_mixed(counted.value) if isinstance(one, PaneCounts))
        super()._judge(counted)

    def _note(self, told: Out) -> None:
        self._told.append(told)


class Town:
    """The pipeline with its live view and series store; the clock is event time alone."""

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or shipped()
        self.view = memory_view()
        self.store = MemoryStore()
        self.texts = RecentTexts()
        self.commands: list[Command] = []
        self._told: deque[Out] = deque()
        self._line = _Line(self.config, self._told, self.texts)
        self._recorder = Recorder(self.store)
        self._order: dict[str, int] = {}
        self._panes: Panes = self.config.panes

    async def play(self, rows: Sequence[Taken], source: SourceSettings, cases: Iterable[CaseEvent] = ()) -> None:
        """Sorted rows of mentions, with case events among them."""
        waiting = deque(cases)
        for placed in play(rows, source, partitions=1):
            await self._line.feed(encode(batch) for batch in among([batch for _, batch in placed], waiting))
            await self._settle()

    async def arrive(self, batches: Iterable[Batch]) -> None:
        """Messages of the topic ``mentions``, as they came."""
        for one in batches:
            await self._line.feed([encode(one)])
            await self._settle()

    async def surge(self, brand: str, start: datetime, voices: int = 40) -> int:
        """Two calm days and a surge go through detecting; how many warnings of volume it lets through."""
        records = list(surge(brand, self._panes, start, timedelta(days=2), voices))
        self._line.count(records)
        await self._settle()
        rows = self.store.buckets(f"brand={brand}", start, start + timedelta(days=3))
        return sum(row.told == "new" for row in rows)

    def late(self) -> int:
        """How many mentions came too late for their bucket."""
        ever = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        whole = [name for name in self.store.series() if set(series_dims(name)) == {"brand"}]
        return sum(one.n for name in whole for one in self.store.late(name, *ever).values())

    async def signal(
        self, brand: str, at: datetime, score: float, *, kind: SignalKind = SignalKind.VOLUME_SPIKE, support: int = 60,
        text: str = "等了三天还没有人回复", phrases: tuple[str, ...] = ("三天没人回",), scope: str = "",
    ) -> None:  # fmt: skip
        """A detector noticed something; the mark after it closes its pane."""
        series = f"brand={brand}{scope}"
        first = self._panes.bucket_start(self._panes.bucket_of(self._panes.pane_of(at - timedelta(seconds=1))))
        voice = Voice(id="m1", ts=first, channel="weibo", text=text)
        self._line.decide(
            Signal(
                id=secrets.token_hex(8),
                brand=brand,
                series=series,
                bucket=first,
                at=at,
                order=self._next(brand, at),
                kind=kind,
                observed=90,
                expected=12,
                score=score,
                support=support,
                reach=4000,
                contributions=(
                    Contribution(dimension="channel", value="weibo", excess=60),
                    Contribution(dimension="channel", value="hotline", excess=18),
                    Contribution(dimension="category", value="logistics", excess=78),
                ),
                phrases=phrases,
                voices=(voice,),
            )  # fmt: skip
        )
        await self.mark(brand, at)

    async def mark(self, brand: str, at: datetime) -> None:
        """The brand is closed up to then."""
        self._line.decide(Mark(brand=brand, at=at, order=self._next(brand, at)))
        await self._settle()

    async def give(
        self, kind: CommandKind, brand: str, author: str, args: Mapping[str, JsonValue], reason: str = ""
    ) -> str:
        """See :class:`contracts.desk.Commands`."""
        at = await self.view.reached() or datetime.fromisoformat("2026-01-01T00:00:00Z")
        command = Command(
            id=secrets.token_hex(12), kind=kind, brand=brand, author=author, issued_at=at, reason=reason,
            args=dict(args),
        )  # fmt: skip
        self.commands.append(command)
        if kind is CommandKind.SETTING:
            self._line.hear([command])
        else:
            self._line.decide(command)
        await self._settle()
        return command.id

    async def in_force(self) -> Sequence[Applied]:
        """See :class:`contracts.desk.Moves`."""
        return applied(self._line.moved())

    async def move(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """See :class:`contracts.desk.Moves`."""
        return await self._tune({"values": dict(values)}, author, reason)

    async def take_back(self, name: str, author: str, reason: str) -> str:
        """See :class:`contracts.desk.Moves`."""
        return await self._tune({"undo": name}, author, reason)

    async def _tune(self, args: Mapping[str, JsonValue], author: str, reason: str) -> str:
        reached = await self.view.reached()
        begin = EPOCH if reached is None else next_bucket(reached, self._panes)
        return await self.give(CommandKind.SETTING, EVERYBODY, author, {**args, "from": rfc3339(begin)}, reason)

    async def feedback(
        self, incident: str, verdict: Verdict, author: str, until: datetime | None = None, comment: str = ""
    ) -> str:
        """See :class:`contracts.desk.Commands`."""
        file = await self.view.incident(incident)
        assert file is not None
        story = story_of(file.events, (), self._panes)
        said = said_of(story, verdict, next_bucket(file.card.changed, self._panes), until)
        command = command_of(said, secrets.token_hex(12), story.brand, author, file.card.changed, comment)
        self.commands.append(command)
        self._line.hear([command])
        await self._settle()
        return command.id

    def cases(self) -> list[Case]:
        """Cases that are not resolved."""
        scribes = (one for one in self._line.follower if isinstance(one, Scribe))
        fellows = (fellow for scribe in scribes for fellow in scribe.fellows)
        return [case for one in fellows if isinstance(one, CaseFellow) for case in one.open_cases()]

    def now_of(self, brand: str) -> datetime:
        """Event time of a brand."""
        return self._line.now_of(brand)

    async def _settle(self) -> None:
        """What was published reaches the view and the store."""
        rows = list(self._line.found.rows)
        self._line.found.rows.clear()
        self._recorder.add(rows)
        while self._told:
            out = self._told.popleft()
            await self.view.take(viewed(out.topic, out.value))
            if out.topic is Topic.SERIES:
                self._recorder.add(decode_mixed(out.value))
        self._recorder.flush()

    def _next(self, brand: str, at: datetime) -> tuple[int, int]:
        self._order[brand] = self._order.get(brand, 1_000_000) + 1
        return self._panes.pane_of(at), self._order[brand]
