"""When people speak: expected counts for each 5-minute slot of a day, and over-dispersed counts around them.

expected = daily rate x day factor x hour profile x slow random level; count ~ negative binomial. Everything of
one day is a function of (seed, brand, channel, date) alone: any window of the same world is the same.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fenghuo.simulator.calendar import DayKind, day_date, day_kind
from fenghuo.simulator.chance import Numbers, Shares, generator
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.world import Brand, Channel

SLOT_MS = 300_000
SLOTS = 288

PROFILES: dict[str, tuple[float, ...]] = {
    "flat": (1.0,) * 24,
    "office": (
        0.10, 0.06, 0.05, 0.05, 0.06, 0.10, 0.30, 0.80, 1.60, 2.20, 2.30, 1.90, 1.30, 1.60, 2.10, 2.10, 1.90, 1.60,
        1.10, 0.90, 0.80, 0.60, 0.35, 0.20,
    ),
    "day": (
        0.25, 0.15, 0.10, 0.08, 0.08, 0.15, 0.40, 0.80, 1.20, 1.50, 1.60, 1.50, 1.40, 1.30, 1.40, 1.45, 1.40, 1.35,
        1.40, 1.55, 1.60, 1.40, 0.90, 0.50,
    ),
    "evening": (
        0.60, 0.35, 0.20, 0.14, 0.12, 0.18, 0.40, 0.80, 1.05, 1.15, 1.20, 1.25, 1.45, 1.20, 1.05, 1.05, 1.10, 1.25,
        1.45, 1.75, 2.00, 2.05, 1.70, 1.05,
    ),
}  # fmt: skip
"""Relative volume of each local hour; scaled to a mean of one."""


@lru_cache(maxsize=32)
def profile(name: str) -> Shares:
    """Relative volume of each 5-minute slot, mean one, hours joined by straight lines.

    >>> round(float(profile("office").mean()), 6), bool(profile("office")[120] > 10 * profile("office")[36])
    (1.0, True)
    """
    hours = np.array(PROFILES[name])
    at = (np.arange(SLOTS) + 0.5) / 12
    slots = np.interp(at, np.arange(-1, 25) + 0.5, np.concatenate((hours[-1:], hours, hours[:1])))
    scaled: Shares = slots / slots.mean()
    scaled.flags.writeable = False
    return scaled


def day_factor(scenario: Scenario, channel: Channel, day: int) -> float:
    """Volume of this day against the average day of an ordinary week."""
    if not scenario.weekly:
        return 1.0
    workday = 7 / (5 + 2 * channel.weekend)
    kind = day_kind(day_date(day))
    if kind is DayKind.WORKDAY:
        return workday
    return workday * (channel.weekend if kind is DayKind.WEEKEND else channel.holiday)


def level(scenario: Scenario, brand: Brand, channel: Channel, day: int) -> Shares:
    """The slow random level of each slot: log-normal, mean one, correlated over ``noise_hours``.

    An autoregression over hours, run up from the day before, so that it needs no memory beyond the date.
    """
    keep = float(np.exp(-1 / scenario.noise_hours))
    yesterday, today, tomorrow = (_shocks(scenario.seed, brand.name, channel.name, day + step) for step in (-1, 0, 1))
    state, knots = 0.0, []
    for shock in (*yesterday, *today, tomorrow[0]):
        state = keep * state + (1 - keep**2) ** 0.5 * shock
        knots.append(state)
    slots = np.interp((np.arange(SLOTS) + 0.5) / 12, np.arange(25), knots[24:])
    return np.asarray(np.exp(scenario.noise * slots - scenario.noise**2 / 2))


@lru_cache(maxsize=1024)
def _shocks(seed: int, brand: str, channel: str, day: int) -> tuple[float, ...]:
    """Normal numbers for the hours of a day."""
    return tuple(generator(seed, "level", brand, channel, str(day)).standard_normal(24).tolist())


def expected(scenario: Scenario, brand: Brand, channel: Channel, day: int) -> Shares:
    """Expected number of mentions in each slot of the local day, the random level included."""
    daily = scenario.rate * brand.volume * scenario.share_of(channel) * day_factor(scenario, channel, day)
    hours = profile(channel.hours if scenario.hourly else "flat")
    slots = daily / SLOTS * hours
    return slots * level(scenario, brand, channel, day) if scenario.noise else slots


def counts(rng: np.random.Generator, means: Shares, dispersion: float) -> Numbers:
    """Counts with variance ``mean + dispersion * mean**2``; Poisson when ``dispersion`` is 0."""
    if dispersion > 0:
        means = means * rng.gamma(1 / dispersion, dispersion, means.shape)
    return np.asarray(rng.poisson(means))
