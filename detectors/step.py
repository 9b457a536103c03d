"""One step of a brand's detectors: what goes in, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.records import BucketRow, CaseGrade, Counts, Evidence, Signal


@dataclass(frozen=True, slots=True)
class PaneInput:
    """Everything known of one brand in one closed pane."""

    rows: Mapping[str, Counts]
    """By series key, merged over partitions."""
    evidence: tuple[Evidence, ...]
    """Sorted by (ts, id)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a step brought."""

    signals: tuple[Signal, ...]
    rows: tuple[BucketRow, ...]
    stale: tuple[str, ...]
    """Sources of this brand that are down now."""
    grades: tuple[CaseGrade, ...] = ()
    """Of cases whose grade is new or rose."""
