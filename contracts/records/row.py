"""Rows for the series store, whole values by key: writing one twice changes nothing."""

from __future__ import annotations

from typing import Literal

from contracts.records.base import Name, Record, When
from contracts.records.count import Counts
from contracts.records.mention import CaseEventKind
from contracts.records.signal import State

Became = Literal["new", "more", "held"]
"""A finding is a new warning, more of one, or held back."""


class BucketRow(Record):
    """One series in one closed bucket; (series, bucket) is its key."""

    brand: Name
    series: str
    bucket: When
    bucket_seconds: int
    counts: Counts
    voices: int = 0
    """Mentions that are no copies of another."""
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    score: float | None = None
    state: State = State.WARMING
    told: Became | None = None
    """What became of what stood out here; nothing did without one."""
    shadow: Became | None = None
    """What would have become of it under the settings on trial."""


class LateRow(Record):
    """A correction for the store; (series, position) is its key. Added to the bucket and shown as late."""

    brand: Name
    series: str
    bucket: When
    bucket_seconds: int
    position: str
    counts: Counts
    late_seconds: float


class CaseRow(Record):
    """One case event for the store; (brand, case, id) is its key."""

    brand: Name
    case_id: str
    id: str
    ts: When
    event: CaseEventKind
    channel: str | None = None
    department: str | None = None
    rating: int | None = None
    late: bool = False
    opened: When | None = None
    """When the case was opened, as far as the recorder knows."""
    first: bool = False
    """The first event of its kind in its case."""
    change: int = 0
    """What it adds to the number of open cases: 1 opened or reopened, -1 resolved, 0 else."""
