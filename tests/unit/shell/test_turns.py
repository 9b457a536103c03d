"""Counting waits while a batch is judged, not while a state is built anew; all stages of a worker share the turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from contracts.clock import ManualClock
from contracts.ports import Checkpoint, In, Work
from contracts.topics import Topic
from fenghuo import shell, wiring
from fenghuo.settings import Runtime, load_config
from fenghuo.shell import StageShell
from fenghuo.turns import Turns

CONFIG = Path(__file__).resolve().parents[3] / "config"


class Slow:
    """A stage whose opening and handling wait until they may go on."""

    topic = Topic.COUNTS

    def __init__(self, name: str) -> None:
        self.name = name
        self.may_open, self.may_handle = asyncio.Event(), asyncio.Event()
        self.opening, self.handling = asyncio.Event(), asyncio.Event()
        self.handled = 0

    async def open(self, partition: int, committed: Checkpoint | None) -> Slow:
        self.opening.set()
        await self.may_open.wait()
        return self

    async def handle(self, messages: Sequence[In]) -> Work:
        self.handling.set()
        await self.may_handle.wait()
        self.handled += len(messages)
        return Work()

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        return None


class Stream:
    """A Faust stream of one message, and nothing after it."""

    def __init__(self) -> None:
        self.channel = SimpleNamespace(queue=asyncio.Queue())

    async def events(self) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(message=SimpleNamespace(offset=0, value=b"", generation_id=1, partition=0))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_counting_waits_for_judging_and_not_for_a_state_that_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    async def committed(app: object, topic: str, partition: int) -> Checkpoint | None:
        return None

    monkeypatch.setattr(shell, "committed", committed)
    turns, clock = Turns(), ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    app, detect, count, more = SimpleNamespace(consumer_generation_id=1), Slow("detect"), Slow("count"), Slow("count")
    for one in (count, more):
        one.may_open.set()
        one.may_handle.set()

    def run(stage: Slow) -> asyncio.Task[None]:
        of = StageShell(app, stage, "t", None, clock, turns=turns)  # type: ignore[arg-type]
        return asyncio.create_task(of.run(Stream()))

    judging = run(detect)
    await detect.opening.wait()
    await run(count)
    assert count.handled == 1
    detect.may_open.set()
    await detect.handling.wait()
    counting = run(more)
    await settle()
    assert more.handled == 0
    detect.may_handle.set()
    await asyncio.gather(judging, counting)
    assert (detect.handled, more.handled) == (1, 1)


def test_the_stages_of_a_worker_share_their_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Turns | None] = []

    class Noted(StageShell):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[arg-type]
            given.append(self._turns)

    monkeypatch.setattr(wiring, "StageShell", Noted)
    runtime = Runtime(var=tmp_path, key=SecretStr("sixteen characters"), partitions=2)
    wiring.make_worker(runtime, load_config(CONFIG), ("count", "detect", "decide"))
    assert len(given) == 3
    assert len(set(map(id, given))) == 1
