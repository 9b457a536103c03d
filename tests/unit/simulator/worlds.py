"""Small scenarios and helpers that several tests share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

from fenghuo.simulator import BRANDS, Scenario, Simulation
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.incidents import AnyIncident

START = datetime(2026, 3, 2, tzinfo=ZONE)
"""A Monday without holidays around it."""


def scenario(days: float = 1, **changes: Any) -> Scenario:
    """An ordinary labelled world from `START`."""
    return Scenario(start=START, end=START + timedelta(days=days), **{"labels": True, **changes})


def one_brand(*incidents: AnyIncident, days: float = 1, **changes: Any) -> list[dict[str, Any]]:
    """All records of a world of the first brand with these incidents."""
    settings = {"brands": BRANDS[:1], "incidents": incidents, **changes}
    return list(Simulation(scenario(days, **settings)).records())


def when(record: dict[str, Any]) -> datetime:
    """The record's event time."""
    return datetime.fromisoformat(record["ts"])


def inside(records: list[dict[str, Any]], start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Those in [start, end)."""
    return [one for one in records if start <= when(one) < end]


def at(hours: float) -> datetime:
    """So many hours after `START`."""
    return START + timedelta(hours=hours)


def dumped(records: list[dict[str, Any]]) -> bytes:
    """As NDJSON."""
    return b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in records)
