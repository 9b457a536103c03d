"""``python -m bench.soak``: nothing lost, nothing twice, whatever is killed when.

For each seed the same storm goes through a pipeline that is struck all the time, through one that is left alone, and
through a replay in one process. At the end every count must equal the distinct ids of the input, and the incidents of
all three must be the same bytes. ``--forget-closed`` sabotages the workers and must be found out.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.chaos import LONG_FREEZE, Blow, Chaos, Feed, through
from bench.published import Published, Telling, Wrong, compare, telling
from bench.storm import Storm, soak_config
from contracts.errors import FenghuoError
from contracts.topics import PIPELINE, Topic
from dashboards.export import write_incidents
from dashboards.settings import StoreSettings
from dashboards.store.refuse import EARLIEST, LATEST
from dashboards.store.sqlite import SqliteStore
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.readers import make_reader
from fenghuo.replay import Pipeline as Replay
from fenghuo.settings import load_config
from tests.integration.stack import ROOT, Pipeline

PARTITIONS = 4
READER = "thirty-words"
"""A soak is about what is counted, not about what is read."""
FORGETFUL = ("-m", "bench.forgetful_worker", "worker")


@dataclass(frozen=True)
class Plan:
    """How a storm is struck."""

    kills: int = 20
    judging_kills: int = 2
    freezes: tuple[float, ...] = (1.0, 2.5, LONG_FREEZE)
    servers: bool = True
    """Whether Kafka and Valkey are killed once each."""
    forget_closed: bool = False
    sending: float = 30.0
    """Seconds that sending takes at least; the blows hold it up beside."""

    def blows(self, chaos: Chaos, feed: Feed) -> list[Blow]:
        """All blows in a random order."""
        made: list[Blow] = [chaos.kill] * self.kills
        made += [lambda: chaos.kill_judging(feed)] * self.judging_kills
        made += [lambda seconds=one: chaos.freeze(seconds) for one in self.freezes]  # type: ignore[misc]
        made += [chaos.restart_kafka, chaos.restart_valkey] if self.servers else []
        random.Random(chaos.seed).shuffle(made)
        return made


@dataclass
class Result:
    """What one seed showed."""

    seed: int
    mentions: int
    repeats: int
    cells: int
    wrong: Wrong
    published: Published
    telling: Telling
    incidents: int
    """Lines of ``incidents.ndjson`` that the struck pipeline recorded."""
    same_as_calm: bool
    same_as_replay: bool
    done: Counter[str] = field(default_factory=Counter)
    killed_with: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        whole = not self.wrong.cells and not self.published.changed and not self.telling.untold
        return whole and self.same_as_calm and self.same_as_replay

    @property
    def kills(self) -> int:
        """SIGKILLs of workers."""
        return sum(number for name, number in self.done.items() if name.startswith("killed"))

    def line(self) -> str:
        """One line for the terminal."""
        verdict = "exact" if self.exact else "WRONG"
        done = ", ".join(f"{name} {number}" for name, number in sorted(self.done.items()))
        return (
            f"seed {self.seed}: {verdict}; cells {self.cells:,}, too low {self.wrong.low}, too high {self.wrong.high}; "
            f"incident events {self.incidents}, as undisturbed {self.same_as_calm}, as replay {self.same_as_replay}; "
            f"{self.telling.untold} of {self.telling.due} untold, {self.telling.told_again} told again; "
            f"republished {self.published.again:,}, changed {self.published.changed}; {done}; {self.seconds:.0f} s"
        )


@contextmanager
def servers(folder: Path) -> Iterator[tuple[Kafka, Valkey]]:
    """A Kafka and a Valkey of their own."""
    kafka = Kafka(folder / "kafka", ROOT / "var" / "jars", folder / "kafka.log")
    valkey = Valkey(folder / "valkey", folder / "valkey.log")
    try:
        for server in (kafka, valkey):
            server.start()
            server.wait_ready()
        yield kafka, valkey
    finally:
        kafka.stop()
        valkey.stop()


async def soak(storm: Storm, plan: Plan, kafka: Kafka, valkey: Valkey, folder: Path, *, calm: bool = True) -> Result:
    """One storm through a struck pipeline, an undisturbed one and a replay."""
    began = time.monotonic()
    config = soak_config(ROOT / "config", folder / "config")
    replayed = await _replayed(storm, config, folder / "replayed.ndjson")
    undisturbed = replayed
    if calm:
        pipe = _pipeline(kafka, valkey, folder / "calm", config, "calm")
        await _run(pipe, storm, None)
        undisturbed = _recorded(pipe)
    pipe = _pipeline(kafka, valkey, folder / "struck", config, "struck")
    if plan.forget_closed:
        pipe.module = FORGETFUL
    chaos = Chaos(pipe, kafka, valkey, storm.seed)
    await _run(pipe, storm, (chaos, plan))
    published = Published().take(await pipe.read(Topic.COUNTS))
    truth = storm.truth(load_config(config).panes)
    recorded = _recorded(pipe)
    return Result(
        seed=storm.seed,
        mentions=storm.count,
        repeats=storm.repeats,
        cells=len(truth),
        wrong=compare(truth, published.sums()),
        published=published,
        telling=telling(await pipe.read(Topic.INCIDENTS), await pipe.read(Topic.NOTIFIED)),
        incidents=recorded.count(b"\n"),
        same_as_calm=recorded == undisturbed,
        same_as_replay=recorded == replayed,
        done=chaos.done,
        killed_with=chaos.killed_with,
        seconds=time.monotonic() - began,
    )


def _pipeline(kafka: Kafka, valkey: Valkey, folder: Path, config: Path, name: str) -> Pipeline:
    folder.mkdir()
    more = {"FENGHUO_READER": READER, "FENGHUO_SNAPSHOT_SECONDS": "3"}
    prefix = f"{name}{random.SystemRandom().getrandbits(32):x}."
    return Pipeline(kafka.bootstrap, valkey.url, prefix, folder, PARTITIONS, config, more=more)


async def _run(pipe: Pipeline, storm: Storm, struck: tuple[Chaos, Plan] | None) -> None:
    """Two workers, one of them with static membership, and all of the storm."""
    await pipe.prepare()
    bus = KafkaBus(pipe.bootstrap, pipe.prefix)
    feed = Feed(bus, list(storm.steps(PARTITIONS)))
    try:
        pipe.add_worker()
        pipe.add_worker(static=False)
        await pipe.shared_by(2)
        if struck is None:
            feed.allowed = len(feed.steps)
            await feed.run()
        else:
            chaos, plan = struck
            feed.pause = plan.sending / len(feed.steps)
            await through(pipe, feed, chaos, plan.blows(chaos, feed))
        await pipe.caught_up(*PIPELINE, seconds=600)
    finally:
        await bus.stop()
        pipe.stop()


async def _replayed(storm: Storm, config: Path, target: Path) -> bytes:
    replay = Replay(load_config(config), make_reader(READER))
    for step in storm.steps(1):
        await replay.feed(out.value for out in step)
    write_incidents(replay.finish().events, target)
    return target.read_bytes()


def _recorded(pipe: Pipeline) -> bytes:
    """What the recorder wrote, as the file of a replay."""
    store = SqliteStore(StoreSettings(path=pipe.folder / "series.sqlite"))
    store.setup()
    target = pipe.folder / "incidents.ndjson"
    write_incidents(store.incidents(EARLIEST, LATEST), target)
    store.close()
    return target.read_bytes()


def table(results: Sequence[Result]) -> Table:
    """All seeds."""
    names = ("seed", "mentions", "repeats", "SIGKILLs", "open partitions", "left by itself", "republished", "changed",
             "cells", "too low", "too high", "incident events", "as undisturbed", "as replay", "untold", "told again",
             "seconds")  # fmt: skip
    made = Table(*names)
    for one in results:
        alone = sum(number for name, number in one.done.items() if name.startswith("left"))
        cells = (one.seed, one.mentions, one.repeats, one.kills, one.killed_with["open partitions"], alone,
                 one.published.again, one.published.changed, one.cells, one.wrong.low, one.wrong.high, one.incidents,
                 one.same_as_calm, one.same_as_replay, one.telling.untold, one.telling.told_again,
                 round(one.seconds))  # fmt: skip
        made.add_row(*map(str, cells))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when every seed was exact, or, sabotaged, when every seed was found out."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--seeds", default="1", help="with commas between, like 1,2,3,4,5")
    parser.add_argument("--kills", type=int, default=Plan.kills)
    parser.add_argument("--forget-closed", action="store_true", help="sabotage: the result must be wrong")
    parser.add_argument("--keep", type=Path, help="a new folder that keeps logs and stores")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    plan = Plan(kills=given.kills, forget_closed=given.forget_closed)
    results = []
    for seed in map(int, given.seeds.split(",")):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) if given.keep is None else given.keep / str(seed)
            folder.mkdir(parents=True, exist_ok=True)
            results.append(_one(Storm(given.mentions, seed), plan, folder))
        sys.stdout.write(results[-1].line() + "\n")
        sys.stdout.flush()
    Console(width=200).print(table(results))
    return int(any(one.exact is given.forget_closed for one in results))


def _one(storm: Storm, plan: Plan, folder: Path) -> Result:
    with servers(folder) as (kafka, valkey):
        return asyncio.run(soak(storm, plan, kafka, valkey, folder, calm=not plan.forget_closed))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FenghuoError as error:
        sys.exit(str(error))
