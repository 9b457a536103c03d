"""One complainant or one case, again and again."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from contracts.records import Evidence, Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.repeats import Repeats
from detectors.settings import DetectSettings
from detectors.voice_settings import RepeatSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input

DAY = 1440


def said(pane: int, **fields: object) -> Evidence:
    return evidence(pane, 0, **({"sentiment": Sentiment.NEGATIVE, "author": "ann"} | fields))


def counts(days: list[float], settings: RepeatSettings | None = None, **fields: object) -> list[int]:
    """The thresholds that one person reaches who complains on these days."""
    repeats = Repeats(settings or RepeatSettings(), pane_seconds=60)
    found = [repeats.hear(int(day * DAY), said(int(day * DAY), **fields)) for day in days]
    return [one.times for one in found if one is not None]


def test_each_threshold_is_told_once() -> None:
    assert counts([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) == [3, 5, 10]


def test_what_is_older_than_thirty_days_does_not_count() -> None:
    assert counts([0, 16, 31, 47]) == []
    assert counts([0, 14, 29]) == [3]


def test_a_threshold_is_told_again_once_it_was_left() -> None:
    assert counts([0, 1, 2, 40, 41, 42]) == [3, 3]


def test_messages_within_minutes_are_one_conversation() -> None:
    assert counts([minutes / DAY for minutes in range(0, 120, 5)]) == []


def test_praise_and_chat_are_no_complaints() -> None:
    assert counts([0, 1, 2], sentiment=Sentiment.POSITIVE) == []
    assert counts([0, 1, 2], sentiment=Sentiment.NEUTRAL) == []
    assert counts([0, 1, 2], sentiment=Sentiment.NEUTRAL, case_id="c") == [3]


def test_a_case_is_named_before_its_author_and_only_one_is_told() -> None:
    repeats = Repeats(RepeatSettings(), pane_seconds=60)
    found = [repeats.hear(day * DAY, said(day * DAY, case_id="c")) for day in range(3)]
    assert [one and one.by for one in found] == [None, None, "case"]


def test_memory_is_bounded_and_those_who_come_back_outlive_a_flood_of_others() -> None:
    settings = RepeatSettings(people=500)
    repeats = Repeats(settings, pane_seconds=60)
    told: list[int] = []
    for minute in range(3 * DAY):
        repeats.hear(minute, said(minute, author=f"crowd{minute}"))
        if minute % 200 == 0:
            found = repeats.hear(minute, said(minute))
            told += [found.times] if found else []
    assert told == [3, 5, 10]
    assert len(repeats) <= 2 * settings.people
    assert len(pickle.dumps(repeats)) < 100_000


def brand_hears(**fields: object) -> list[Signal]:
    detector = BrandDetector("B", PANES, DetectSettings())
    signals: list[Signal] = []
    for hours in (0, 7, 20, 30, 31):
        pane = BASE + hours * 60
        given = pane_input("B", (said(pane, channel="mail" if hours else "hotline", **fields),))
        signals += detector.step(pane, given, alive_at(pane)).signals
    return [one for one in signals if one.kind is SignalKind.REPEAT]


@pytest.mark.parametrize("signature", ["", "always the same words"])
def test_a_brand_tells_it_also_when_the_same_text_is_sent_again(signature: str) -> None:
    fields: dict[str, object] = {"signature": signature} if signature else {}
    first, second = brand_hears(**fields)
    assert (first.observed, first.score, second.observed) == (3, 1.0, 5)
    assert first.labels == {"by": "author", "who": "ann"}
    assert first.window_seconds == 20 * 3600
    assert first.voices
    for dimension in {one.dimension for one in first.contributions}:
        assert sum(one.excess for one in first.contributions if one.dimension == dimension) == pytest.approx(3)


def test_two_people_in_one_pane_are_two_signals() -> None:
    detector = BrandDetector("B", PANES, DetectSettings())
    signals: list[Signal] = []
    for day in range(3):
        pane = BASE + day * DAY
        both = tuple(evidence(pane, n, author=f"a{n}", sentiment=Sentiment.NEGATIVE) for n in range(2))
        signals += detector.step(pane, pane_input("B", both), alive_at(pane)).signals
    assert len({one.id for one in signals}) == 2
    assert [one.labels["who"] for one in signals] == ["a0", "a1"]
    assert np.diff([one.order[1] for one in signals]).min() > 0
