"""Small counts: are the probabilities right, is a little more on a Sunday silent, are six at night found?

The probability-integral transform: if the predicted distribution is right, the rank of each count in it (randomised
within a count, because counts are whole) is uniform between 0 and 1.

    python -m bench.detection.small > docs/images/pit.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from bench.detection import product
from bench.detection.generate import World, make
from bench.detection.intervals import wilson
from bench.detection.pit import transform
from bench.detection.plot import histograms
from bench.detection.show import Shown, share
from bench.detection.stream import DAY, Floats, Stream

HOUR_ROWS = 12
WORLDS = (
    World("0.05 a step", 0.05, phi=0.0),
    World("0.5 a step", 0.5, phi=0.1),
    World("5 a step", 5.0, phi=0.1),
    World("50 a step", 50.0, phi=0.1),
)
WEEKS = 12
LEARNED = 6
"""Weeks after which a prediction is judged: it goes on learning the season for as long."""
TRIALS = 60


def run(folder: Path, seed: int = 5, trials: int = TRIALS) -> list[Shown]:
    """The tables."""
    return [_uniform(ranks(seed)), _scenes(seed, trials)]


def ranks(seed: int = 5) -> dict[str, Floats]:
    """By stream the rank of each judged count."""
    made = {world.name: make(world, WEEKS, seed * 100 + place) for place, world in enumerate(WORLDS)}
    return {name: transform(one.stream, seed)[one.stream.per_week * LEARNED :] for name, one in made.items()}


def _uniform(found: dict[str, Floats]) -> Shown:
    shown = Shown(
        f"Probability-integral transform of one step's count, weeks {LEARNED + 1} to {WEEKS}",
        ("stream", "counts", "mean (0.5)", "sd (0.289)", "below 1 %", "above 99 %", "largest distance", "p"),
    )
    for name, one in found.items():
        test = stats.kstest(one, "uniform")
        shown.add(
            name,
            len(one),
            f"{one.mean():.3f}",
            f"{one.std():.3f}",
            f"{(one < 0.01).mean():.2%}",
            f"{(one > 0.99).mean():.2%}",
            f"{test.statistic:.3f}",
            f"{test.pvalue:.3f}",
        )
    shown.notes.append(
        "Largest distance and p: Kolmogorov and Smirnov against the uniform distribution. So many counts make some "
        "thousandths improbable; the distance says how far any stated probability may be off."
    )
    return shown


def _scenes(seed: int, trials: int) -> Shown:
    quiet = sum(not _warned(_sunday(seed * 1000 + one)) for one in range(trials))
    night = sum(_warned(_night(seed * 2000 + one)) for one in range(trials))
    shown = Shown("Scenes of small counts, per cent of trials (95 % interval)", ("scene", "trials", "wanted", "share"))
    shown.add("Sunday hour with 4 where 2 are usual", trials, "silent", share(quiet, trials, wilson(quiet, trials)))
    shown.add("6 of one category in half an hour of a night where none come", trials, "found", _percent(night, trials))
    return shown


def _percent(hits: int, trials: int) -> str:
    return share(hits, trials, wilson(hits, trials))


def _warned(scene: tuple[Stream, int]) -> bool:
    stream, start = scene
    return any(start <= place < start + 2 * HOUR_ROWS for place in product.places(stream))


def _sunday(seed: int) -> tuple[Stream, int]:
    """Five weeks with two mentions an hour on Sundays; then a Sunday hour with exactly four."""
    made = make(World("Sunday", base=2 / HOUR_ROWS * 1.5, phi=0.0, daily=0.3, weekly=0.4), 6, seed)
    rng = np.random.default_rng((seed, 1))
    start = made.stream.rows(34 * DAY) + HOUR_ROWS * int(rng.integers(9, 20))
    return _replaced(made.stream, start, HOUR_ROWS, 4, rng), start


def _night(seed: int) -> tuple[Stream, int]:
    """Five weeks of a category with ten mentions a day and none at night; then six in half an hour at three o'clock."""
    made = make(World("night", base=10 / 288, phi=0.0, daily=1.0, weekly=0.0), 6, seed)
    hours = (np.arange(len(made.stream.values)) // HOUR_ROWS) % 24
    values = np.where((hours >= 1) & (hours < 6), 0.0, made.stream.values)
    rng = np.random.default_rng((seed, 1))
    start = made.stream.rows((35 + int(rng.integers(0, 4))) * DAY) + 3 * HOUR_ROWS
    return _replaced(made.stream.with_values(values), start, HOUR_ROWS // 2, 6, rng), start


def _replaced(stream: Stream, start: int, rows: int, count: int, rng: np.random.Generator) -> Stream:
    """The stream with exactly ``count`` in these steps."""
    values: Floats = stream.values.copy()
    values[start : start + rows] = np.bincount(rng.integers(0, rows, count), minlength=rows)
    return stream.with_values(values)


if __name__ == "__main__":
    sys.stdout.write(histograms(ranks()))
