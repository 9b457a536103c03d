"""The watched series of one brand: made when first heard of, forgotten when idle, never more than a set number.

A series that finds no room lives on in its brand alone; whichever has the least weight makes room, ties by name, at
most one a bucket, so that a flood of new values cannot drive out what is established.
"""

from __future__ import annotations

from functools import lru_cache

from contracts.series import series_dims
from detectors.gate import Gate
from detectors.grid import DAY, Grid
from detectors.heat import HeatDetector
from detectors.settings import DetectSettings
from detectors.share import ShareDetector
from detectors.volume import VolumeDetector

_NEGLIGIBLE = 3.0


class Series:
    """One series: its dimensions, its detectors, its gates."""

    __slots__ = ("dims", "gates", "heard", "heat", "key", "share", "volume")

    def __init__(
        self,
        key: str,
        dims: dict[str, str],
        volume: VolumeDetector | None,
        share: ShareDetector | None,
        heat: HeatDetector | None = None,
    ) -> None:
        self.key = key
        self.dims = dims
        self.volume = volume
        self.share = share
        self.heat = heat
        self.heard = 0
        """Last bucket that held something."""
        self.gates: dict[str, Gate] = {}

    def gate(self, kind: str) -> Gate:
        """The gate of one kind of signal."""
        return self.gates.setdefault(kind, Gate())


class Bank:
    """All series of a brand.

    Parameters
    ----------
    key
        The brand's own series, always watched.
    start
        First bucket from which the brand counts as watched.
    """

    __slots__ = ("_grid", "_made", "_series", "_settings", "brand", "start")

    def __init__(self, key: str, settings: DetectSettings, grid: Grid, start: int) -> None:
        self._settings = settings
        self._grid = grid
        self._series: dict[str, Series] = {}
        self._made = -1
        self.start = start
        volume = VolumeDetector(settings.volume, grid, start)
        share = ShareDetector(settings.sentiment, grid, start) if () in settings.sentiment.watch else None
        heat = HeatDetector(settings.emotion, grid, start) if () in settings.emotion.watch else None
        self.brand = Series(key, series_dims(key), volume, share, heat)

    def __len__(self) -> int:
        return len(self._series) + 1

    def all(self) -> list[Series]:
        """Every series, the brand's own first, then by name."""
        return [self.brand, *(self._series[key] for key in sorted(self._series))]

    @property
    def trunk(self) -> VolumeDetector:
        """The volume of the brand itself: all others borrow its season."""
        volume = self.brand.volume
        if volume is None:
            raise AssertionError("the brand's own series always has a volume")
        return volume

    def usually(self, buckets: int) -> float:
        """Voices of the brand that the last ``buckets`` buckets usually hold, as of the open quantum."""
        season = self.trunk.season
        end = (season.quantum + 1) * self._grid.buckets - 1
        return season.expected(end, buckets, season.level(end))

    def find(self, key: str, bucket: int) -> Series | None:
        """The series of ``key``, made if it is watched and there is room."""
        if key == self.brand.key:
            return self.brand
        known = self._series.get(key)
        if known is not None:
            return known
        combination = _combination(key)
        counted = combination in _sorted(self._settings.volume.watch)
        shared = combination in _sorted(self._settings.sentiment.watch)
        warmed = combination in _sorted(self._settings.emotion.watch)
        if not (counted or shared or warmed) or not self._room(bucket):
            return None
        volume = VolumeDetector(self._settings.volume, self._grid, self.start, self.trunk.season) if counted else None
        share = ShareDetector(self._settings.sentiment, self._grid, self.start) if shared else None
        heat = HeatDetector(self._settings.emotion, self._grid, self.start) if warmed else None
        made = self._series[key] = Series(key, series_dims(key), volume, share, heat)
        return made

    def restart(self, bucket: int) -> None:
        """The brand has changed its nature at ``bucket``: begin anew."""
        self.start = bucket
        self._series.clear()
        self.trunk.restart(bucket)
        if self.brand.share is not None:
            self.brand.share.restart(bucket)
        if self.brand.heat is not None:
            self.brand.heat.restart(bucket)

    def retune(self, settings: DetectSettings) -> None:
        """Judge by other limits from here on; what was learned stays."""
        self._settings = settings
        for one in self.all():
            if one.volume is not None:
                one.volume.retune(settings.volume)
            if one.share is not None:
                one.share.retune(settings.sentiment)
            if one.heat is not None:
                one.heat.retune(settings.emotion)

    def forget(self, bucket: int) -> None:
        """Let go of series that have been silent for too long."""
        oldest = bucket - self._settings.idle_days * DAY / self._grid.bucket_seconds
        for key in [key for key, one in self._series.items() if one.heard < oldest]:
            del self._series[key]

    def _room(self, bucket: int) -> bool:
        if len(self._series) + 1 < self._settings.max_series:
            return True
        if bucket == self._made or not self._series:
            return False
        self._made = bucket
        smallest = min(self._series.values(), key=lambda one: (_weight(one), one.key))
        if _weight(smallest) > _NEGLIGIBLE or smallest.heard >= bucket:
            return False
        del self._series[smallest.key]
        return True


@lru_cache(maxsize=4096)
def _combination(key: str) -> tuple[str, ...]:
    """The dimensions of a key beside the brand; keys that nobody watches are asked about in every bucket."""
    return tuple(name for name in series_dims(key) if name != "brand")


@lru_cache(maxsize=64)
def _sorted(watch: tuple[tuple[str, ...], ...]) -> frozenset[tuple[str, ...]]:
    """Combinations as they stand in keys; asked for of every series in every bucket."""
    return frozenset(tuple(sorted(one)) for one in watch)


def _weight(one: Series) -> float:
    return one.volume.season.weight() if one.volume is not None else 0.0
