"""What is done to a pipeline while a storm goes through it: kills, freezes, servers that vanish.

Where it sits: around :class:`tests.integration.stack.Pipeline`. Every blow falls while the storm is being sent. A
killed worker is frozen first and looked at, so that what is asserted of it holds at the moment it dies: it owns
partitions, some of them with panes that are open in its memory only.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from contracts.errors import Unavailable
from contracts.ports import Bus, Out
from contracts.topics import Topic
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from tests.integration.stack import Pipeline, WorkerProcess

Blow = Callable[[], Awaitable[None]]
LONG_FREEZE = 14.0
"""Seconds; the session of a static member ends after ten."""
PATIENCE = 60.0
CATCH_UP = 300.0
"""Seconds: what was sent in minutes may have to be counted behind a few kills."""
JUDGING = (Topic.COUNTS, Topic.DECIDE_IN)


@dataclass
class Feed:
    """Sends the steps of a storm, never far ahead of what was done to the pipeline."""

    bus: Bus
    steps: Sequence[list[Out]]
    sent: int = 0
    allowed: int = 0
    paused: bool = False
    pause: float = 0.0
    """Seconds between two steps."""

    async def run(self) -> None:
        """Send all steps in order; while Kafka is away, wait and send the step again."""
        for step in self.steps:
            while self.paused or self.sent >= self.allowed:
                await asyncio.sleep(0.02)
            await self._send(step)
            self.sent += 1
            await asyncio.sleep(self.pause)

    async def _send(self, step: list[Out]) -> None:
        while True:
            try:
                return await self.bus.send(step)
            except Unavailable as error:
                await asyncio.sleep(min(error.retry_after, 0.5))


@dataclass
class Chaos:
    """Strikes a pipeline at random, but always where it hurts.

    Parameters
    ----------
    seed
        Decides who is struck when, as far as processes allow it.
    """

    pipeline: Pipeline
    kafka: Kafka
    valkey: Valkey
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    """What was done, by name."""
    killed_with: Counter[str] = field(default_factory=Counter)
    """Partitions of mentions with open panes that killed workers owned, and messages that judging had not committed."""

    def __post_init__(self) -> None:
        self._draws = random.Random(self.seed)
        self._dead: set[str] = set()
        self._held_back: set[str] = set()

    async def tend(self) -> None:
        """Start again what has died, a moment later, as a supervisor does; runs until cancelled."""
        while True:
            for worker in self.pipeline.workers:
                if not worker.alive() and worker.name not in self._held_back:
                    self.done[f"left by itself ({worker.stop()})"] += 1
                    worker.start()
            await asyncio.sleep(0.2)

    async def kill(self, fitting: Callable[[], Awaitable[bool]] | None = None) -> None:
        """SIGKILL a worker that owns partitions with open panes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            worker = self._draws.choice(self.pipeline.workers)
            if worker.alive() and await self._strike(worker, fitting):
                self.done["killed" if fitting is None else "killed while only judging lagged"] += 1
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"for {PATIENCE} s no worker owned partitions with open panes\n{self.pipeline.logs()}")

    async def _strike(self, worker: WorkerProcess, fitting: Callable[[], Awaitable[bool]] | None) -> bool:
        worker.send(signal.SIGSTOP)
        struck = False
        try:
            members = await self.pipeline.owned()
            mine = [member for member in members if self._is(member, worker) and member not in self._dead]
            owned = members[mine[0]].get(self.pipeline.prefix + Topic.MENTIONS, set()) if mine else set()
            hurt = owned & await self.pipeline.open_partitions() if owned else set()
            if hurt and (fitting is None or await fitting()):
                self._held_back.add(worker.name)
                worker.kill()
                struck = True
                self._dead.update(mine)
                self.killed_with["open partitions"] += len(hurt)
                self.killed_with["uncommitted for judging"] += await self._judging_lag()
        finally:
            if not struck and worker.alive():
                worker.send(signal.SIGCONT)
        if struck:
            await asyncio.sleep(self._draws.uniform(0.1, 1.0))
            worker.start()
            self._held_back.discard(worker.name)
        return struck

    def _is(self, member: str, worker: WorkerProcess) -> bool:
        """A static member bears its worker's name; there is one worker at most that is none."""
        name = member[:-37]
        if worker.static:
            return name == worker.name
        return name not in {other.name for other in self.pipeline.workers if other.static}

    async def kill_judging(self, feed: Feed) -> None:
        """The same while counting has handled all there is, and detect and decide have not committed it."""
        feed.paused = True
        try:
            await self.pipeline.until(self.pipeline.all_counted, bool, CATCH_UP)
            await self.kill(self._only_judging_lags)
        finally:
            feed.paused = False

    async def freeze(self, seconds: float) -> None:
        """SIGSTOP a worker for so long: it comes back as a zombie, or hardly notices."""
        worker = self._draws.choice(self.pipeline.workers)
        if not worker.alive():
            return
        self.done[f"frozen for {seconds:.0f} s"] += 1
        worker.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        if worker.alive():
            worker.send(signal.SIGCONT)

    async def restart_kafka(self) -> None:
        """SIGKILL the broker and start it again on its data."""
        self.kafka.kill()
        await asyncio.sleep(self._draws.uniform(0.5, 2))
        await asyncio.to_thread(self.kafka.restart)
        self.done["Kafka killed"] += 1

    async def restart_valkey(self) -> None:
        """SIGKILL Valkey; what comes back knows nothing."""
        self.valkey.kill()
        await asyncio.sleep(self._draws.uniform(0.5, 2))
        await asyncio.to_thread(self.valkey.restart)
        self.done["Valkey killed"] += 1

    async def _only_judging_lags(self) -> bool:
        return await self._judging_lag() > 0 and await self.pipeline.all_counted()

    async def _judging_lag(self) -> int:
        return sum([await self.pipeline.lag(topic) for topic in JUDGING])


async def through(pipeline: Pipeline, feed: Feed, chaos: Chaos, blows: Sequence[Blow]) -> None:
    """Send all of a storm; the blows fall one after the other, spread over it."""
    draws = random.Random(chaos.seed)
    tending = asyncio.create_task(chaos.tend())
    feed.allowed = 1
    sending = asyncio.create_task(feed.run())
    try:
        part = len(feed.steps) / (len(blows) + 1)
        for number, blow in enumerate(blows):
            feed.allowed = int(part * (number + 2))
            while feed.sent < part * number + draws.uniform(0.2, 1) * part and not sending.done():
                await asyncio.sleep(0.02)
            await blow()
        feed.allowed = len(feed.steps)
        await sending
    finally:
        sending.cancel()
        tending.cancel()
        await asyncio.gather(sending, tending, return_exceptions=True)
