"""The calendar of a site in whole numbers: buckets gathered into quanta of about an hour, and their place in the week.

The grid of a brand knows what is announced for it, too.
Level and season are learned by quantum; panes and buckets stay the business of ``contracts.panes``.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.panes import Panes
from detectors.almanac import day_like
from detectors.events import Events

HOUR = 3600
DAY = 86_400
_EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday."""


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _local_seconds(second: int, zone: str) -> int:
    offset = datetime.fromtimestamp(second, _zone(zone)).utcoffset()
    return second + (int(offset.total_seconds()) if offset else 0)


class Grid:
    """Quanta of one bucket width in one time zone.

    Where a zone changes its clock, the quanta of that week move with the clock on the wall.

    >>> grid = Grid(Panes(), "Asia/Shanghai")
    >>> grid.buckets, grid.per_day, grid.cells(grid.quantum_of(0))
    (60, 24, (0, 8, 80))
    """

    __slots__ = ("bucket_seconds", "buckets", "country", "events", "per_day", "seconds", "zone")

    def __init__(self, panes: Panes, zone: str, country: str = "", events: Events | None = None) -> None:
        self.country = country
        self.events = events or Events()
        self.bucket_seconds = panes.bucket_seconds
        self.buckets = max(1, round(HOUR / panes.bucket_seconds))
        self.seconds = self.buckets * panes.bucket_seconds
        self.per_day = max(1, -(-DAY // self.seconds))
        self.zone = zone

    def quantum_of(self, bucket: int) -> int:
        """The quantum that holds ``bucket``."""
        return bucket // self.buckets

    def cells(self, quantum: int) -> tuple[int, int, int]:
        """(local day since the epoch, place in the day, place in the week from Monday)."""
        local = _local_seconds(quantum * self.seconds, self.zone)
        day, rest = divmod(local, DAY)
        place = min(rest // self.seconds, self.per_day - 1)
        return day, place, (day + _EPOCH_WEEKDAY) % 7 * self.per_day + place

    def counts_as(self, day: int, place: int) -> int:
        """Place in the week as which ``place`` of local day ``day`` counts: holidays like Sundays."""
        return (day_like(day, self.country) + _EPOCH_WEEKDAY) % 7 * self.per_day + place

    def windows(self, minutes: tuple[float, ...]) -> list[int]:
        """Window lengths as whole buckets, rising, without repeats and without those shorter than a bucket."""
        lengths = {round(one * 60 / self.bucket_seconds) for one in minutes if one * 60 >= self.bucket_seconds}
        return sorted(lengths or {1})
