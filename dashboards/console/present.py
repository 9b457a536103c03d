"""How far event time has come, for pages: the newest of what the live view and the series store have."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.ports import SeriesStore
from contracts.series import series_key
from dashboards.console.figures import brands_of
from dashboards.console.visit import Visit, asked

KEPT = 5.0
"""Seconds for which the answer is remembered."""
AHEAD = timedelta(days=2)
LOOK_BACK = timedelta(days=7)
_EVER = timedelta(days=3650)


async def present(seen: Visit) -> datetime:
    """The end of the newest bucket, or of what the view has; the clock while there is nothing. Raises Unavailable."""
    office, monotonic = seen.office, seen.parts.clock.monotonic()
    if office.present is not None and 0 <= monotonic - office.present[0] < KEPT:
        return max(office.present[1], await seen.parts.view.reached() or office.present[1])
    known = await seen.parts.view.reached()
    found = await asked(newest, seen.parts.store, known, seen.parts.clock.now())
    office.present = (monotonic, found)
    return found


def newest(store: SeriesStore, known: datetime | None, now: datetime) -> datetime:
    """The end of the newest bucket of any brand at or after ``known``, else ``known``; without it, of lately."""
    events = [] if known is not None else store.incidents(now - _EVER, now + AHEAD)
    base = known or (events[-1].at if events else now - LOOK_BACK)
    ends = [
        row.bucket + timedelta(seconds=row.bucket_seconds)
        for brand in brands_of(store.series())
        for row in store.buckets(series_key({"brand": brand}), base - timedelta(hours=1), base + AHEAD + LOOK_BACK)[-1:]
    ]
    return max([*ends, *([known] if known else [])], default=events[-1].at if events else now)
