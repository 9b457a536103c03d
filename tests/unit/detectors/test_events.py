"""What was announced is expected: no warning of a sale that comes as announced, one of a surge far beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from contracts.records import Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.events import Events
from detectors.grid import Grid
from detectors.offline import alarms
from detectors.outlook_settings import Announced
from detectors.protocol import Bucket
from detectors.redecide import Alarm
from detectors.settings import DetectSettings, VolumeSettings
from detectors.volume import VolumeDetector
from tests.unit.detectors.streams import BASE, PANES, alive_at, mentions

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 288
SALE = 22 * DAY + 100
LASTS = 120
TIMES = [MONDAY + timedelta(minutes=5 * row) for row in range(26 * DAY)]


def sale(factor: float, brands: tuple[str, ...] = ("*",)) -> Announced:
    return Announced(name="sale", start=TIMES[SALE], end=TIMES[SALE + LASTS], factor=factor, brands=brands)


def counts(factor: float) -> list[float]:
    hours = np.arange(len(TIMES)) / 12
    usual = 6 * (1 + 0.5 * np.cos((hours - 15) / 24 * 2 * np.pi))
    usual[SALE : SALE + LASTS] *= factor
    return [float(one) for one in np.random.default_rng(5).poisson(usual)]


def told(came: float, known: Sequence[Announced] = ()) -> list[Alarm]:
    return alarms(TIMES, counts(came), settings=DetectSettings(announced=tuple(known)))


def test_a_sale_that_comes_as_announced_is_no_warning() -> None:
    assert told(3.0)
    assert told(3.0, [sale(3.0)]) == []


def test_what_brings_far_more_than_announced_is_one() -> None:
    found = told(12.0, [sale(3.0)])
    assert [TIMES[SALE] <= one.at < TIMES[SALE + LASTS] for one in found] == [True]
    assert found[0].expected == pytest.approx(18, rel=0.5)


def test_events_of_other_brands_and_other_days_explain_nothing() -> None:
    early = Announced(name="early", start=TIMES[10], end=TIMES[20], factor=3.0)
    assert told(3.0, [sale(3.0, brands=("Delta",))]) == told(3.0)
    assert [one.at for one in told(3.0, [early])] == [one.at for one in told(3.0)]


def learned(came: float, known: Sequence[Announced]) -> VolumeDetector:
    first = int(TIMES[0].timestamp()) // 60
    grid = Grid(PANES, "UTC", events=Events(known, "B", 60))
    detector = VolumeDetector(VolumeSettings(), grid, first)
    for row, count in enumerate(counts(came)):
        detector.learn_one(Bucket(first + 5 * row, count))
    return detector


@pytest.mark.parametrize("came", [1.0, 2.0, 3.0])
def test_a_sale_that_comes_or_does_not_leaves_the_level_where_it_was(came: float) -> None:
    end = int(TIMES[-1].timestamp()) // 60
    usual = learned(1.0, []).season.level(end)
    assert learned(came, [sale(3.0)]).season.level(end) == pytest.approx(usual, rel=0.015)
    if came == 3.0:
        assert learned(came, []).season.level(end) > 1.015 * usual


def test_quiet_that_was_announced_is_no_silence() -> None:
    rows = counts(0.0)
    assert [one.kind for one in alarms(TIMES, rows)] == ["volume.silence"]
    assert alarms(TIMES, rows, settings=DetectSettings(announced=(sale(0.01),))) == []


def test_events_that_meet_multiply_and_both_are_named() -> None:
    hour = datetime(2026, 11, 11, tzinfo=UTC)
    both = [
        Announced(name="a", start=hour, end=hour + timedelta(hours=4), factor=2),
        Announced(name="b", start=hour + timedelta(hours=2), end=hour + timedelta(hours=6), factor=3),
    ]
    events = Events(both, "B", 3600)
    first = int(hour.timestamp()) // 3600
    assert [events.factor(first + place) for place in range(-1, 7)] == [1, 2, 2, 6, 6, 3, 3, 1]
    assert events.over(first, first + 5) == pytest.approx((2 + 2 + 6 + 6 + 3 + 3) / 6)
    assert events.names(first, first + 5) == "a, b"
    assert Events(both, "B", 86_400).factor(first // 24) == pytest.approx((1 + 4 / 24) * (1 + 2 * 4 / 24))


def stepped(known: tuple[Announced, ...]) -> list[Signal]:
    """A brand that is hardly heard of for two days, and then is launched."""
    detector = BrandDetector("B", PANES, DetectSettings(announced=known))
    found: list[Signal] = []
    random = np.random.default_rng(1)
    for pane in (BASE, BASE + 1000, BASE + 2000):
        found += detector.step(pane, mentions(pane, 1, random), alive_at(pane)).signals
    for pane in range(BASE + 3000, BASE + 3060):
        found += detector.step(pane, mentions(pane, 20, random), alive_at(pane)).signals
    return [one for one in found if one.kind is SignalKind.SOURCE_CHANGE]


def test_a_launch_that_was_announced_explains_a_brand_that_begins() -> None:
    start = PANES.start_of(BASE + 3000)
    launch = Announced(name="launch", start=start, end=start + timedelta(hours=6), brands=("B",))
    plain, explained = stepped(()), stepped((launch,))
    assert plain
    assert {one.labels.get("cap") for one in plain} == {"yellow"}
    assert explained
    assert {(one.labels.get("cap"), one.labels.get("announced")) for one in explained} == {(None, "launch")}
