"""Terms that suddenly many people use."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from contracts.records import BucketRow, Evidence, Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector, PaneInput
from detectors.clusters import KEPT
from detectors.grid import Grid
from detectors.settings import DetectSettings
from detectors.topics import Topics
from detectors.usage import Usage
from detectors.voice_settings import TopicSettings
from detectors.voices import heard
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input

WORDS = ("parcel", "courier", "invoice", "coupon", "warranty", "delivery", "hotline", "refund", "crossing", "package")
DAY = 1440
NOON = 5 * DAY + 720


def chatter(minutes: int, seed: int = 1, every: int = 6) -> Iterator[tuple[int, PaneInput]]:
    """Ordinary talk: a voice every few minutes with three ordinary words."""
    random = np.random.default_rng(seed)
    for minute in range(0, minutes, every):
        text = " ".join(random.choice(WORDS, 3, replace=False))
        yield BASE + minute, pane_input("B", (evidence(BASE + minute, 0, keywords=(), text=text, author=f"u{minute}"),))


def known(minutes: int = NOON) -> BrandDetector:
    """A brand that has heard ordinary talk."""
    return pickle.loads(_known(minutes))  # type: ignore[no-any-return]  # noqa: S301


@cache
def _known(minutes: int) -> bytes:
    detector = BrandDetector("B", PANES, DetectSettings())
    for pane, given in chatter(minutes):
        detector.step(pane, given, alive_at(pane))
    return pickle.dumps(detector)


def hears(detector: BrandDetector, items: list[Evidence], start: int = BASE + NOON) -> list[Signal]:
    """A mention every three minutes; the topics told."""
    signals: list[Signal] = []
    for number, one in enumerate(items):
        pane = start + 3 * number
        one = one.model_copy(update={"ts": PANES.start_of(pane), "id": f"x{pane}"})
        signals += detector.step(pane, pane_input("B", (one,)), alive_at(pane)).signals
    return [one for one in signals if one.kind is SignalKind.TOPIC_EMERGING]


def say(text: str, count: int, **fields: object) -> list[Evidence]:
    given: dict[str, object] = {"keywords": (), "sentiment": Sentiment.NEGATIVE}
    return [
        evidence(0, number, **(given | {"text": f"{text} {WORDS[number % 10]}", "author": f"n{number}"} | fields))
        for number in range(count)
    ]


def test_what_many_suddenly_say_is_told_once_and_explains_itself() -> None:
    signals = hears(known(), say("The battery exploded overnight", 9))
    (signal,) = signals
    assert {"battery", "exploded", "overnight"} == set(signal.phrases)
    assert signal.labels["topic"] == "battery exploded overnight"
    assert signal.support >= 6
    assert "cap" not in signal.labels
    assert len(signal.voices) == 5
    for dimension in {one.dimension for one in signal.contributions}:
        parts = sum(one.excess for one in signal.contributions if one.dimension == dimension)
        assert parts == pytest.approx(signal.observed - signal.expected, abs=1e-6)


def test_it_is_told_again_when_it_has_grown() -> None:
    scores = [one.score for one in hears(known(), say("The battery exploded", 25))]
    assert len(scores) > 1
    assert all(later >= 1.5 * earlier for earlier, later in zip(scores, scores[1:], strict=False))


def test_chinese_words_that_no_dictionary_knows_are_found_and_put_together() -> None:
    (signal,) = hears(known(), say("充电宝自燃", 9))
    assert signal.phrases == ("充电宝自燃",)


def test_one_author_is_one_voice_however_often_they_say_it() -> None:
    assert hears(known(), say("The battery exploded", 40, author="one")) == []


def test_copies_are_one_voice() -> None:
    assert hears(known(), say("The battery exploded", 40, signature="the same")) == []


def test_five_people_are_too_few() -> None:
    assert hears(known(), say("The battery exploded", 5)) == []


def test_more_of_the_usual_is_no_topic() -> None:
    random = np.random.default_rng(9)
    more = [say(" ".join(random.choice(WORDS, 3, replace=False)), 1, author=f"m{n}")[0] for n in range(60)]
    assert hears(known(), more) == []


def test_what_is_mostly_calm_or_praise_is_held_at_blue() -> None:
    (neutral,) = hears(known(), say("The battery exploded", 9, sentiment=Sentiment.NEUTRAL))
    assert neutral.labels["cap"] == "blue"
    (praise,) = hears(known(), say("The battery charges marvellously", 9, sentiment=Sentiment.POSITIVE))
    assert praise.positive


def test_nothing_is_new_to_a_brand_that_is_hardly_known() -> None:
    assert hears(known(DAY), say("The battery exploded", 20), BASE + DAY) == []


def test_a_source_that_has_only_begun_brings_no_topics() -> None:
    assert hears(known(), say("The battery exploded", 15, source="forum")) == []


def test_what_is_said_every_morning_is_usual_in_the_morning() -> None:
    usage = Usage(limit=1000, half=336.0)
    for quantum in range(24 * 14):
        part = quantum // 6 % 4
        for _ in range(10):
            usage.add(("rush hour", "parcel") if part == 1 else ("parcel",))
        usage.close(quantum, part, 1.0)
    assert usage.share("rush hour", 1) > 0.9
    assert usage.share("rush hour", 2) == pytest.approx(0.25, abs=0.02)


def flood(topics: Topics, terms: int, per_voice: int = 20) -> None:
    """A day with so many new terms, each said once."""
    for number in range(terms // per_voice):
        pane = BASE + number * DAY // (terms // per_voice)
        words = tuple(f"new{number}x{place}" for place in range(per_voice))
        voice = heard(pane, evidence(pane, number, keywords=words[:12], text=" ".join(words)))
        topics.hear(voice, lambda buckets: 5.0)
        if number % 200 == 0:
            topics.close(pane // 60, 1.0)


def test_memory_is_bounded_at_a_hundred_thousand_new_terms_a_day() -> None:
    sizes = []
    for terms in (60_000, 100_000):
        topics = Topics(TopicSettings(), Grid(PANES, "UTC"), 60)
        flood(topics, terms)
        sizes.append(len(pickle.dumps(topics)))
        assert len(topics) <= 3000 + 2000 + 20_000 + 1000 * 2 * KEPT
    assert sizes[1] < 1.1 * sizes[0]
    assert sizes[1] < 2_000_000


def test_a_topic_is_found_in_the_flood() -> None:
    topics = Topics(TopicSettings(least_share=0.0), Grid(PANES, "UTC"), 60)
    for hour in range(24 * 5):
        for number in range(5):
            pane = BASE + hour * 60 + number
            topics.hear(heard(pane, evidence(pane, number, text="parcel")), lambda buckets: 5.0)
        topics.close(pane // 60, 1.0)
    found = []
    start = BASE + 5 * DAY
    for number in range(3000):
        pane = start + number * 600 // 3000
        words = " ".join(f"new{number}x{place}" for place in range(19))
        text = f"{words} explosion" if number % 20 == 0 else words
        voice = heard(pane, evidence(pane, number, keywords=(), text=text))
        topics.hear(voice, lambda buckets: 5.0)
        found += topics.emerged(pane, [voice], 1.5)
    assert [one.name for one in found][:1] == ["explosion"]


def test_the_same_talk_gives_the_same_topics_after_a_restore() -> None:
    items = say("The battery exploded", 25)
    once = hears(known(), items)
    restored = pickle.loads(pickle.dumps(known()))  # noqa: S301
    assert hears(restored, items) == once


def crowd(pane: int, size: int, share: int, text: str) -> PaneInput:
    """So many voices within a pane, each of its own; one in ``share`` says ``text``."""
    ordinary = [f"{WORDS[number % 10]} {WORDS[number // 10 % 10]}" for number in range(size)]
    said = [f"{word} {text}" if number % share == 0 else word for number, word in enumerate(ordinary)]
    items = [
        evidence(pane, number, keywords=(), text=one, author=f"u{pane}-{number}", sentiment=Sentiment.NEGATIVE)
        for number, one in enumerate(said)
    ]
    return pane_input("B", tuple(items))


def test_of_a_crowd_all_are_counted_and_a_sample_shows_what_a_part_of_it_says() -> None:
    detector = BrandDetector("B", PANES, DetectSettings(voices_a_pane=20))
    for pane, given in chatter(NOON):
        detector.step(pane, given, alive_at(pane))
    signals: list[Signal] = []
    rows: list[BucketRow] = []
    for pane in range(BASE + NOON, BASE + NOON + 10):
        found = detector.step(pane, crowd(pane, 200, 4, "The battery exploded"), alive_at(pane))
        signals += found.signals
        rows += [row for row in found.rows if row.series == "brand=B"]
    assert {row.counts.n for row in rows} == {200}
    topics = [one for one in signals if one.kind is SignalKind.TOPIC_EMERGING]
    assert [("battery" in one.labels["topic"] or "exploded" in one.labels["topic"]) for one in topics[:1]] == [True]
    said = 50 * (topics[0].order[0] - (BASE + NOON) + 1)
    assert 0.02 * said < topics[0].observed < 0.3 * said


def babble(pane: int, random: np.random.Generator, share: int) -> PaneInput:
    """Eighty voices within a pane, each in its own words; one in ``share`` speaks of a battery."""
    said = [" ".join(random.choice(WORDS, 6, replace=False)) for _ in range(80)]
    items = [
        evidence(
            pane, number, keywords=(), text=text if number % share else f"{text} battery", author=f"{pane}-{number}"
        )
        for number, text in enumerate(said)
    ]
    return pane_input("B", tuple(items))


def test_what_a_crowd_usually_says_is_expected_of_its_sample_in_the_same_share() -> None:
    detector, random = BrandDetector("B", PANES, DetectSettings(voices_a_pane=10)), np.random.default_rng(4)
    for pane in range(BASE, BASE + 4 * DAY, 30):
        assert detector.step(pane, babble(pane, random, 20), alive_at(pane)).signals == ()
    signals: list[Signal] = []
    for pane in range(BASE + 4 * DAY, BASE + 4 * DAY + 120, 30):
        signals += detector.step(pane, babble(pane, random, 1), alive_at(pane)).signals
    topics = [one for one in signals if one.kind is SignalKind.TOPIC_EMERGING]
    assert [one.labels["topic"] for one in topics[:1]] == ["battery"]
    assert topics[0].expected < 0.15 * topics[0].observed
