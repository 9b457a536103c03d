"""The telling stage killed at random again and again: each change is told, and told again for one reason alone.

``python -m bench.notifier_kills [--kills 50] [--seed 1] [--minutes 60]`` starts a Kafka, a Valkey, a receiver that
counts, and a worker of the stage ``notify`` with the shipped settings and a webhook. It keeps a backlog of changes
before the worker, kills it (SIGKILL) at a random moment while it tells, notes what the receiver has and the
notification log has not, and starts it again. At the end every change must have come, and nothing but what was noted
may have come again.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.postbox import Postbox
from bench.servers import machine, servers
from contracts.clock import SystemClock
from contracts.codec import decode, encode_mixed
from contracts.ports import Out
from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier, Told
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus
from tests.integration.stack import ROOT, Pipeline, WorkerProcess

PARTITIONS = 2
BRANDS = ("Delta", "Sigma")
AHEAD = 400
"""So many changes wait before the worker at each start."""
LIFE = 1.0
"""Seconds at most from the first message after a start to the kill."""
SETTLE = 0.5
"""Seconds for what was on its way into the log when the worker died."""
START = 600.0
RECEIVERS = """\
receivers:
  - {{name: outside, type: webhook, url: "{url}", allow_private: [127.0.0.1/32], wakes: true}}
routes:
  - to: [outside]
"""


@dataclass
class Tally:
    """What was sent and what came of it."""

    sent: int = 0
    kills: int = 0
    left: int = 0
    """How often the worker left by itself, for instance because Kafka did not answer."""
    caught: set[tuple[str, int]] = field(default_factory=set)
    """Messages that the receiver had, so many times, and the notification log had not when the worker was killed."""

    def verdict(self, got: Counter[str]) -> tuple[int, int, int, int]:
        """How many changes were never told, told again with cause, told again without, and caught but not told again
        (their record was still on its way into the log)."""
        again = {(key, time) for key, times in got.items() for time in range(1, times)}
        return self.sent - len(got), len(again & self.caught), len(again - self.caught), len(self.caught - again)


def change(number: int) -> IncidentEvent:
    """A change that is told; fifty of each incident."""
    brand = BRANDS[number % len(BRANDS)]
    return IncidentEvent(
        incident=f"{number // (50 * len(BRANDS)):014x}{number % len(BRANDS):02x}",
        seq=number // len(BRANDS) % 50,
        event=IncidentEventKind.PROMOTED,
        at=datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(seconds=number),
        tier=Tier.YELLOW,
        kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": brand},
        reason="threshold",
        observed=80.0,
        expected=10.0,
        score=2.0,
        notify=True,
    )


async def feed(bus: KafkaBus, tally: Tally, wanted: int) -> None:
    """Changes into the log until ``wanted`` stand there, one a message."""
    outs = []
    for number in range(tally.sent, wanted):
        one = change(number)
        outs.append(Out(Topic.INCIDENTS, one.brand, encode_mixed([one]), partition_of(one.brand, PARTITIONS)))
    await bus.send(outs)
    tally.sent = max(tally.sent, wanted)


async def recorded(pipeline: Pipeline) -> set[str]:
    """What the notification log has, as the receiver names it."""
    told = [decode(Told, one.value) for one in await pipeline.read(Topic.NOTIFIED)]
    return {key(one.incident, one.seq) for one in told if one.outcome == "sent"}


def key(incident: str, seq: int) -> str:
    """The ``Idempotency-Key`` of a change."""
    return f"{incident}-{seq}"


async def note(pipeline: Pipeline, box: Postbox, tally: Tally) -> None:
    """The worker is gone: what the receiver has and the notification log has not will be told again."""
    await asyncio.sleep(SETTLE)
    seen, known = box.seen(), await recorded(pipeline)
    tally.caught.update((key, times) for key, times in seen.items() if key not in known)


async def strike(pipeline: Pipeline, worker: WorkerProcess, box: Postbox, tally: Tally, chance: random.Random) -> None:
    """Wait until the worker tells, let it live for a moment, and kill it."""
    before = box.seen().total()
    deadline = SystemClock().monotonic() + START
    while box.seen().total() == before:
        if SystemClock().monotonic() > deadline:
            raise RuntimeError(f"the worker tells nobody\n{pipeline.logs()}")
        if not worker.alive():
            tally.left += 1
            await note(pipeline, box, tally)
            worker.start()
        await asyncio.sleep(0.005)
    await asyncio.sleep(chance.uniform(0, LIFE))
    worker.kill()
    tally.kills += 1
    await note(pipeline, box, tally)


async def run(pipeline: Pipeline, box: Postbox, kills: int, seed: int, seconds: float) -> Tally:
    """All kills, or as many as ``seconds`` allow, then everything told in peace."""
    until = SystemClock().monotonic() + seconds
    await pipeline.prepare()
    tally, chance = Tally(), random.Random(seed)
    bus = KafkaBus(pipeline.bootstrap, pipeline.prefix)
    try:
        await feed(bus, tally, AHEAD)
        worker = pipeline.add_worker(stages=("notify",))
        while tally.kills < kills and SystemClock().monotonic() < until:
            await strike(pipeline, worker, box, tally, chance)
            await feed(bus, tally, len(box.seen()) + AHEAD)
            worker.start()
        await pipeline.caught_up(Topic.INCIDENTS, seconds=START)
    finally:
        await bus.stop()
        pipeline.stop()
    return tally


def settings(folder: Path, url: str) -> Path:
    """The shipped settings with one receiver, in ``folder``."""
    shutil.copytree(ROOT / "config", folder)
    (folder / "receivers.yaml").write_text(RECEIVERS.format(url=url), encoding="utf-8")
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when each change was told and every repeat has its cause."""
    parser = argparse.ArgumentParser(prog="python -m bench.notifier_kills", description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="no kill after so many")
    given = parser.parse_args(arguments)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    clock = SystemClock()
    begun = clock.monotonic()
    with servers() as parts, Postbox() as box:
        pipeline = parts.pipeline("notifier", partitions=PARTITIONS)
        pipeline.config = settings(pipeline.folder / "config", box.url)
        tally = asyncio.run(run(pipeline, box, given.kills, given.seed, given.minutes * 60))
        untold, caused, uncaused, late = tally.verdict(box.seen())
    sys.stdout.write(
        f"seed {given.seed}: {tally.kills} kills, left by itself {tally.left}, {tally.sent:,} changes; "
        f"{untold} never told; "
        f"{caused} told again, killed between the receiver's answer and its record; {uncaused} told again else; "
        f"{late} killed there while the record was on its way, not told again; "
        f"{clock.monotonic() - begun:.0f} s; {machine()}\n"
    )
    return int(bool(untold or uncaused))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
