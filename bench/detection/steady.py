"""A steady stream: 500 a day for a month, the negative share climbing from 0.19 to 0.32, through the whole pipeline."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from bench.detection.show import Shown
from contracts.clock import SystemClock
from contracts.records import SignalKind
from fenghuo.cli.filework import load_files, options_from
from fenghuo.readers import make_reader
from fenghuo.replay import replay
from fenghuo.settings import Runtime, load_config
from fenghuo.simulator import records, steady
from fenghuo.simulator.calendar import ZONE

CONFIG = Path(__file__).resolve().parents[2] / "config"
START = datetime(2026, 1, 5, tzinfo=ZONE)
SEEDS = (1, 2)
TONE = SignalKind.SENTIMENT_SHIFT.value


def run(folder: Path) -> list[Shown]:
    """The table."""
    shown = Shown(
        "A steady month: 500 a day, negative share from 0.19 to 0.32; warnings told by kind of what caused them",
        ("seed", "mentions", "volume", "tone", "other"),
    )
    for seed in SEEDS:
        mentions, told = month(seed)
        volume = sum(times for kind, times in told.items() if kind.startswith("volume"))
        shown.add(seed, mentions, volume, told[TONE], sum(told.values()) - volume - told[TONE])
    shown.notes.append("Wanted: volume 0, tone at most 1.")
    return [shown]


def month(seed: int) -> tuple[int, Counter[str]]:
    """How many mentions a month of this seed has, and how many warnings of each kind it brought."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "steady.ndjson"
        lines = [orjson.dumps(one) for one in records(steady(START, seed=seed))]
        path.write_bytes(b"\n".join(lines))
        runtime, config = Runtime(), load_config(CONFIG)
        loaded = load_files([path], options_from(None, None, "auto", None, None), config, runtime, SystemClock())
        reader = make_reader(runtime.reader, config.taxonomy, config.subjects)
        found = asyncio.run(replay(loaded.rows, loaded.source, config, reader))
    return len(lines), Counter(event.kind for event in found.events if event.notify)
