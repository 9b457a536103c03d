"""Does an incident teach the detector to overlook its like? The same incident again after 1, 3 and 7 quiet days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.detection import product
from bench.detection.generate import World, draw, make
from bench.detection.incidents import GRACE, Kind
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
STREAMS, EACH = 3, 20
WARM_WEEKS, WEEKS = 4, 12


@dataclass(frozen=True)
class Trials:
    """One stream and the incidents that are judged on it, each in a future of its own."""

    stream: Stream
    starts: list[int]
    extras: list[Floats]

    def hits(self) -> dict[int | None, int]:
        """How many are found the first time (None), and so many quiet days after the very same."""
        begins = {self.begin(start, days) for start in self.starts for days in (None, *LAGS)}
        saved = product.Watch(self.stream).run(self.stream.values, begins).saved
        return {
            days: sum(
                self._found(saved, start, extra, days) for start, extra in zip(self.starts, self.extras, strict=True)
            )
            for days in (None, *LAGS)
        }

    def begin(self, start: int, days: int | None) -> int:
        """Where the first of the two incidents starts."""
        return start if days is None else start - len(self.extras[0]) - days * self.stream.rows(DAY)

    def _found(self, saved: dict[int, bytes], start: int, extra: Floats, days: int | None) -> bool:
        begin = self.begin(start, days)
        rows = len(extra)
        values = self.stream.values[begin : start + rows + self.stream.rows(GRACE)].copy()
        values[start - begin : start - begin + rows] += extra
        if days is not None:
            values[:rows] += extra
        told = product.load(saved[begin]).run(values).told
        return any(place >= start - begin for place in told)


def run(folder: Path, seed: int = 11) -> list[Shown]:
    """The table."""
    shown = Shown(
        "The same incident again, a quiet time after the first: found in per cent (95 % interval)",
        ("incident", "trials", "first time", *(f"after {days} d" for days in LAGS)),
    )
    sums: Counter[int | None] = Counter()
    for place, (rate, kind) in enumerate(CASES):
        hits: Counter[int | None] = Counter()
        for number in range(STREAMS):
            hits.update(trials(rate, kind, seed * 1000 + place * 100 + number).hits())
        sums.update(hits)
        of = STREAMS * EACH
        cells = [share(hits[days], of, wilson(hits[days], of)) for days in (None, *LAGS)]
        shown.add(f"{kind.name} at {rate:g} a step", of, *cells)
    ratios = ", ".join(f"{days} d {100 * sums[days] / sums[None]:.0f} %" for days in LAGS) if sums[None] else "none"
    shown.notes.append(f"Found again, as a share of the first time, all together: {ratios}.")
    return [shown]


def trials(rate: float, kind: Kind, seed: int) -> Trials:
    """Incidents at random times, the first with five weeks of ordinary life before it."""
    made = make(World("repeated", base=rate), WEEKS, seed)
    rng = np.random.default_rng((seed, 1))
    rows = made.stream.rows(kind.seconds)
    begin = made.stream.rows(WARM_WEEKS * WEEK + 8 * DAY)
    starts = sorted(rng.integers(begin, len(made.mean) - made.stream.rows(2 * DAY), EACH).tolist())
    extras = [draw(rng, made.mean[start : start + rows] * kind.shape(rows), made.phi) for start in starts]
    return Trials(made.stream, starts, extras)
