"""One window length of one series: its sum, how much it varies, its record, and what it expects."""

from __future__ import annotations

from math import log, sqrt
from typing import NamedTuple

from detectors.blocks import Blocks, near_shape
from detectors.dispersion import Dispersion
from detectors.events import Events, doubt
from detectors.grid import DAY, HOUR, Grid
from detectors.record import Record
from detectors.season import Season
from detectors.settings import VolumeSettings
from detectors.tails import MONTH_SECONDS, log_count_tail

LOWEST = 0.5
"""No threshold on the score lies below this; see ``detectors.budget``."""


class Now(NamedTuple):
    """What all windows of a series are prepared with."""

    bucket: int
    """To be judged."""
    end: int
    """Last bucket of its quantum."""
    level: float
    """Mean count of a quantum."""
    latest: float
    """What the quantum before held, or nothing."""
    ignorance: float
    """Relative variance due to what is not known yet."""
    season: Season
    events: Events


class Plan(NamedTuple):
    """What is known of a window before its last bucket's own count: prepared once a bucket."""

    place: int
    before: float
    expected: float
    phi: float
    deviation: float
    scale: float
    """Deviations at which the record says "as far as ever"; see :class:`~detectors.record.Record`."""


class Window:
    """One window of about ``length`` buckets."""

    __slots__ = (
        "_end", "_key", "_per_quantum", "_settings", "_shape", "blocks", "least", "length", "log_limit", "phi",
        "record", "weight",
    )  # fmt: skip

    def __init__(self, length: int, grid: Grid, settings: VolumeSettings) -> None:
        width, count = near_shape(length)
        self.length = length = width * count
        self._settings = settings
        self._per_quantum = grid.buckets
        self.blocks = Blocks(width, count)
        seconds = grid.bucket_seconds
        day = DAY / seconds
        self.phi = Dispersion(settings.prior_dispersion, settings.prior_windows, settings.half_life_days * day)
        block = max(1, round(settings.record_block_hours * HOUR / seconds))
        blocks = max(1, round(settings.record_days * DAY / (block * seconds)))
        self.record = Record(settings.record_half_life_days * day, block, blocks)
        self.log_limit = log(min(0.01, settings.false_per_month * length * seconds / MONTH_SECONDS))
        hours = length * seconds / HOUR
        self.weight = min(1.0, (2 * hours) ** settings.short_weight)
        """What counts of a deviation against the record: a window below half an hour must stand out more."""
        self.least = LOWEST * settings.record_share / self.weight
        """The share of its record below which a deviation is nothing."""
        self._key = (-1, -1)
        self._end = 0
        self._shape = 0.0

    def plan(self, place: int, now: Now) -> Plan:
        """Prepare to judge bucket ``now.bucket``.

        The deviation is that of what is due by season or by the level alone, whichever is larger: a calm hour lowers
        what is expected, but not the size that matters.
        """
        index, level, season = now.bucket, now.level, now.season
        key = (index // self.blocks.width, season.version)
        if key != self._key:
            self._key = key
            self._reshape(now)
        expected = self._shape * level
        if now.latest > 0:
            latest = now.latest * self.length / self._per_quantum
            if latest > expected:
                expected += season.unknown() * (latest - expected)
        ignorance = now.ignorance
        if now.events.pieces:
            lift = now.events.lift(season, self._end, self.length)
            expected *= lift
            ignorance += doubt(lift)
        phi = self.phi.value + ignorance
        flat = level * self.length / self._per_quantum
        size = flat if flat > expected else expected
        deviation = sqrt(size + phi * size * size + 0.25)
        return Plan(place, self.blocks.total(index), expected, phi, deviation, self.record.scale(index))

    def shape(self, end: int, season: Season) -> float:
        """Usual count of the window that ends with bucket ``end``, in mean counts of a quantum.

        Season and flat level together, as the settings weigh them."""
        flat = self.length / self._per_quantum
        span = season.span(end, self.length)
        weight = self._settings.season_above if span > flat else self._settings.season_below
        return flat + weight * (span - flat)

    def _reshape(self, now: Now) -> None:
        """A window ends with its newest block, at most with the quantum: as a rule where it did a bucket ago."""
        width = self.blocks.width
        self._end = max(now.bucket, min((now.bucket // width + 1) * width - 1, now.end))
        self._shape = self.shape(self._end, now.season)

    def retune(self, settings: VolumeSettings) -> None:
        """Judge by other limits from here on."""
        self._settings = settings

    def need(self, plan: Plan) -> tuple[float, float]:
        """Counts of the bucket below which it is (no candidate by record, no candidate by size)."""
        settings = self._settings
        by_record = plan.expected + self.least * plan.scale * plan.deviation
        by_size = plan.expected + settings.least_deviations * plan.deviation
        if by_size < settings.least_voices:
            by_size = settings.least_voices
        return by_record - plan.before, by_size - plan.before

    def judge(self, plan: Plan, n: float) -> tuple[float, float]:
        """(against the record, certainty): 1 each at its limit.

        Certainty is the smaller of two quotients, so that size and rarity must agree: deviations against the floor, and
        the logarithm of the tail against its limit. For the tail, half of the dispersion counts: what is rare by chance
        alone says much with small counts, and the record says the rest with large ones.
        """
        settings = self._settings
        observed = plan.before + n
        deviations = (observed - plan.expected) / plan.deviation
        if deviations <= 0:
            return 0.0, 0.0
        size = deviations / settings.least_deviations
        if size >= 0.5:
            tail = log_count_tail(observed, max(plan.expected, 1e-9), settings.rarity_share * plan.phi)
            size = min(size, tail / self.log_limit)
        return self.weight * deviations / (settings.record_share * plan.scale), size

    def learn(self, index: int, plan: Plan, n: float) -> None:
        """Take a closed bucket into the record."""
        self.record.add(index, (plan.before + n - plan.expected) / plan.deviation)
