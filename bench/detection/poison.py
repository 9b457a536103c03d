"""Does an incident teach the detector to overlook its like? The same incident again after 1, 3 and 7 quiet days."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.detection import product
from bench.detection.generate import World, draw, make
from bench.detection.incidents import GRACE, Kind, found
from bench.detection.intervals import wilson
from bench.detection.show import Shown, share
from bench.detection.stream import DAY, WEEK, Floats, Stream

LAGS = (1, 3, 7)
CASES = (
    (0.5, Kind(5.0, 3600)),
    (5.0, Kind(2.0, 21_600)),
    (5.0, Kind(3.0, 3600)),
    (50.0, Kind(3.0, 3600)),
)
TRIALS = 40
WARM_WEEKS = 4


@dataclass(frozen=True)
class Trial:
    """One stream; the incident that is judged starts at ``start``, and is ``extra``."""

    stream: Stream
    start: int
    extra: Floats

    def hit(self, days: int | None) -> bool:
        """Whether it is found, with or without the very same so many quiet days before it."""
        rows = len(self.extra)
        values = self.stream.values.copy()
        values[self.start : self.start + rows] += self.extra
        if days is not None:
            first = self.start - rows - days * self.stream.rows(DAY)
            values[first : first + rows] += self.extra
        told = product.places(self.stream.with_values(values))
        return found(told, [self.start], rows, self.stream.rows(GRACE))[0] is not None


def run(folder: Path, seed: int = 11, trials: int = TRIALS) -> list[Shown]:
    """The table."""
    shown = Shown(
        "The same incident again, a quiet time after the first: found in per cent (95 % interval)",
        ("incident", "trials", "first time", *(f"after {days} d" for days in LAGS)),
    )
    sums = dict.fromkeys((None, *LAGS), 0)
    for place, (rate, kind) in enumerate(CASES):
        made = [trial(rate, kind, seed * 1000 + place * 100 + one) for one in range(trials)]
        hits = {days: sum(one.hit(days) for one in made) for days in sums}
        for days, one in hits.items():
            sums[days] += one
        cells = [share(one, trials, wilson(one, trials)) for one in hits.values()]
        shown.add(f"{kind.name} at {rate:g} a step", trials, *cells)
    ratios = ", ".join(f"{days} d {100 * sums[days] / sums[None]:.0f} %" for days in LAGS) if sums[None] else "none"
    shown.notes.append(f"Found again, as a share of the first time, all together: {ratios}.")
    return [shown]


def trial(rate: float, kind: Kind, seed: int) -> Trial:
    """Four weeks of ordinary life, and an incident at some time of the eight days behind them."""
    made = make(World("repeated", base=rate), WARM_WEEKS + 2, seed)
    rng = np.random.default_rng((seed, 1))
    rows = made.stream.rows(kind.seconds)
    start = made.stream.rows(WARM_WEEKS * WEEK + 8 * DAY) + int(rng.integers(0, made.stream.rows(DAY)))
    extra = draw(rng, made.mean[start : start + rows] * kind.shape(rows), made.phi)
    cut = start + rows + made.stream.rows(GRACE) + 1
    return Trial(Stream.made("repeated", made.stream.values[:cut], made.stream.step), start, extra)
