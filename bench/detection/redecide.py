"""What deciding again from stored scores costs: a year of a hundred series, and a month of them.

The series are judged once, which is not measured; then their scores are read from the files in which ``fenghuo tune``
keeps them and decided under another allowance, as ``fenghuo tune`` and the console do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from bench.detection.generate import World, make
from bench.detection.show import Shown
from bench.detection.stream import Stream
from detectors.budget_settings import BudgetSettings
from detectors.offline import findings, since
from detectors.redecide import Findings, decided
from detectors.settings import DetectSettings
from fenghuo.tuning import columns

SERIES = 100
RATES = (0.3, 2.0, 10.0, 60.0)
"""So many series are made and judged; the others are their copies, each in a file of its own."""
WEEKS = 365 / 7
MONTH_WEEKS = 30 / 7
YEAR_BOUND, MONTH_BOUND = 5.0, 1.0
_OTHER = BudgetSettings(per_week=1.0)
Result = TypeVar("Result")


def run(folder: Path) -> list[Shown]:
    """The table."""
    shown = Shown(
        f"Deciding again from stored scores, {SERIES} series of five-minute buckets",
        ("", "findings", "read", "decided", "in all", "bound"),
    )
    for name, weeks, bound in (("a year", WEEKS, YEAR_BOUND), ("a month", MONTH_WEEKS, MONTH_BOUND)):
        findings_, read, decide = measured(weeks)
        shown.add(name, f"{findings_:,}", f"{read:.2f} s", f"{decide:.2f} s", f"{read + decide:.2f} s", f"{bound:g} s")
    rates = ", ".join(f"{one:g}" for one in RATES)
    shown.notes.append(
        f"Processor time. {len(RATES)} streams with two bursts a week, at {rates} a step, were judged; the others are "
        "copies in files of their own."
    )
    return [shown]


def measured(weeks: float) -> tuple[int, float, float]:
    """(findings, seconds to read them, seconds to decide)."""
    streams = [made(rate, weeks, seed) for seed, rate in enumerate(RATES)]
    judged = [found(stream) for stream in streams]
    with TemporaryDirectory() as name:
        places = [Path(name) / f"{number}.npz" for number in range(SERIES)]
        for number, place in enumerate(places):
            columns.save(place, judged[number % len(judged)].columns())
        read, stored = _timed(lambda: [Findings(**(columns.load(place) or {})) for place in places])
    each = [streams[number % len(streams)].times for number in range(SERIES)]
    decide, _ = _timed(
        lambda: [decided(one, _OTHER, times, since(times)) for one, times in zip(stored, each, strict=True)]
    )
    return sum(map(len, stored)), read, decide


def made(rate: float, weeks: float, seed: int) -> Stream:
    """A stream with genuine bursts, so that there is something to decide."""
    return make(World(f"{rate:g}", base=rate, slow=0.3, bursts=2.0), weeks, seed).stream


def found(stream: Stream) -> Findings:
    """What stands out of it."""
    values = np.asarray(stream.values).tolist()
    return Findings.of(findings(stream.times, values, settings=DetectSettings()))


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result
