"""What judging costs: microseconds and bytes a series and bucket, all detectors of a brand together."""

from __future__ import annotations

import gc
import pickle
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import numpy as np

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
WARM_BUCKETS = round(3.2 * 1440)
"""So that all windows up to a day are judged."""
BUCKETS = 15
MOST_MICROSECONDS, MOST_BYTES = 60, 20_000
FLEET = 100_000
BEGIN = 30_000_000


@dataclass(frozen=True)
class Cost:
    """Of one series and bucket."""

    microseconds: float
    bytes: float


def run(folder: Path) -> list[Shown]:
    """The table."""
    found = measured()
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
        f"{BRANDS} brands of {SERIES} series ({BRANDS * SERIES:,}), one-minute buckets, three mentions each in every "
        f"bucket, watched for {WARM_BUCKETS / 1440:.1f} days, so that all windows are judged; processor time of "
        f"{BUCKETS} buckets. {FLEET:,} series are an estimate from these."
    )
    return [shown]


def measured() -> Cost:
    """One brand is watched for some days and copied; then all copies go on, each with counts of its own."""
    rng = np.random.default_rng(1)
    panes = Panes()
    keys = _keys("brand")
    first = BrandDetector("brand", panes, DetectSettings())
    for bucket in range(BEGIN, BEGIN + WARM_BUCKETS):
        first.step(panes.first_pane(bucket), _counts(rng, keys), {})
    saved = pickle.dumps(first)
    gc.collect()
    tracemalloc.start()
    fleet: list[BrandDetector] = [pickle.loads(saved) for _ in range(BRANDS)]  # noqa: S301  (our own, just made)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    spent = 0.0
    for bucket in range(BEGIN + WARM_BUCKETS, BEGIN + WARM_BUCKETS + BUCKETS):
        given = [_counts(rng, keys) for _ in fleet]
        begun = time.process_time()
        for detector, counts in zip(fleet, given, strict=True):
            detector.step(panes.first_pane(bucket), counts, {})
        spent += time.process_time() - begun
    return Cost(spent / (BRANDS * SERIES * BUCKETS) * 1e6, held / (BRANDS * SERIES))


def _counts(rng: np.random.Generator, keys: list[str]) -> PaneInput:
    drawn = rng.poisson(3.0, len(keys)).tolist()
    return PaneInput({key: Counts(n, n // 4, n // 5, 0, 10 * n) for key, n in zip(keys, drawn, strict=True)}, ())


def _keys(brand: str) -> list[str]:
    one = {"brand": brand}
    keys = [series_key(one)] + [series_key(one | {"channel": name}) for name in CHANNELS]
    return keys + [series_key(one | {"category": name}) for name in CATEGORIES]


def _offline() -> float:
    made = make(World("cost", base=5.0), weeks=4, seed=1)
    begun = time.process_time()
    product.places(made.stream)
    return (time.process_time() - begun) / len(made.stream.values) * 1e6
