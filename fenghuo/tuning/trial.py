"""What the settings on trial would have told, beside what was told, from the rows that the live path recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.ports import SeriesStore
from contracts.records import BucketRow
from contracts.series import series_dims
from fenghuo.tuning.measure import missing


class Warned(NamedTuple):
    """A new warning, told or on trial."""

    at: datetime
    """Start of its bucket."""
    series: str
    score: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One brand under both settings."""

    brand: str
    live: list[Warned]
    trial: list[Warned]
    known: bool
    """Whether settings on trial decided anything; without any, nothing can be said of them."""

    @property
    def gained(self) -> list[Warned]:
        """Warnings that the settings on trial would have added."""
        return missing(self.trial, self.live) if self.known else []

    @property
    def lost(self) -> list[Warned]:
        """Warnings that they would have taken away."""
        return missing(self.live, self.trial) if self.known else []


def trials(store: SeriesStore, start: datetime, end: datetime, brand: str | None = None) -> Iterator[Trial]:
    """Every brand in [start, end), by name; or one alone."""
    brands: dict[str, list[str]] = {}
    for series in store.series(brand):
        brands.setdefault(series_dims(series)["brand"], []).append(series)
    for name in sorted(brands):
        asked = [row for series in brands[name] for row in store.buckets(series, start, end) if row.told is not None]
        asked.sort(key=lambda row: (row.bucket, row.series))
        known = [row for row in asked if row.shadow is not None]
        begun = known[0].bucket if known else start
        live = [_warned(row) for row in asked if row.told == "new" and row.bucket >= begun]
        yield Trial(name, live, [_warned(row) for row in known if row.shadow == "new"], bool(known))


def _warned(row: BucketRow) -> Warned:
    return Warned(row.bucket, row.series, row.score, row.expected)
