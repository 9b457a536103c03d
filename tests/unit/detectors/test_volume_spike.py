"""A surge is told early, with reasons; small numbers, copies and calm are not."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.records import Sentiment, Signal, SignalKind, State
from detectors.grid import Grid
from detectors.protocol import Bucket, Reason
from detectors.settings import VolumeSettings
from detectors.volume import VolumeDetector
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, mentions, pane_input, trained


def test_a_surge_is_told_within_three_minutes_and_explained() -> None:
    detector, now, before = trained()
    assert before == []
    random = np.random.default_rng(5)
    signals: list[Signal] = []
    for minute in range(3):
        given = mentions(now + minute, 12, random, category="price", keywords=("refund",))
        signals += detector.step(now + minute, given, alive_at(now + minute)).signals
    spikes = [one for one in signals if one.kind is SignalKind.VOLUME_SPIKE and one.series == "brand=B"]
    assert spikes
    assert (spikes[0].at - PANES.start_of(now)).total_seconds() <= 180
    last = spikes[-1]
    assert last.state is State.READY
    for dimension in {one.dimension for one in last.contributions}:
        parts = sum(one.excess for one in last.contributions if one.dimension == dimension)
        assert parts == pytest.approx(last.observed - last.expected, abs=1e-6)
    top = next(one for one in last.contributions if one.dimension == "category")
    assert top.value == "price"
    assert last.phrases == ("refund",)
    assert 0 < len(last.voices) <= 5


def test_orders_count_up_within_a_pane_and_ids_are_distinct() -> None:
    detector, now, _ = trained()
    found = detector.step(now, mentions(now, 60, np.random.default_rng(1)), alive_at(now))
    assert len(found.signals) > 1
    assert [one.order for one in found.signals] == [(now, place) for place in range(len(found.signals))]
    assert len({one.id for one in found.signals}) == len(found.signals)
    assert all(one.at == PANES.start_of(now + 1) for one in found.signals)


def test_a_flood_of_copies_is_reach_and_no_spike() -> None:
    detector, now, _ = trained()
    signals: list[Signal] = []
    rows = []
    for minute in range(30):
        pane = now + minute
        items = tuple(evidence(pane, n, signature="copied", text="join the raffle") for n in range(20))
        found = detector.step(pane, pane_input("B", items), alive_at(pane))
        signals += found.signals
        rows += [row for row in found.rows if row.series == "brand=B"]
    assert [one.kind for one in signals] == []
    assert sum(row.counts.n for row in rows) == 600
    assert sum(row.voices for row in rows) == 1


def test_a_surge_of_praise_is_marked_positive() -> None:
    detector, now, _ = trained()
    given = mentions(now, 60, np.random.default_rng(1), sentiment=Sentiment.POSITIVE)
    spikes = [one for one in detector.step(now, given, alive_at(now)).signals if one.series == "brand=B"]
    assert spikes
    assert all(one.positive for one in spikes)


def test_the_same_bucket_is_told_again_only_when_it_grew() -> None:
    detector, now, _ = trained()
    first = detector.step(now, mentions(now, 40, np.random.default_rng(1)), alive_at(now)).signals
    later = detector.step(now + 1, mentions(now + 1, 1, np.random.default_rng(2)), alive_at(now + 1)).signals
    assert sum(one.series == "brand=B" for one in first) == 1
    assert sum(one.series == "brand=B" for one in later) <= 1


def small(rate_per_day: float, days: int = 35) -> VolumeDetector:
    detector = VolumeDetector(VolumeSettings(), Grid(PANES, "Asia/Shanghai"), BASE)
    random = np.random.default_rng(3)
    for minute in np.flatnonzero(random.random(days * 1440) < rate_per_day / 1440):
        detector.learn_one(Bucket(BASE + int(minute), 1.0))
    return detector


def test_two_to_four_on_a_sunday_is_silent() -> None:
    detector = small(rate_per_day=2)
    sunday = BASE + 35 * 1440 - 600
    for step in range(3):
        detector.learn_one(Bucket(sunday + 60 * step, 1.0))
    assert not detector.score_one(Bucket(sunday + 200, 1.0)).beyond


def test_six_at_night_where_there_are_none_is_found() -> None:
    detector = small(rate_per_day=0.3)
    night = BASE + 36 * 1440 + 180
    for step in range(5):
        detector.learn_one(Bucket(night + 7 * step, 1.0))
    score = detector.score_one(Bucket(night + 40, 1.0))
    assert score.beyond
    assert score.observed >= 5


def test_the_first_minutes_are_warming_and_an_established_stream_raises_nothing() -> None:
    detector = VolumeDetector(VolumeSettings(), Grid(PANES, "Asia/Shanghai"), BASE)
    random = np.random.default_rng(1)
    for minute in range(180):
        bucket = Bucket(BASE + minute, float(random.poisson(50)))
        score = detector.score_one(bucket)
        assert score.state is State.WARMING
        assert not score.beyond
        detector.learn_one(bucket)


def test_an_incident_does_not_become_its_own_baseline() -> None:
    detector, now, _ = trained()
    volume = detector._bank.trunk if detector._bank else None
    assert volume is not None
    level = volume.season.level(now)
    random = np.random.default_rng(7)
    for minute in range(60, 240):
        detector.step(now + minute, mentions(now + minute, 10, random), alive_at(now + minute))
    assert volume.season.level(now + 240) < 1.6 * level


def test_a_level_that_stays_is_accepted() -> None:
    detector = VolumeDetector(VolumeSettings(), Grid(PANES, "UTC"), BASE)
    random = np.random.default_rng(1)
    for minute in range(7 * 1440):
        detector.learn_one(Bucket(BASE + minute, float(random.poisson(1.0))))
    for minute in range(7 * 1440, 11 * 1440):
        detector.learn_one(Bucket(BASE + minute, float(random.poisson(4.0))))
    assert detector.rate(BASE + 11 * 1440) == pytest.approx(240, rel=0.25)
    assert detector.score_one(Bucket(BASE + 11 * 1440, 4.0)).reason is Reason.NORMAL


def test_how_much_a_surge_teaches_of_the_usual_spread_is_bounded_by_spread_clip() -> None:
    learned = []
    for clip in (1.0, 2.0, 10.0):
        random = np.random.default_rng(1)
        detector = VolumeDetector(VolumeSettings(spread_clip=clip), Grid(PANES, "UTC"), BASE)
        for hour in range(5 * 24):
            detector.learn_one(Bucket(BASE + 60 * hour + 45, float(random.poisson(60 * random.gamma(4.0, 0.25)))))
        calm = detector.dispersion()
        for hour in range(5 * 24, 5 * 24 + 2):
            detector.learn_one(Bucket(BASE + 60 * hour + 45, 600.0))
        detector.move(BASE + 60 * (5 * 24 + 3))
        learned.append(detector.dispersion() - calm)
    assert 0 < learned[0] < 0.5 * learned[1] < 0.25 * learned[2]
