"""One window length of one series: its sum, how much it varies, its record, and what it expects."""

from __future__ import annotations

from math import log, sqrt
from typing import NamedTuple

from detectors.blocks import Blocks, near_shape
from detectors.dispersion import Dispersion
from detectors.grid import DAY, HOUR
from detectors.record import Record
from detectors.season import Season
from detectors.settings import VolumeSettings
from detectors.tails import MONTH_SECONDS, log_count_tail

LOWEST = 0.5
"""No threshold on the score lies below this; see ``detectors.budget``."""


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

    __slots__ = ("_key", "_settings", "_span", "blocks", "length", "log_limit", "phi", "record", "weight")

    def __init__(self, length: int, bucket_seconds: int, settings: VolumeSettings) -> None:
        width, count = near_shape(length)
        self.length = length = width * count
        self._settings = settings
        self.blocks = Blocks(width, count)
        day = DAY / bucket_seconds
        self.phi = Dispersion(settings.prior_dispersion, settings.prior_windows, settings.half_life_days * day)
        block = max(1, round(settings.record_block_hours * HOUR / bucket_seconds))
        blocks = max(1, round(settings.record_days * DAY / (block * bucket_seconds)))
        self.record = Record(settings.record_half_life_days * day, block, blocks)
        self.log_limit = log(min(0.01, settings.false_per_month * length * bucket_seconds / MONTH_SECONDS))
        hours = length * bucket_seconds / HOUR
        self.weight = min(1.0, (2 * hours) ** settings.short_weight)
        """What counts of a deviation against the record: a window below half an hour must stand out more."""
        self._key = (-1, -1)
        self._span = 0.0

    def span(self, end: int, season: Season) -> float:
        """Shape summed over the window that ends with bucket ``end``; most windows end where they did a bucket ago."""
        key = (end, season.version)
        if key != self._key:
            self._key = key
            self._span = season.span(end, self.length)
        return self._span

    def plan(self, place: int, index: int, expected: float, flat: float, ignorance: float) -> Plan:
        """Prepare to judge bucket ``index``: ``expected`` is due by season, ``flat`` by the level alone.

        The deviation is that of the larger: a calm hour lowers what is expected, but not the size that matters.
        """
        phi = self.phi.value + ignorance
        size = max(expected, flat)
        deviation = sqrt(size + phi * size * size + 0.25)
        return Plan(place, self.blocks.total(index), expected, phi, deviation, self.record.scale(index))

    def need(self, plan: Plan) -> tuple[float, float]:
        """Counts of the bucket below which it is (no candidate by record, no candidate by size)."""
        settings = self._settings
        by_record = plan.expected + LOWEST * settings.record_share / self.weight * plan.scale * plan.deviation
        by_size = max(plan.expected + settings.least_deviations * plan.deviation, settings.least_voices)
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
