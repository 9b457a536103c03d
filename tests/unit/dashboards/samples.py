"""Rows to write in tests: made from numbers, with nothing of a real person in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.records import (
    BucketRow,
    CaseEventKind,
    CaseRow,
    Counts,
    IncidentEvent,
    IncidentEventKind,
    LateRow,
    SignalKind,
    State,
    Tier,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def bucket(series: str = "brand=Delta", minute: int = 0, n: int = 1, **more: Any) -> BucketRow:
    """One bucket of a minute, ``n`` mentions in it."""
    values: dict[str, Any] = {
        "brand": series.split(",")[0].removeprefix("brand="),
        "series": series,
        "bucket": START + minute * MINUTE,
        "bucket_seconds": 60,
        "counts": Counts(n, n // 2, n // 3, n // 4, 10 * n),
        "voices": n,
    }
    return BucketRow(**values | more)


def ready(minute: int = 0, series: str = "brand=Delta") -> BucketRow:
    """One bucket with a whole expected band."""
    return bucket(series, minute, 7, expected=4.1, lower=1 / 3, upper=9.0, score=1.25, state=State.READY)


def late(position: str = "0:17:3", series: str = "brand=Delta", minute: int = 0, n: int = 1, **more: Any) -> LateRow:
    """One correction of ``n`` mentions."""
    values: dict[str, Any] = {
        "brand": series.split(",")[0].removeprefix("brand="),
        "series": series,
        "bucket": START + minute * MINUTE,
        "bucket_seconds": 60,
        "position": position,
        "counts": Counts(n, n, 0, 0, 5),
        "late_seconds": 42.5,
    }
    return LateRow(**values | more)


def incident(seq: int = 0, at: datetime = START, **more: Any) -> IncidentEvent:
    """One event of one incident."""
    values: dict[str, Any] = {
        "incident": "0123abcd",
        "seq": seq,
        "event": IncidentEventKind.PROMOTED if seq else IncidentEventKind.OPENED,
        "at": at,
        "tier": Tier.YELLOW if seq else Tier.BLUE,
        "kind": SignalKind.VOLUME_SPIKE,
        "scope": {"brand": "Delta"},
        "reason": "first",
        "observed": 50.0,
        "expected": 12.345678901,
        "score": 2.5,
    }
    return IncidentEvent(**values | more)


def case(id: str = "e1", case_id: str = "c1", ts: datetime = START, **more: Any) -> CaseRow:
    """One step in the life of a case."""
    values: dict[str, Any] = {
        "brand": "Delta",
        "case_id": case_id,
        "id": id,
        "ts": ts,
        "event": CaseEventKind.REPLIED,
        "channel": "hotline",
        "department": "service desk",
        "rating": 4,
    }
    return CaseRow(**values | more)
