"""Streams on which incidents are planted: made ones at several base rates, tweets at airlines, messages of citizens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.detection import data
from bench.detection.generate import World, draw, make
from bench.detection.incidents import GRACE, Kind
from bench.detection.stream import DAY, HOUR, WEEK, Floats, Stream

RATES = (0.05, 0.5, 5.0, 50.0)
WARM = 3 * WEEK
STREAMS, WEEKS = 4, 12
INCIDENTS = 60
"""Of a kind on a bed."""


@dataclass(frozen=True)
class Ground:
    """One stream with what is expected of it, and where incidents start, each in a future of its own."""

    stream: Stream
    mean: Floats
    phi: float
    starts: tuple[int, ...]

    def future(self, start: int, kind: Kind, seed: int) -> Floats:
        """Counts from ``start`` to an hour after the end of an incident of this kind; what is added is drawn."""
        rng = np.random.default_rng((seed, start, round(kind.factor * 10), kind.seconds, len(self.stream.name)))
        rows = self.stream.rows(kind.seconds)
        values = self.stream.values[start : start + rows + self.stream.rows(GRACE)].copy()
        values[:rows] += draw(rng, self.mean[start : start + rows] * kind.shape(rows), self.phi)
        return values


@dataclass(frozen=True)
class Bed:
    """Streams of one nature, whose first ``warm`` steps are for learning."""

    name: str
    grounds: list[Ground]
    warm: int

    @property
    def streams(self) -> list[Stream]:
        """Those without incidents."""
        return [one.stream for one in self.grounds]

    @property
    def weeks(self) -> float:
        """Judged time of these."""
        return sum((len(one.values) - self.warm) / one.per_week for one in self.streams)


def made(rate: float, seed: int) -> Bed:
    """Negative binomial counts with hours and weekdays."""
    worlds = [make(World(f"{rate:g} a step", base=rate), WEEKS, seed * 1000 + place) for place in range(STREAMS)]
    grounds = [(one.stream, one.mean, one.phi) for one in worlds]
    return _bed(f"made, {rate:g} a step", grounds, WARM, seed)


def airlines(folder: Path, seed: int) -> Bed:
    """Six airlines; they have eight days in all, so three of them must do for learning."""
    return _bed("airlines", [_real(one) for one in data.airlines(folder)], 3 * DAY, seed)


def citizens(folder: Path, seed: int) -> Bed:
    """One city hall, half a year."""
    return _bed("citizens", [_real(one) for one in data.citizens(folder)], WARM, seed)


def _bed(name: str, grounds: list[tuple[Stream, Floats, float]], warm: int, seed: int) -> Bed:
    rng = np.random.default_rng((seed, len(name)))
    begin = grounds[0][0].rows(warm)
    each = INCIDENTS // len(grounds)
    made = [Ground(stream, mean, phi, _starts(rng, stream, begin, each)) for stream, mean, phi in grounds]
    return Bed(name, made, begin)


def _starts(rng: np.random.Generator, stream: Stream, begin: int, number: int) -> tuple[int, ...]:
    """Random times, one in each equal part of the judged stream."""
    end = len(stream.values) - stream.rows(DAY + 2 * HOUR)
    edges = np.linspace(begin, end, number + 1).astype(int).tolist()
    return tuple(int(rng.integers(low, high)) for low, high in zip(edges, edges[1:], strict=False))


def _real(stream: Stream, phi: float = 0.2) -> tuple[Stream, Floats, float]:
    """What is expected of a real stream: its mean by hour of the day."""
    hours = np.array([when.hour for when in stream.times])
    sums = np.bincount(hours, stream.values, 24)
    return stream, np.asarray((sums / np.maximum(1, np.bincount(hours, minlength=24)))[hours]), phi
