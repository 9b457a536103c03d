"""One voice that counts for many."""

from __future__ import annotations

import pytest

from contracts.records import Sentiment, Signal, SignalKind, Tier
from detectors.brand import BrandDetector
from detectors.settings import DetectSettings
from detectors.voice_settings import WeightySettings
from detectors.weighty import Weighty
from tests.unit.alerts.given import shipped, tier_for
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input


def told(**fields: object) -> list[Signal]:
    """What a brand says at once of one mention, the first it ever hears."""
    given = pane_input("B", (evidence(BASE, 0, **({"sentiment": Sentiment.NEGATIVE} | fields)),))
    return list(BrandDetector("B", PANES, DetectSettings()).step(BASE, given, alive_at(BASE)).signals)


def test_reach_is_told_at_once_and_explains_itself() -> None:
    (signal,) = told(reach=30_000_000, text="a report")
    assert signal.kind is SignalKind.VOICE_WEIGHTY
    assert signal.score == pytest.approx(2.477, abs=0.001)
    assert signal.support == 1
    assert [one.text for one in signal.voices] == ["a report"]
    assert signal.labels["why"] == "reach"
    for dimension in {one.dimension for one in signal.contributions}:
        parts = sum(one.excess for one in signal.contributions if one.dimension == dimension)
        assert parts == pytest.approx(signal.observed - signal.expected)


@pytest.mark.parametrize(("named", "score"), [("regulator", 2.0), ("state_media", 2.0), ("large_account", 1.0)])
def test_a_listed_class_needs_no_reach(named: str, score: float) -> None:
    (signal,) = told(author_class=named, reach=3)
    assert (signal.score, signal.labels["why"]) == (score, named)


def test_others_have_no_weight() -> None:
    assert told(author_class="verified", reach=999_999) == []


@pytest.mark.parametrize(
    ("mood", "tier"),
    [(Sentiment.NEGATIVE, Tier.ORANGE), (Sentiment.NEUTRAL, Tier.YELLOW), (Sentiment.POSITIVE, Tier.BLUE)],
)
def test_the_mood_bounds_the_tier(mood: Sentiment, tier: Tier) -> None:
    (signal,) = told(author_class="regulator", sentiment=mood)
    assert tier_for(signal, shipped().rules).tier is tier


def test_an_author_is_told_again_only_for_more_or_a_day_later() -> None:
    weighty = Weighty(WeightySettings(), pane_seconds=60)
    heard = [(0, 2_000_000), (10, 2_000_000), (20, 5_000_000), (30, 2_000_000), (1500, 2_000_000)]
    found = [weighty.hear(pane, evidence(pane, 0, author="a", reach=reach)) is not None for pane, reach in heard]
    assert found == [True, False, True, False, True]


def test_a_copy_by_somebody_weighty_still_counts() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    first = pane_input("B", (evidence(BASE, 0, author="a", signature="s"),))
    again = pane_input("B", (evidence(BASE + 1, 0, author="b", signature="s", author_class="state_media"),))
    assert detector.step(BASE, first, alive_at(BASE)).signals == ()
    assert [one.kind for one in detector.step(BASE + 1, again, alive_at(BASE + 1)).signals] == [
        SignalKind.VOICE_WEIGHTY
    ]


def test_memory_is_bounded() -> None:
    weighty = Weighty(WeightySettings(authors=50), pane_seconds=60)
    for number in range(1000):
        weighty.hear(number, evidence(number, 0, author=f"a{number}", reach=2_000_000))
    again = [weighty.hear(1000, evidence(1000, 0, author=f"a{n}", reach=2_000_000)) is None for n in (999, 951, 949)]
    assert again == [True, True, False]
