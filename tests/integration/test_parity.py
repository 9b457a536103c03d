"""The same file through Kafka with three workers and through ``replay``: the same incidents, byte for byte."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.clock import SystemClock
from contracts.records import IncidentEventKind
from contracts.topics import PIPELINE, Topic
from dashboards.export import write_incidents
from dashboards.settings import StoreSettings
from dashboards.store.refuse import EARLIEST, LATEST
from dashboards.store.sqlite import SqliteStore
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.cli.filework import load_files, options_from
from fenghuo.history import send_rows
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.readers import make_reader
from fenghuo.replay import replay
from fenghuo.settings import Runtime, load_config
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.incidents import CopyFlood, SentimentShift, SuddenSurge
from fenghuo.simulator.play import play
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.sinks import FileSink
from fenghuo.simulator.world import BRANDS
from streams.sources.load import Loaded
from tests.integration.stack import ROOT, Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.valkey, pytest.mark.slow]

PARTITIONS, WORKERS = 6, 3
AIRLINES = ROOT.parent / "shared" / "data" / "airline_2015.csv"
START = datetime(2026, 1, 5, tzinfo=ZONE)


async def test_a_simulated_file(kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "simulated.ndjson"
    sink = FileSink(path)
    play(Simulation(simulated()), sink, SystemClock())
    sink.close()
    opened = await both_ways(Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, PARTITIONS), path)
    assert opened >= 4


@pytest.mark.skipif(not AIRLINES.exists(), reason="the real data set ../shared/data/airline_2015.csv is not here")
async def test_a_week_of_real_mentions(kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path) -> None:
    assert await both_ways(Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, PARTITIONS), AIRLINES) >= 4


def simulated() -> Scenario:
    """Four days of three brands, about five thousand mentions; in the last day four incidents."""
    first, second, third = BRANDS[:3]

    def at(hours: float) -> datetime:
        return START + timedelta(days=3, hours=hours)

    planted = (
        SuddenSurge(brand=first.name, start=at(2), minutes=60, factor=12),
        CopyFlood(brand=second.name, start=at(5), minutes=30, copies=80),
        SuddenSurge(brand=third.name, start=at(9), minutes=40, factor=15),
        SentimentShift(brand=second.name, start=at(10), minutes=480, share=0.85),
        SuddenSurge(brand=first.name, start=at(16), minutes=90, factor=9),
        SuddenSurge(brand=second.name, start=at(20), minutes=60, factor=12),
    )
    return Scenario(start=START, end=START + timedelta(days=4), brands=BRANDS[:3], rate=350, incidents=planted)


async def both_ways(pipeline: Pipeline, path: Path) -> int:
    """Send the file to three workers and through a replay, compare what they wrote; how many incidents opened."""
    config, runtime = load_config(pipeline.config), Runtime()
    loaded = load_files([path], options_from(None, None, "auto", None, None), config, runtime, SystemClock())
    found = await replay(
        loaded.rows, loaded.source, config, make_reader(runtime.reader, config.taxonomy, config.subjects)
    )
    replayed, recorded = pipeline.folder / "replayed.ndjson", pipeline.folder / "recorded.ndjson"
    write_incidents(found.events, replayed)
    await through_kafka(pipeline, loaded, recorded)
    assert recorded.read_bytes().decode() == replayed.read_bytes().decode()
    return Counter(one.event for one in found.events)[IncidentEventKind.OPENED]


async def through_kafka(pipeline: Pipeline, loaded: Loaded, target: Path) -> None:
    """Three workers that each own some partitions of every topic; ``target`` is what the recorder's store holds."""
    await pipeline.prepare()
    try:
        for _ in range(WORKERS):
            pipeline.add_worker()
        owned = await pipeline.shared_by(WORKERS)
        for topic in PIPELINE:
            shares = [held[pipeline.prefix + topic] for held in owned.values()]
            assert len(shares) == WORKERS and all(shares), owned
            assert sorted(one for share in shares for one in share) == list(range(PARTITIONS))
        bus = KafkaBus(pipeline.bootstrap, pipeline.prefix)
        await send_rows(loaded, bus, PARTITIONS)
        await bus.stop()
        await pipeline.caught_up(*PIPELINE)
        assert await pipeline.owned() == owned, pipeline.logs()
        assert all(worker.starts == 1 for worker in pipeline.workers), pipeline.logs()
        assert len(await pipeline.read(Topic.MENTIONS)) >= PARTITIONS
    finally:
        pipeline.stop()
    store = SqliteStore(StoreSettings(path=pipeline.folder / "series.sqlite"))
    store.setup()
    write_incidents(store.incidents(EARLIEST, LATEST), target)
    store.close()
