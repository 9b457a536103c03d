"""A stream of counts: equal steps, a time and a count each. What every part of the measurement speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MONDAY = datetime(2025, 1, 6, tzinfo=UTC)
"""Where made streams begin."""
HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY


@dataclass(frozen=True)
class Stream:
    """Counts at equal steps.

    >>> stream = Stream.made("a", np.array([1.0, 2.0]), 300)
    >>> stream.times[1].isoformat(), stream.per_week, stream.rows(3600)
    ('2025-01-06T00:05:00+00:00', 2016, 12)
    """

    name: str
    times: Sequence[datetime]
    """Start of each step, zone-aware."""
    values: Floats
    step: int
    """Seconds."""

    @classmethod
    def made(cls, name: str, values: Floats, step: int, start: datetime = MONDAY) -> Stream:
        """A stream whose times follow from its start."""
        return cls(name, [start + timedelta(seconds=step * one) for one in range(len(values))], values, step)

    def with_values(self, values: Floats) -> Stream:
        """The same times with other counts."""
        return Stream(self.name, self.times, values, self.step)

    def rows(self, seconds: float) -> int:
        """How many steps make so many seconds, at least one."""
        return max(1, round(seconds / self.step))

    @property
    def per_week(self) -> int:
        """Steps of a week."""
        return WEEK // self.step
