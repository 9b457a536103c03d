"""A pipeline of real parts for one test: topics under their own prefix, workers as processes, ways to kill them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import KafkaError

from contracts.ports import In
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaLog
from fenghuo.local import leash
from fenghuo.local.topics import ensure
from fenghuo.stages import STAGES

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
KEY = "integration-test-key-0123456789"


@dataclass
class WorkerProcess:
    """One worker under a name that it keeps; started again by hand, as a supervisor would.

    It hangs on the leash, so that it ends when whoever started it ends, however that was.
    """

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    static: bool = True
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=out, stderr=out, cwd=ROOT, start_new_session=True
            )
        leash.shared().hold(self.process.pid)
        self.starts += 1

    def alive(self) -> bool:
        if self.process is None:
            return False
        if self.process.poll() is not None:
            leash.shared().release(self.process.pid)
            return False
        return True

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, frozen or not, and wait until it is gone."""
        if self.alive():
            self.send(signal.SIGKILL)
            assert self.process is not None
            self.process.wait()
            leash.shared().release(self.process.pid)

    def stop(self, seconds: float = 15) -> int:
        assert self.process is not None
        if self.alive():
            self.send(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
            leash.shared().release(self.process.pid)
        return self.process.returncode


@dataclass
class Pipeline:
    """Topics, workers and where things lie."""

    bootstrap: str
    redis: str
    prefix: str
    folder: Path
    partitions: int = 4
    config: Path = ROOT / "config"
    workers: list[WorkerProcess] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    module: Sequence[str] = ("-m", "fenghuo", "worker")

    async def prepare(self) -> None:
        await ensure(self.bootstrap, self.partitions, prefix=self.prefix)

    def environment(self, member: str | None = None) -> dict[str, str]:
        """What a worker is told; nothing of the caller's own FENGHUO_ settings."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("FENGHUO_")}
        mine.pop("PYTHONDONTWRITEBYTECODE", None)
        mine |= {
            "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "pycache"),
            "FENGHUO_KAFKA": self.bootstrap,
            "FENGHUO_REDIS": self.redis,
            "FENGHUO_PREFIX": self.prefix,
            "FENGHUO_PARTITIONS": str(self.partitions),
            "FENGHUO_VAR": str(self.folder),
            "FENGHUO_KEY": KEY,
            "FENGHUO_CONFIG": str(self.config),
            "FENGHUO_STORE": f'{{"kind": "sqlite", "path": "{self.folder / "series.sqlite"}"}}',
            "FENGHUO_SNAPSHOT_SECONDS": "2",
            **self.more,
        }
        return mine | ({"FENGHUO_MEMBER": member} if member else {})

    def add_worker(self, *, stages: Sequence[str] = STAGES, static: bool = True) -> WorkerProcess:
        name = f"w{len(self.workers)}"
        worker = WorkerProcess(
            name,
            [sys.executable, *self.module, "--stages", ",".join(stages)],
            self.environment(name if static else None),
            self.folder / f"{name}.log",
            static,
        )
        worker.start()
        self.workers.append(worker)
        return worker

    def tend(self) -> None:
        """Start again what has died, as the supervisor does."""
        for worker in self.workers:
            if not worker.alive():
                worker.start()

    def stop(self) -> None:
        for worker in self.workers:
            if worker.process is not None and worker.alive():
                worker.send(signal.SIGCONT)
        for worker in self.workers:
            worker.stop()

    def logs(self) -> str:
        return "\n".join(
            f"--- {worker.name}\n{worker.log.read_text(errors='replace')[-3000:]}" for worker in self.workers
        )

    async def read(self, topic: Topic) -> list[In]:
        """Everything in a topic, partition by partition."""
        log = KafkaLog(self.bootstrap, self.prefix)
        found: list[In] = []
        for partition in range(self.partitions):
            found.extend([message async for message in log.read(topic, partition, 0, 2**62)])
        return found

    async def ends(self, topic: Topic) -> dict[int, int]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap)
        await consumer.start()
        try:
            where = [TopicPartition(self.prefix + topic, partition) for partition in range(self.partitions)]
            return {one.partition: offset for one, offset in (await consumer.end_offsets(where)).items()}
        finally:
            await consumer.stop()

    async def commits(self) -> dict[tuple[str, int], tuple[int, str]]:
        """Committed offset and metadata by (topic, partition) of the workers' group."""

        async def ask(admin: AIOKafkaAdminClient) -> dict[tuple[str, int], tuple[int, str]]:
            found = await admin.list_consumer_group_offsets(f"{self.prefix}workers")
            return {(one.topic, one.partition): (meta.offset, meta.metadata) for one, meta in found.items()}

        return await self._asked(ask)

    async def committed(self) -> dict[tuple[str, int], int]:
        """Committed offset by (topic, partition) of the workers' group."""
        return {where: offset for where, (offset, _) in (await self.commits()).items()}

    async def open_partitions(self) -> set[int]:
        """Partitions of mentions whose commit lies behind what was handled: their panes are open in memory only."""
        return {part for part, (offset, handled) in (await self.handled()).items() if offset < handled}

    async def all_counted(self) -> bool:
        """Whether counting has handled every message there is, be its pane open or closed."""
        handled = await self.handled()
        return all(handled.get(part, (0, 0))[1] == end for part, end in (await self.ends(Topic.MENTIONS)).items())

    async def handled(self) -> dict[int, tuple[int, int]]:
        """By partition of mentions: the committed offset, and the next one not yet handled."""
        mentions = self.prefix + Topic.MENTIONS
        return {
            part: (offset, orjson.loads(said)["next"])
            for (topic, part), (offset, said) in (await self.commits()).items()
            if topic == mentions and said
        }

    async def owned(self) -> dict[str, dict[str, set[int]]]:
        """Partitions by topic that each member of the group owns; empty while it rebalances.

        A member's id is the name of a static worker, or else ``faust…``, and a UUID that a restart changes.
        """

        async def ask(admin: AIOKafkaAdminClient) -> dict[str, dict[str, set[int]]]:
            (answer,) = await admin.describe_consumer_groups([f"{self.prefix}workers"])
            _, _, state, _, _, members, *_ = answer.groups[0]
            return {one[0]: _assigned(one[4]) for one in members} if state == "Stable" else {}

        return await self._asked(ask)

    async def _asked(self, ask: Callable[[AIOKafkaAdminClient], Awaitable[T]], seconds: float = 30) -> T:
        """What Kafka answers, once it does: the group's coordinator may be on its way up."""
        deadline = time.monotonic() + seconds
        while True:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
            try:
                await admin.start()
                return await ask(admin)
            except (KafkaError, OSError):
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
            finally:
                await admin.close()

    async def shared_by(self, workers: int, seconds: float = 60) -> dict[str, dict[str, set[int]]]:
        """Wait until so many members own partitions of mentions, and say which."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            owned = await self.owned()
            if sum(bool(held.get(self.prefix + Topic.MENTIONS)) for held in owned.values()) >= workers:
                return owned
            await asyncio.sleep(0.2)
        raise AssertionError(f"after {seconds} s the group is {await self.owned()}\n{self.logs()}")

    async def lag(self, topic: Topic) -> int:
        """Messages of a topic that are not committed yet."""
        committed = await self.committed()
        ends = await self.ends(topic)
        return sum(end - committed.get((self.prefix + topic, part), 0) for part, end in ends.items())

    async def until(self, ask: Callable[[], Awaitable[T]], true: Callable[[T], bool], seconds: float = 60) -> None:
        """Ask until the answer fits."""
        deadline = time.monotonic() + seconds
        while not true(answer := await ask()):
            assert time.monotonic() < deadline, f"after {seconds} s still {answer}"
            await asyncio.sleep(0.1)

    async def caught_up(self, *topics: Topic, seconds: float = 90) -> None:
        """Wait until these topics are committed to their ends; workers that died are started again."""
        deadline = time.monotonic() + seconds
        behind: dict[tuple[str, int], tuple[int, int]] = {}
        while time.monotonic() < deadline:
            self.tend()
            committed = await self.committed()
            behind = {}
            for topic in topics:
                for partition, end in (await self.ends(topic)).items():
                    have = committed.get((self.prefix + topic, partition), 0)
                    if have < end:
                        behind[(topic, partition)] = (have, end)
            if not behind:
                return
            await asyncio.sleep(0.3)
        raise AssertionError(f"not caught up after {seconds} s: {behind}\n{self.logs()}")


def _assigned(assignment: bytes) -> dict[str, set[int]]:
    if not assignment:
        return {}
    return {topic: set(held) for topic, held in ConsumerProtocolMemberAssignment.decode(assignment).assignment}
