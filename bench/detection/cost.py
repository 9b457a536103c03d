"""What judging costs: microseconds and bytes a series and bucket, all detectors of a brand together."""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

from bench.detection import product
from bench.detection.generate import World, make
from bench.detection.show import Shown
from contracts.panes import Panes
from contracts.records import Counts
from contracts.series import series_key
from detectors.brand import BrandDetector, PaneInput
from detectors.settings import DetectSettings

BRANDS = 100
CHANNELS = tuple(f"channel{number}" for number in range(9))
CATEGORIES = tuple(f"category{number}" for number in range(10))
SERIES = 1 + len(CHANNELS) + len(CATEGORIES)
"""Of a brand."""
WARM_DAYS = 4
BUCKETS = 30
MOST_MICROSECONDS, MOST_BYTES = 60, 20_000
FLEET = 100_000


@dataclass(frozen=True)
class Cost:
    """Of one series and bucket."""

    microseconds: float
    bytes: float


def run(folder: Path) -> list[Shown]:
    """The table."""
    found = Cost(_time(), _memory())
    seconds = found.microseconds * FLEET / 1e6
    shown = Shown("Cost of a series and bucket, default set", ("", "measured", "bound"))
    shown.add("processor time", f"{found.microseconds:.1f} µs", f"{MOST_MICROSECONDS} µs")
    shown.add("memory of a series", f"{found.bytes / 1000:.1f} kB", f"{MOST_BYTES / 1000:.0f} kB")
    shown.add(f"a bucket of {FLEET:,} series", f"{seconds:.1f} s", "60 s")
    shown.add(
        f"memory of {FLEET:,} series", f"{found.bytes * FLEET / 1e9:.1f} GB", f"{MOST_BYTES * FLEET / 1e9:.0f} GB"
    )
    shown.add("one series alone, offline", f"{_offline():.1f} µs", "–")
    shown.notes.append(
        f"{BRANDS} brands of {SERIES} series, one-minute buckets; each series has counts in every bucket, after "
        f"{WARM_DAYS} days, so that all windows are judged. Memory: {MEMORY_BRANDS} brands, two days of buckets. "
        f"{FLEET:,} series are an estimate from these."
    )
    return [shown]


MEMORY_BRANDS = 3


class Fleet:
    """Brands with series, fed bucket by bucket."""

    def __init__(self, brands: int, seed: int = 1) -> None:
        self._panes = Panes()
        names = [f"brand{number}" for number in range(brands)]
        self._brands = [(name, BrandDetector(name, self._panes, DetectSettings()), _keys(name)) for name in names]
        self._rng = random.Random(seed)
        self._bucket = 30_000_000

    def feed(self, skip: int = 1) -> None:
        """One bucket of counts for every series, ``skip`` buckets after the last."""
        self._bucket += skip
        pane = self._panes.first_pane(self._bucket)
        for _, detector, keys in self._brands:
            rows = {key: Counts(n, n // 4, n // 5, 0, 10 * n) for key in keys if (n := self._rng.randrange(1, 6))}
            detector.step(pane, PaneInput(rows, ()), {})


def _keys(brand: str) -> list[str]:
    one = {"brand": brand}
    keys = [series_key(one)] + [series_key(one | {"channel": name}) for name in CHANNELS]
    return keys + [series_key(one | {"category": name}) for name in CATEGORIES]


def _time() -> float:
    fleet = Fleet(BRANDS)
    for _ in range(WARM_DAYS * 24):
        fleet.feed(skip=60)
    begun = time.process_time()
    for _ in range(BUCKETS):
        fleet.feed()
    return (time.process_time() - begun) / (BRANDS * SERIES * BUCKETS) * 1e6


def _memory() -> float:
    gc.collect()
    tracemalloc.start()
    fleet = Fleet(MEMORY_BRANDS)
    for _ in range(2 * 288):
        fleet.feed(skip=5)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del fleet
    return held / (MEMORY_BRANDS * SERIES)


def _offline() -> float:
    made = make(World("cost", base=5.0), weeks=4, seed=1)
    begun = time.process_time()
    product.places(made.stream)
    return (time.process_time() - begun) / len(made.stream.values) * 1e6
