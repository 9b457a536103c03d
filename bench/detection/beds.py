"""Streams on which incidents are planted: made ones at several base rates, tweets at airlines, messages of citizens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.detection import data
from bench.detection.generate import World, make
from bench.detection.incidents import Kind, found, places, plant
from bench.detection.stream import DAY, HOUR, WEEK, Floats, Stream

RATES = (0.05, 0.5, 5.0, 50.0)
WARM = 3 * WEEK
STREAMS, WEEKS = 5, 12
GAP = 6 * DAY


@dataclass(frozen=True)
class Ground:
    """One stream with what is expected of it."""

    stream: Stream
    mean: Floats
    phi: float


@dataclass(frozen=True)
class Planted:
    """A stream with incidents in it."""

    stream: Stream
    starts: list[int]
    rows: int


@dataclass(frozen=True)
class Bed:
    """Streams of one nature. ``warm`` steps at the start are for learning; then an incident every ``gap`` steps.

    ``passes`` is how often each stream is used, with the incidents elsewhere each time.
    """

    name: str
    grounds: list[Ground]
    warm: int
    gap: int
    passes: int = 1

    @property
    def streams(self) -> list[Stream]:
        """Those without incidents."""
        return [one.stream for one in self.grounds]

    @property
    def weeks(self) -> float:
        """Judged time of these."""
        return sum((len(one.values) - self.warm) / one.per_week for one in self.streams)

    def planted(self, kind: Kind, seed: int) -> list[Planted]:
        """The streams with incidents of one kind."""
        return [
            self._plant(ground, kind, np.random.default_rng((seed, number, place)))
            for place, ground in enumerate(self.grounds)
            for number in range(self.passes)
        ]

    def _plant(self, ground: Ground, kind: Kind, rng: np.random.Generator) -> Planted:
        rows = ground.stream.rows(kind.seconds)
        starts = places(rng, ground.stream, self.warm, self.gap, rows)
        values = plant(rng, ground.stream.values, ground.mean, ground.phi, kind, starts, rows)
        return Planted(ground.stream.with_values(values), starts, rows)


def delays(planted: Planted, told: list[int], grace: int) -> list[float | None]:
    """Minutes from the start of each incident to the end of the step that warned."""
    minutes = planted.stream.step / 60
    hits = found(told, planted.starts, planted.rows, planted.stream.rows(grace))
    return [None if one is None else (one + 1) * minutes for one in hits]


def made(rate: float, seed: int) -> Bed:
    """Negative binomial counts with hours and weekdays."""
    worlds = [make(World(f"{rate:g} a step", base=rate), WEEKS, seed * 1000 + place) for place in range(STREAMS)]
    grounds = [Ground(one.stream, one.mean, one.phi) for one in worlds]
    return Bed(f"made, {rate:g} a step", grounds, *_rows(grounds[0].stream, WARM, GAP))


def airlines(folder: Path) -> Bed:
    """Six airlines; they have eight days in all, so three of them must do for learning, and one incident each time."""
    grounds = [_real(one) for one in data.airlines(folder)]
    return Bed("airlines", grounds, *_rows(grounds[0].stream, 3 * DAY, 105 * HOUR), passes=8)


def citizens(folder: Path) -> Bed:
    """One city hall, half a year."""
    grounds = [_real(one) for one in data.citizens(folder)]
    return Bed("citizens", grounds, *_rows(grounds[0].stream, WARM, GAP))


def _rows(stream: Stream, warm: int, gap: int) -> tuple[int, int]:
    return stream.rows(warm), stream.rows(gap)


def _real(stream: Stream, phi: float = 0.2) -> Ground:
    """What is expected of a real stream: its mean by hour of the day."""
    hours = np.array([when.hour for when in stream.times])
    sums = np.bincount(hours, stream.values, 24)
    return Ground(stream, np.asarray((sums / np.maximum(1, np.bincount(hours, minlength=24)))[hours]), phi)
