"""Puts the parts together: which object implements which port, for a worker and for a replay."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from functools import partial

import faust
from redis.asyncio import Redis

from alerts.agents import DecideStage, NotifyStage
from alerts.notify.build import build, http_client
from alerts.notify.links import Links
from alerts.notify.notifier import Notifier
from alerts.view.shelf import FoldedView
from contracts.clock import Clock, SystemClock
from contracts.ports import Stage
from contracts.topics import Topic
from dashboards.agents import RecordStage
from dashboards.dead import DeadStage
from dashboards.store.opened import open_kept
from dashboards.vitals import Drawing
from detectors.agents import DetectStage
from fenghuo.acknowledging import make_links
from fenghuo.adapters.faust_app import GroupSettings, make_app
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.adapters.pulses import RedisPulses
from fenghuo.adapters.seen_redis import RedisSeenIds
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.adapters.view_redis import redis_view
from fenghuo.following import followers, ledger_key, open_ledger
from fenghuo.learning import learn_core, made_of
from fenghuo.pulse import Pulse
from fenghuo.readers import make_reader
from fenghuo.settings import Config, Runtime
from fenghuo.shell import StageShell
from fenghuo.stages import STAGES
from fenghuo.turns import Turns
from fenghuo.viewing import ViewFeed
from streams.agents import CountStage, LearnStage
from streams.text.case_words import CaseReader
from streams.text.grade import Grader


@dataclass(slots=True)
class WorkerParts:
    """A worker's app and what must be started and stopped around it."""

    app: faust.App
    bus: KafkaBus
    shells: list[StageShell]


def make_notifier(config: Config, clock: Clock, links: Links | None = None) -> Notifier:
    """Receivers and routes; terminal lines go to standard output."""

    def show(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    receivers = build(config.receivers, http_client(), clock, show)
    return Notifier(receivers, config.receivers, clock, duty=config.duty, links=links)


def worker_stages(runtime: Runtime, config: Config, bus: KafkaBus, chosen: tuple[str, ...]) -> list[Stage]:
    """The stages of a worker, over Kafka, Redis, the snapshot folder and the series store."""
    key = runtime.secret_key()
    log = KafkaLog(runtime.kafka, runtime.prefix)
    snapshots = FileSnapshots(runtime.snapshot_folder, key)
    every = runtime.snapshot_seconds
    stages: list[Stage] = []
    reader = make_reader(runtime.reader, config.taxonomy, config.subjects)
    if "learn" in chosen:
        fresh = partial(learn_core, runtime.partitions, config.panes, config.taxonomy, reader)
        stages.append(LearnStage(fresh, snapshots, log, every))
    if "count" in chosen:
        redis = Redis.from_url(runtime.redis.get_secret_value())
        seen = RedisSeenIds(redis, runtime.prefix, int(config.count.horizon))
        words, made = CaseReader(config.grade).read, made_of(reader, config.taxonomy)
        stages.append(CountStage(runtime.partitions, config.panes, config.count, reader, seen, log, words, made))
    if "detect" in chosen:
        stages.append(
            DetectStage(runtime.partitions, config.panes, config.detect, snapshots, log, every, Grader(config.grade))
        )
    if "decide" in chosen:
        stages.append(DecideStage(config.policy, snapshots, log, every, followers(config, ledger_key(runtime))))
    if "notify" in chosen:
        stages.append(NotifyStage(make_notifier(config, SystemClock(), make_links(runtime)), bus, log))
    if "record" in chosen:
        store = open_kept(runtime.store, SystemClock(), runtime.member or platform.node() or "worker")
        store.setup()
        stages.append(RecordStage(store, open_ledger(runtime, SystemClock())))
        if isinstance(store, Drawing):
            stages.append(DeadStage(store))
    return stages


def make_worker(runtime: Runtime, config: Config, chosen: tuple[str, ...] = STAGES) -> WorkerParts:
    """One worker process: a Faust app with an agent a stage."""
    app = make_app(
        GroupSettings(
            bootstrap=runtime.kafka,
            group=f"{runtime.prefix}workers",
            partitions=runtime.partitions,
            datadir=runtime.var / "faust",
            member=runtime.member,
        )
    )
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    clock = SystemClock()
    shells, pulse, turns = [], Pulse(), Turns()
    for stage in worker_stages(runtime, config, bus, chosen):
        name = topic_name(runtime, stage.topic)
        shell = StageShell(app, stage, name, bus, clock, pulse, turns)
        topic = app.topic(name, key_type=bytes, value_type=bytes, acks=False)
        app.agent(topic, name=f"fenghuo.{stage.name}", concurrency=1)(shell.run)
        shells.append(shell)
    if "view" in chosen:
        feed = ViewFeed(runtime.kafka, runtime.prefix, make_view(runtime), clock, runtime.member, pulse)
        app.task(feed.run)
    pulses = RedisPulses(Redis.from_url(runtime.redis.get_secret_value(), socket_timeout=10), runtime.prefix, clock)

    async def beat() -> None:
        await pulse.beat(pulses)

    app.task(beat)
    return WorkerParts(app, bus, shells)


def make_view(runtime: Runtime) -> FoldedView:
    """The live view of this pipeline: read and written, it is the same."""
    return redis_view(Redis.from_url(runtime.redis.get_secret_value(), health_check_interval=15), runtime.prefix)


def topic_name(runtime: Runtime, topic: Topic) -> str:
    """The topic's name in Kafka."""
    return runtime.prefix + topic.value
