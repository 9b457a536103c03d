"""Rows for the store, bounded memory, settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from contracts.errors import Lost
from contracts.records import BucketRow, Counts
from detectors.brand import BrandDetector, PaneInput
from detectors.settings import DetectSettings, VolumeSettings
from tests.unit.detectors.streams import BASE, PANES, mentions


def through(detector: BrandDetector, until: int) -> list[BucketRow]:
    rows: list[BucketRow] = []
    while (due := detector.next_due()) is not None and due < until:
        rows += detector.step(due, None, {}).rows
    return rows


def test_the_brand_has_a_row_for_every_bucket_and_a_long_gap_is_skipped() -> None:
    detector = BrandDetector("B", PANES, DetectSettings(empty_rows_hours=1, empty_rows_every=1))
    random = np.random.default_rng(1)
    rows = list(detector.step(BASE, mentions(BASE, 2, random), {}).rows)
    rows += through(detector, BASE + 5000)
    brand = [row for row in rows if row.series == "brand=B"]
    assert [row.counts.n for row in brand] == [2] + [0] * 59
    assert detector.next_due() is None
    assert len({row.bucket for row in brand}) == 60
    again = detector.step(BASE + 5000, mentions(BASE + 5000, 3, random), {}).rows
    assert [row.counts.n for row in again if row.series == "brand=B"] == [3]


def test_of_empty_buckets_every_tenth_has_a_row() -> None:
    detector = BrandDetector("B", PANES, DetectSettings(empty_rows_hours=1))
    detector.step(BASE, mentions(BASE, 2, np.random.default_rng(1)), {})
    rows = through(detector, BASE + 5000)
    empty = [PANES.bucket_of(PANES.pane_of(row.bucket)) for row in rows if row.counts.n == 0]
    assert len(empty) == 6
    assert all(bucket % 10 == 0 for bucket in empty)


def test_other_series_have_rows_only_where_they_have_counts() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    rows = {"brand=B": Counts(3), "brand=B,product=p": Counts(3)}
    found = detector.step(BASE, PaneInput(rows, ()), {}).rows
    assert [(row.series, row.counts.n, row.voices) for row in found] == [("brand=B", 3, 3), ("brand=B,product=p", 3, 3)]
    assert found[1].expected is None


def test_the_number_of_series_is_bounded() -> None:
    detector = BrandDetector("B", PANES, DetectSettings(max_series=10))
    for minute in range(200):
        rows = {"brand=B": Counts(5)} | {f"brand=B,category=c{minute * 5 + n}": Counts(1) for n in range(5)}
        detector.step(BASE + minute, PaneInput(rows, ()), {})
    assert len(detector) <= 10


def test_a_pane_is_stepped_once() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    detector.step(BASE, None, {})
    with pytest.raises(Lost, match="start again"):
        detector.step(BASE, None, {})


def test_unknown_zones_and_dimensions_are_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="is no time zone"):
        DetectSettings(zone="Asia/Nowhere")
    with pytest.raises(ValidationError, match="is no dimension"):
        DetectSettings(volume=VolumeSettings(watch=(("colour",),)))


def test_the_shipped_settings_are_the_defaults_and_name_all_of_them() -> None:
    text = (Path(__file__).parents[3] / "config" / "detectors.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    defaults = DetectSettings()
    assert DetectSettings.model_validate(given) == defaults
    assert given.keys() == DetectSettings.model_fields.keys()
    for name in ("volume", "sentiment", "sources", "explain"):
        assert given[name].keys() == type(getattr(defaults, name)).model_fields.keys()
