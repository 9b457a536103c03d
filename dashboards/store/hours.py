"""Hours from buckets: sums of each series, corrections in them and counted beside. Pure; the store asks and writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboards.schema import HOURS, series_of, series_tags
from dashboards.store.lines import line

SUMMED_LATE = ("n", "negative", "positive", "hot", "reach")
SUMMED = (*SUMMED_LATE, "voices")

Answered = Iterable[tuple[dict[str, str], dict[str, Any]]]
"""Tags of a group, and values by column."""


def condensed(ours: Answered, late: Answered) -> list[str]:
    """The points of hours, from sums of buckets and of corrections by hour and series.

    Corrections add to every sum but the voices: whether they are copies was never judged.

    >>> tags = {"brand": "A", "dims": "brand"}
    >>> sums = {"time": 3600_000_000_000, "n": 5, "negative": 2, "positive": 1, "hot": 0, "reach": 9, "voices": 4}
    >>> print(*condensed([(tags, sums)], [({**tags, "partition": "0"}, {**sums, "n": 2})]))
    hours,brand=A,dims=brand hot=0i,late=2i,n=7i,negative=4i,positive=2i,reach=18i,voices=4i 3600000000000
    """
    sums: dict[tuple[str, int], list[int]] = {}
    for tags, values in ours:
        row = _row(sums, tags, values)
        for place, name in enumerate(SUMMED):
            row[place] += _whole(values[name])
    for tags, values in late:
        row = _row(sums, tags, values)
        for place, name in enumerate(SUMMED_LATE):
            row[place] += _whole(values[name])
        row[-1] += _whole(values["n"])
    return [line(HOURS, series_tags(series), row, time) for (series, time), row in sums.items()]


def _row(sums: dict[tuple[str, int], list[int]], tags: dict[str, str], values: dict[str, Any]) -> list[int]:
    return sums.setdefault((series_of(tags), values["time"]), [0] * (len(SUMMED) + 1))


def _whole(value: float | None) -> int:
    return 0 if value is None else int(value)
