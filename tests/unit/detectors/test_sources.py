"""Dead, quiet, sparse and new sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from contracts.records import Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, mentions, trained


def silence(
    detector: BrandDetector, now: int, minutes: int, alive: Mapping[str, int], marking: frozenset[str] = frozenset()
) -> tuple[list[Signal], tuple[str, ...]]:
    """Nothing of the brand for a while; ``alive`` stands still."""
    signals: list[Signal] = []
    stale: tuple[str, ...] = ()
    while (due := detector.next_due()) is not None and due < now + minutes:
        found = detector.step(due, None, alive, None, marking)
        signals += found.signals
        stale = found.stale
    return signals, stale


def test_a_dead_source_is_told_once_and_stays_stale_until_it_lives() -> None:
    detector, now, _ = trained(days=4.5)
    signals, stale = silence(detector, now, 240, alive_at(now - 1))
    assert [one.kind for one in signals] == [SignalKind.SOURCE_DOWN]
    assert signals[0].labels == {"source": "crawler"}
    assert 15 * 60 <= signals[0].window_seconds <= 7200
    assert stale == ("crawler",)
    found = detector.step(now + 240, mentions(now + 240, 1, np.random.default_rng(1)), alive_at(now + 240))
    assert found.stale == ()
    assert found.signals == ()


def test_a_source_with_marks_is_quiet_and_not_dead() -> None:
    detector, now, _ = trained(days=4.5)
    signals: list[Signal] = []
    while (due := detector.next_due()) is not None and due < now + 300:
        signals += detector.step(due, None, alive_at(due)).signals
    assert {one.kind for one in signals} == {SignalKind.VOLUME_SILENCE}
    first = signals[0]
    assert (first.brand, first.observed, first.support) == ("B", 0, 0)
    assert first.expected > 20
    assert first.window_seconds >= 3 * 3600


def test_a_sparse_brand_is_never_called_dead() -> None:
    detector, now, _ = trained(days=8, rate=0.01)
    signals, stale = silence(detector, now, 3 * 1440, alive_at(now - 1))
    assert (signals, stale) == ([], ())


def test_a_configured_rhythm_holds_for_a_sparse_brand_too() -> None:
    detector, now, _ = trained(days=1, rate=0.05, sources={"rhythm_seconds": {"crawler": 3600}})
    signals, stale = silence(detector, now, 600, alive_at(now - 1), frozenset({"crawler"}))
    assert [one.kind for one in signals] == [SignalKind.SOURCE_DOWN]
    assert stale == ("crawler",)


def test_a_rhythm_says_nothing_of_a_source_that_never_gave_a_mark() -> None:
    detector, now, _ = trained(days=1, rate=0.05, sources={"rhythm_seconds": {"crawler": 3600}})
    assert silence(detector, now, 600, alive_at(now - 1)) == ([], ())


def test_collection_that_starts_is_a_change_and_no_spike() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    random = np.random.default_rng(1)
    for day in range(4):
        pane = BASE + day * 1440 + 700
        detector.step(pane, mentions(pane, 1, random), alive_at(pane))
    start = BASE + 4 * 1440 + 800
    signals: list[Signal] = []
    for minute in range(600):
        pane = start + minute
        signals += detector.step(pane, mentions(pane, 1 + int(random.poisson(2)), random), alive_at(pane)).signals
    assert signals
    assert {one.kind for one in signals} == {SignalKind.SOURCE_CHANGE}
    assert all(one.labels == {"cap": "yellow"} for one in signals)
    assert len(signals) < 20


def test_a_brand_first_heard_of_long_after_its_source_began_is_a_change() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    random = np.random.default_rng(1)
    signals: list[Signal] = []
    for minute in range(120):
        pane = BASE + 5 * 1440 + minute
        given = mentions(pane, 3, random)
        signals += detector.step(pane, given, alive_at(pane), {"crawler": BASE}).signals
    assert signals
    assert {one.kind for one in signals} == {SignalKind.SOURCE_CHANGE}


def test_a_new_source_of_an_established_brand_is_a_change() -> None:
    detector, now, _ = trained()
    random = np.random.default_rng(1)
    signals: list[Signal] = []
    for minute in range(10):
        given = mentions(now + minute, 15, random, source="forum")
        signals += detector.step(now + minute, given, alive_at(now + minute)).signals
    brand = [one for one in signals if one.series == "brand=B"]
    assert brand
    assert {one.kind for one in brand} == {SignalKind.SOURCE_CHANGE}
