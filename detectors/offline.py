"""One series of counts judged in one go, strictly causally: what ``fenghuo detect``, tuning and the benchmarks call.

Pure: times and values in, warnings out, by the detector and the budget of the live path. The length of a bucket is
the most common distance of the times; a row that is missing is a bucket that was not watched, not a bucket of zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from contracts.panes import Panes
from detectors.events import Events
from detectors.grid import DAY, Grid
from detectors.protocol import Bucket, Score
from detectors.redecide import KINDS, RAMP, SILENCE, SPIKE, Alarm, Finding, Findings, decided
from detectors.settings import DetectSettings
from detectors.volume import VolumeDetector

_PROGRESS_EVERY = 10_000
_SAMPLE = 100_000
"""Rows that are enough to know the length of a bucket."""


class _Judged(NamedTuple):
    """A row with its scores, and what it should have held, worked out only when asked."""

    row: int
    at: datetime
    score: Score
    quiet: Score | None
    expected: Callable[[], float]


def alarms(
    times: Sequence[datetime],
    values: Sequence[float],
    *,
    settings: DetectSettings | None = None,
    per_week: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Alarm]:
    """Warnings told on ``values``; ``per_week`` replaces the allowance of the settings.

    >>> from datetime import UTC, timedelta
    >>> times = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=5 * row) for row in range(2016)]
    >>> counts = [float(3 + row % 3) for row in range(2016)]
    >>> counts[1500:1506] = [40.0] * 6
    >>> [(one.at.isoformat(), one.kind) for one in alarms(times, counts)]
    [('2026-01-10T05:05:00+00:00', 'volume.spike')]
    """
    settings = settings or DetectSettings()
    allowance = settings.budget if per_week is None else settings.budget.model_copy(update={"per_week": per_week})
    found = Findings.of(findings(times, values, settings=settings, progress=progress))
    return decided(found, allowance, times, since(times))


def findings(
    times: Sequence[datetime],
    values: Sequence[float],
    *,
    settings: DetectSettings,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Finding]:
    """What stands out, in order of time: all that ``redecide.decided`` needs to decide again."""
    for row, at, score, quiet, expected in _judged(times, values, settings):
        for kind, one in ((SPIKE, score), (SILENCE, quiet)):
            if one is not None and one.beyond:
                name = KINDS.index(RAMP if one.slow else kind)
                yield Finding(row, _seconds(at), name, one.value or 0.0, one.certainty, expected())
        if progress is not None and row % _PROGRESS_EVERY == 0:
            progress(row)


def since(times: Sequence[datetime]) -> float:
    """When watching began, in seconds since the epoch."""
    return _seconds(times[0]) if times else 0.0


def scores(
    times: Sequence[datetime], values: Sequence[float], *, settings: DetectSettings | None = None
) -> list[float]:
    """The raw score of each row before threshold, repeats and allowance; 0 where nothing stands out."""
    return [score.value or 0.0 for _, _, score, _, _ in _judged(times, values, settings or DetectSettings())]


def _judged(times: Sequence[datetime], values: Sequence[float], settings: DetectSettings) -> Iterator[_Judged]:
    """Each row with its score and what it should have held, scored before it is learned."""
    if not times:
        return
    step = bucket_seconds(times)
    grid = Grid(
        Panes(pane_seconds=min(step, 60) if step % 60 == 0 else 1, bucket_seconds=step),
        settings.zone,
        settings.volume.country,
        Events(settings.announced, bucket_seconds=step),
    )
    phase = _seconds(times[0]) % step
    number = int((_seconds(times[0]) - phase) // step)
    detector = VolumeDetector(settings.volume, grid, number)
    for row, (at, value) in enumerate(zip(times, values, strict=True)):
        if row:
            missing = max(0, round((_seconds(at) - phase) / step) - number - 1)
            detector.skip(missing)
            number += 1 + missing
        bucket = Bucket(number, value)
        score = detector.score_one(bucket)
        quiet = detector.silence(number) if value == 0 else None
        yield _Judged(row, at, score, quiet, partial(_expected, detector, number))
        detector.learn_one(bucket)


def bucket_seconds(times: Sequence[datetime]) -> int:
    """The most common distance of the times, the shortest of equals; a minute when there are too few to tell.

    >>> bucket_seconds([datetime(2026, 1, 1, 0, minute) for minute in (0, 5, 10, 20)])
    300
    """
    counts: dict[int, int] = {}
    sample = times[:_SAMPLE]
    for one, other in zip(sample, sample[1:], strict=False):
        distance = round((other - one).total_seconds())
        if distance > 0:
            counts[distance] = counts.get(distance, 0) + 1
    common = min(counts, key=lambda distance: (-counts[distance], distance)) if counts else 60
    return min(common, DAY)


def _expected(detector: VolumeDetector, number: int) -> float:
    return detector.band(number)[0]


def _seconds(at: datetime) -> float:
    """Seconds since the epoch; a time without a zone counts as UTC."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
