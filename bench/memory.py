"""How much memory a series costs: the whole of counting, detecting and deciding in one process, and a real worker.

Where it sits: ``python -m bench memory``. Two runs of the same code, with few brands and with many; the difference of
what the process holds, divided by the difference in series, is the price of one series with all that belongs to its
brand: season, windows, remembered texts, recent voices.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.feed import LATENESS, SOURCE, mentions
from bench.servers import usage
from contracts.codec import decode_mixed
from contracts.ports import In, Out
from contracts.records import BucketRow
from detectors.agents import DetectCore
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.readers import make_reader
from fenghuo.settings import load_config
from streams.count import CountPartition

CONFIG = Path(__file__).resolve().parents[1] / "config"
EACH = 6_000
"""Mentions of each brand: texts enough to fill what is remembered of it for the most part."""
BOUND_MB, BOUND_KB = 300.0, 20.0


@dataclass(frozen=True)
class Held:
    """What one process held at the end."""

    brands: int
    series: int
    memory_mb: float


def measure(few: int, many: int) -> tuple[Held, Held]:
    """A process for each, so that neither inherits what the other left."""
    return _apart(few), _apart(many)


def per_series_kb(few: Held, many: Held) -> float:
    """The price of one series.

    >>> per_series_kb(Held(1, 50, 150.0), Held(3, 150, 151.0))
    10.0
    """
    return (many.memory_mb - few.memory_mb) * 1_000 / (many.series - few.series)


def _apart(brands: int) -> Held:
    command = [sys.executable, "-m", "bench.memory", str(brands)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Held(**json.loads(done.stdout))


class AllNew:
    """Seen ids lie in Redis, so they are not weighed here; the feed's few repeats count twice."""

    async def register(
        self, partition: int, after: int, upto: int, ids: Sequence[tuple[bytes, str, int]]
    ) -> list[bool] | None:
        """Every id counts."""
        return [True] * len(ids)

    async def restore(
        self, partition: int, upto: int, read: Callable[[], AsyncIterator[Sequence[tuple[bytes, str, int]]]]
    ) -> None:
        """Nothing is kept."""


async def run(brands: int) -> Held:
    """Feed ``brands`` brands into a pipeline with no server, and say what the process holds."""
    config = load_config(CONFIG)
    count = CountPartition(0, 1, config.panes, config.count, make_reader("lexicon"), AllNew(), MemoryLog(), None)
    detect = DetectCore(0, 1, config.panes, config.detect)
    head: dict[str, Any] = {"schema_version": 1, "source": SOURCE, "lateness": LATENESS}
    series: set[str] = set()
    batch: list[dict[str, Any]] = []
    offset = 0
    for number, one in enumerate(mentions(EACH * brands, per_second=brands)):
        batch.append(one | {"brand": f"brand {number % brands:04}", "text": f"{one['text']} {number:x}"})
        if len(batch) == 500:
            work = await count.handle([In(offset, orjson.dumps(head | {"mentions": batch}))])
            offset += 1
            batch = []
            for out in work.outs:
                series.update(_judged(detect, out))
    gc.collect()
    return Held(brands, len(series), usage(os.getpid()).memory_mb)


def _judged(detect: DetectCore, out: Out) -> set[str]:
    """Let the detectors judge; the series they wrote rows of."""
    rows = [record for made in detect.take(out.value) for record in decode_mixed(made.value)]
    return {one.series for one in rows if isinstance(one, BucketRow)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(run(int(sys.argv[1]))))))
