"""Settings on trial decide beside the live ones: recorded in the rows, told to nobody, changing nothing."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from contracts.records import BucketRow, Signal
from detectors.brand import BrandDetector
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, calm, mentions

DAYS = 3


def watched(shadow: dict[str, float | None]) -> tuple[list[Signal], list[BucketRow]]:
    """Three calm days, then two surges half a day apart, the second no larger."""
    detector = BrandDetector("B", PANES, DetectSettings(shadow=shadow))
    signals: list[Signal] = []
    rows: list[BucketRow] = []
    random = np.random.default_rng(9)
    end = BASE + DAYS * 1440
    for pane, given in calm(1, 1.0, (DAYS + 1) * 1440):
        surge = any(end + start <= pane < end + start + 40 for start in (600, 1320))
        found = detector.step(pane, mentions(pane, 25, random) if surge else given, alive_at(pane))
        signals += found.signals
        rows += found.rows
    return signals, rows


def first(rows: list[BucketRow], field: str) -> list[int]:
    """Buckets of new warnings, as minutes since the first surge began."""
    start = PANES.bucket_start(BASE + DAYS * 1440 + 600)
    return [int((row.bucket - start).total_seconds()) // 60 for row in rows if getattr(row, field) == "new"]


def test_a_trial_tells_nobody_and_is_recorded_beside_what_is_told() -> None:
    plain_signals, plain = watched({})
    signals, rows = watched({"repeat_hours": 4.0})
    assert signals == plain_signals
    assert [row.model_copy(update={"shadow": None}) for row in rows] == plain
    assert {row.shadow for row in plain} == {None}
    live, trial = first(rows, "told"), first(rows, "shadow")
    assert len(live) == 1
    assert len(trial) == 2
    assert trial[0] == live[0]
    assert 720 <= trial[1] < 760


def test_a_stricter_trial_holds_back() -> None:
    _, rows = watched({"start": 10.0, "highest": 100.0, "lowest": 10.0})
    assert first(rows, "told")
    assert first(rows, "shadow") == []
    assert {row.shadow for row in rows if row.told == "new"} == {"held"}


def test_what_was_held_back_is_recorded_too() -> None:
    _, rows = watched({})
    assert {row.told for row in rows} == {"new", "more", "held", None}


@pytest.mark.parametrize("wrong", [{"per_week": -1.0}, {"threshold": 1.0}, {"start": None}])
def test_a_trial_of_impossible_values_is_refused(wrong: dict[str, float | None]) -> None:
    with pytest.raises(ValidationError, match="shadow"):
        DetectSettings(shadow=wrong)
