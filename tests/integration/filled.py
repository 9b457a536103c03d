"""A few simulated days through the whole pipeline into a series store: mentions, case events, late and refused ones."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from contracts.clock import SystemClock
from contracts.codec import encode
from contracts.records import Batch, CaseEvent, Mention
from dashboards.settings import StoreSettings
from dashboards.store.opened import open_store
from fenghuo.cli.filework import load_files, options_from
from fenghuo.readers import make_reader
from fenghuo.record_replay import Recorded, record
from fenghuo.replay import Pipeline, Replayed
from fenghuo.replay_cases import among
from fenghuo.settings import Config, Runtime, load_config
from fenghuo.simulator import Simulation, case_events
from fenghuo.simulator.presets import everything
from streams.sources.arrange import play
from streams.sources.load import Loaded

ROOT = Path(__file__).resolve().parents[2]
START = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
DAYS = 4.0
END = START + timedelta(days=DAYS)
RATE = 200.0


def fill(settings: StoreSettings, folder: Path) -> tuple[Replayed, Recorded]:
    """Simulate, replay, record; gives back what was found and how much was written."""
    scenario = everything(START, days=DAYS, rate=RATE, seed=7)
    path = folder / "mentions.ndjson"
    lines = [orjson.dumps(one) for one in Simulation(scenario).records()]
    lines.insert(50, b'{"id": "broken", "ts": "yesterday", "text": "x"}')
    path.write_bytes(b"\n".join(lines) + b"\n")
    config = load_config(ROOT / "config")
    loaded = load_files([path], options_from(None, None, "auto", None, None), config, Runtime(), SystemClock())
    received = loaded.rows[0].mentions[0].received_at
    cases = [CaseEvent.model_validate({**one, "received_at": received}) for one in case_events(scenario)]
    found = asyncio.run(replayed(loaded, cases, config))
    clock = SystemClock()
    return found, record(found, loaded.letters, open_store(settings, clock), settings, clock)


async def replayed(loaded: Loaded, cases: list[CaseEvent], config: Config) -> Replayed:
    """Mentions as a file brings them, case events among them, and at the end three mentions that come hours late."""
    pipeline = Pipeline(config, make_reader("lexicon", config.taxonomy, config.subjects), keep_rows=True)
    waiting = deque(sorted(cases, key=lambda one: one.ts))
    last: Mention | None = None
    for placed in play(loaded.rows, loaded.source, partitions=1):
        batches = [batch for _, batch in placed]
        last = next((batch.mentions[-1] for batch in reversed(batches) if batch.mentions), last)
        await pipeline.feed(encode(batch) for batch in among(batches, waiting))
    if last is not None:
        overdue = tuple(
            last.model_copy(update={"id": f"late-{n}", "ts": last.ts - timedelta(hours=3 + n)}) for n in range(3)
        )
        await pipeline.feed([encode(Batch(source="sim-late", lateness=0, mentions=overdue))])
    return pipeline.finish()
