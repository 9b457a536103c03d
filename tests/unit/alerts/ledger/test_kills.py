"""From the log to the file: kills, lost snapshots and changed rules leave a ledger that can be verified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.agents import DecideMessages, DecideStage
from alerts.followers import Follower
from alerts.ledger.anchor import AnchoredLedger, HeadFile
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.ledger.store import MemoryLedger
from alerts.ledger.verify import verify
from alerts.rules import Match, Rule, RuleSet, Step
from alerts.settings import DecidePolicy
from contracts.codec import encode_mixed
from contracts.errors import InvalidSnapshot
from contracts.ports import Checkpoint, In, Out
from contracts.records import Record
from contracts.snapshotting import Snapshotting
from contracts.topics import Topic
from dashboards.agents import RecordPartition
from dashboards.store.memory import MemoryStore
from tests.unit.alerts.given import POLICY, mark, signal
from tests.unit.alerts.ledger.given import KEY

STORY: list[Record] = [
    one for turn in range(6) for one in (signal(turn * 9_000 + 5, 2.0 + turn % 3), mark(turn * 9_000 + 8_000))
]
LOG = [In(offset, encode_mixed([record])) for offset, record in enumerate(STORY)]
OTHER = DecidePolicy(
    rules=RuleSet(rules=(Rule(name="red", match=Match(), steps=(Step(tier="red", score=1.0),)),)), timing=POLICY.timing
)


class Log:
    async def read(self, topic: Topic, partition: int, start: int, stop: int) -> AsyncIterator[In]:
        for message in LOG[start:stop]:
            yield message


class Snapshots:
    """Keeps snapshots, or loses every one."""

    def __init__(self, *, lossy: bool) -> None:
        self.kept: dict[str, bytes] = {}
        self.lossy = lossy

    def save(self, name: str, payload: bytes) -> str:
        reference = f"{name}-{len(self.kept)}"
        self.kept[reference] = payload
        return reference

    def load(self, name: str, reference: str) -> bytes:
        if self.lossy:
            raise InvalidSnapshot("lost")
        return self.kept[reference]


def followers(partition: int) -> Sequence[Follower]:
    return (Scribe((), Book(f"decide-{partition}", KEY)),)


async def decided(commits: Sequence[int], *, lossy: bool, policies: Sequence[DecidePolicy], kill: bool) -> list[Out]:
    """What a stage sends that is started anew at each commit; killed, it has worked on past the commit."""
    snapshots = Snapshots(lossy=lossy)
    outs: list[Out] = []
    committed: Checkpoint | None = None
    for number, until in enumerate([*commits, len(LOG)]):
        stage = DecideStage(policies[number % len(policies)], snapshots, Log(), 1e9, followers)
        partition: Snapshotting[DecideMessages] = await stage.open(0, committed)
        start = 0 if committed is None else committed.offset
        outs += (await partition.handle(LOG[start:until])).outs
        committed = await partition.checkpoint(0.0, final=True) or committed
        if kill:
            outs += (await partition.handle(LOG[until : until + 3])).outs
    return outs


async def recorded(outs: Sequence[Out], folder: Path) -> tuple[MemoryLedger, HeadFile]:
    store, heads = MemoryLedger(), HeadFile(folder / "heads")
    partition = RecordPartition(0, MemoryStore(), 0, AnchoredLedger(store, heads, KEY))
    series = [out.value for out in outs if out.topic is Topic.SERIES]
    for offset, value in enumerate(series):
        await partition.handle([In(offset, value)])
        if offset % 3 == 2:
            await partition.checkpoint(float(offset) * 10)
    await partition.checkpoint(1e9, final=True)
    return store, heads


COMMITS = st.lists(st.integers(1, len(LOG) - 1), unique=True, max_size=4).map(sorted)


@settings(deadline=None, max_examples=20)
@given(commits=COMMITS, lossy=st.booleans())
def test_kills_and_lost_snapshots_leave_the_very_ledger_of_an_undisturbed_run(
    tmp_path_factory: pytest.TempPathFactory, commits: list[int], lossy: bool
) -> None:
    folder = tmp_path_factory.mktemp("ledger")

    async def run() -> None:
        calm, _ = await recorded(await decided([], lossy=False, policies=[POLICY], kill=False), folder / "calm")
        outs = await decided(commits, lossy=lossy, policies=[POLICY], kill=True)
        store, heads = await recorded(outs, folder / "killed")
        assert [one.entry for one in store.read()] == [one.entry for one in calm.read()]
        verdict = verify(store.read(), heads.read()[0], KEY)
        assert verdict.findings == []
        assert verdict.entries > 10

    asyncio.run(run())


@settings(deadline=None, max_examples=20)
@given(commits=COMMITS)
def test_other_rules_and_a_state_built_anew_leave_the_past_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, commits: list[int]
) -> None:
    """Under other rules the log would give another past; the book goes on from the committed head instead."""
    folder = tmp_path_factory.mktemp("ledger")

    async def run() -> None:
        outs = await decided(commits, lossy=True, policies=[POLICY, OTHER], kill=False)
        store, heads = await recorded(outs, folder / "other")
        assert verify(store.read(), heads.read()[0], KEY).findings == []

    asyncio.run(run())
