"""Made streams: what was expected and what came, over-dispersed, with season, drift, shifts and holidays.

The means are known, so that incidents can be planted on them and an all-knowing judge can be asked. Everything is a
function of its seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.detection.stream import DAY, WEEK, Floats, Stream

FIVE_MINUTES = 300


@dataclass(frozen=True)
class World:
    """How a stream is made.

    ``base`` is the mean count of a step; ``phi`` the relative variance beyond chance of each step by itself;
    ``slow`` the standard deviation of a log-normal wave that lasts ``slow_hours``; ``tail`` the share of steps that
    are lumps of several times the usual; ``drift`` the growth a week; ``shift`` a factor that holds from the middle of
    the stream; ``holidays`` every how many weeks three days of half the volume come; ``bursts`` genuine bursts a week.
    """

    name: str
    base: float = 5.0
    phi: float = 0.2
    daily: float = 0.8
    weekly: float = 0.3
    slow: float = 0.0
    slow_hours: float = 1.0
    tail: float = 0.0
    drift: float = 1.0
    shift: float = 1.0
    holidays: int = 0
    bursts: float = 0.0
    burst_factor: float = 4.0


@dataclass(frozen=True)
class Made:
    """A made stream with what is known of it."""

    stream: Stream
    mean: Floats
    """Expected count of each step."""
    phi: float
    bursts: int
    """Genuine bursts in it."""


def make(world: World, weeks: float, seed: int, step: int = FIVE_MINUTES) -> Made:
    """A stream of ``weeks`` weeks.

    >>> made = make(World("a", base=5.0, weekly=0.0), weeks=2, seed=1)
    >>> len(made.stream.values), bool(4.5 < made.stream.values.mean() < 5.5)
    (4032, True)
    """
    rng = np.random.default_rng(seed)
    rows = round(weeks * WEEK / step)
    seconds: Floats = np.arange(rows, dtype=np.float64) * step
    shape = season(seconds, world) * trend(seconds, world) * slow(rng, rows, step, world)
    mean: Floats = np.asarray(world.base * shape)
    count = int(rng.poisson(world.bursts * weeks))
    for start in rng.uniform(0, rows, count).astype(int).tolist():
        mean[start : start + max(1, round(rng.uniform(1800, 14_400) / step))] *= world.burst_factor
    lumps = np.where(rng.random(rows) < world.tail, rng.pareto(2.0, rows) * 3 + 1, 1.0) if world.tail else 1.0
    values = draw(rng, mean * lumps, world.phi)
    return Made(Stream.made(world.name, values, step), mean, world.phi, count)


def draw(rng: np.random.Generator, mean: Floats, phi: float) -> Floats:
    """Negative binomial counts with variance ``mean + phi mean²``.

    >>> counts = draw(np.random.default_rng(1), np.full(20000, 10.0), 0.2)
    >>> bool(28 < counts.var() < 32)
    True
    """
    rates = rng.gamma(1 / phi, mean * phi) if phi > 0 else mean
    return rng.poisson(rates).astype(np.float64)


def season(seconds: Floats, world: World) -> Floats:
    """Hours and weekdays; the mean over a week is one."""
    hours = 2 * np.pi * (seconds % DAY) / DAY
    day = np.exp(world.daily * (np.sin(hours - 2.1) + 0.35 * np.sin(2 * hours - 1.0)))
    weekend = (seconds // DAY) % 7 >= 5
    shape = day * np.where(weekend, 1 - world.weekly, 1 + 0.4 * world.weekly)
    whole = min(len(shape), round(WEEK / (seconds[1] - seconds[0])))
    return np.asarray(shape / shape[:whole].mean())


def trend(seconds: Floats, world: World) -> Floats:
    """Growth, a level that changes for good, holidays."""
    weeks = seconds / WEEK
    factor = world.drift**weeks * np.where(seconds >= seconds[-1] / 2, world.shift, 1.0)
    if world.holidays:
        day = (seconds // DAY).astype(int)
        factor = np.where((day % (7 * world.holidays) >= 15) & (day % (7 * world.holidays) < 18), 0.5 * factor, factor)
    return np.asarray(factor)


def slow(rng: np.random.Generator, rows: int, step: int, world: World) -> Floats:
    """A wave around one that keeps its memory for ``slow_hours``."""
    if world.slow <= 0:
        return np.ones(rows)
    keep = float(np.exp(-step / (world.slow_hours * 3600)))
    noise = rng.normal(0.0, world.slow * (1 - keep * keep) ** 0.5, rows)
    wave = np.empty(rows)
    level = float(rng.normal(0.0, world.slow))
    for place, shock in enumerate(noise.tolist()):
        level = keep * level + shock
        wave[place] = level
    return np.asarray(np.exp(wave - world.slow**2 / 2))
