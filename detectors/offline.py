"""One series of counts judged in one go, strictly causally: what ``fenghuo detect``, tuning and the benchmarks call.

Pure: times and values in, warnings out. The length of a bucket is the most common distance of the times; rows
that are missing are buckets not watched, not buckets of zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from detectors.excess import Excess
from detectors.settings import DetectSettings


class Alarm(NamedTuple):
    """A warning as told: one incident has already swallowed its repeats."""

    at: datetime
    """The row that gave it."""
    kind: str
    """``volume.spike``, ``volume.ramp`` or ``volume.silence``."""
    score: float
    """1 at the limit of the detector; see :func:`scores`."""
    expected: float
    """What this row should have held."""


def alarms(
    times: Sequence[datetime],
    values: Sequence[float],
    *,
    settings: DetectSettings | None = None,
    per_week: float | None = None,
) -> list[Alarm]:
    """Warnings told on ``values``; ``per_week`` replaces the allowance of the settings.

    >>> from datetime import UTC, timedelta
    >>> times = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=5 * row) for row in range(2016)]
    >>> counts = [float(3 + row % 3) for row in range(2016)]
    >>> counts[1500:1506] = [40.0] * 6
    >>> [(one.at.isoformat(), one.kind) for one in alarms(times, counts)]
    [('2026-01-10T05:00:00+00:00', 'volume.spike')]
    """
    step = bucket_seconds(times)
    core = Excess(step, per_week)
    found = []
    for at, value in zip(times, values, strict=True):
        told = core.judge(value)
        if told is not None:
            found.append(Alarm(at, "volume.spike", *told))
    return found


def scores(
    times: Sequence[datetime], values: Sequence[float], *, settings: DetectSettings | None = None
) -> list[float]:
    """The raw score of each row before threshold, refractory time and allowance; 0 where nothing stands out."""
    core = Excess(bucket_seconds(times), None)
    found = []
    for value in values:
        core.judge(value)
        found.append(core.score)
    return found


def bucket_seconds(times: Sequence[datetime]) -> int:
    """The most common distance of the times, the shortest of equals; a minute when there are too few to tell.

    >>> bucket_seconds([datetime(2026, 1, 1, 0, minute) for minute in (0, 5, 10, 20)])
    300
    """
    counts: dict[int, int] = {}
    for one, other in zip(times, times[1:], strict=False):
        distance = round((other - one).total_seconds())
        if distance > 0:
            counts[distance] = counts.get(distance, 0) + 1
    return min(counts, key=lambda distance: (-counts[distance], distance)) if counts else 60
