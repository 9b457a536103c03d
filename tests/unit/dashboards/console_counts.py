"""Two weeks of counts with one surge, for the tuning workbench."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contracts.ports import SeriesStore
from contracts.records import BucketRow, Counts

START = datetime(2026, 3, 2, tzinfo=UTC)
SURGE = range(3000, 3006)
STEPS = 14 * 24 * 12


def two_weeks(store: SeriesStore) -> datetime:
    """Five-minute counts of one brand; the end of them."""
    store.write(
        [
            BucketRow(
                brand="A", series="brand=A", bucket=START + timedelta(minutes=5 * step), bucket_seconds=300,
                counts=Counts(12 if step in SURGE else 3 + step % 3, 1),
            )
            for step in range(STEPS)
        ]
    )  # fmt: skip
    return START + timedelta(minutes=5 * STEPS)
