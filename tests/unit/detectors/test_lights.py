"""The light of one conversation: what turns it yellow, what red, what leaves it off."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from contracts.records import CaseWords, Evidence, Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector
from detectors.lights import Light, Lights, Why
from detectors.settings import DetectSettings
from detectors.voice_settings import LightSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input

BURDEN = CaseWords(burden="等了三天")
PLAIN = CaseWords()
THREAT = CaseWords(threats=("起诉",))
HOUR = 60


def said(number: int, words: CaseWords = BURDEN, case: str = "c", **fields: object) -> Evidence:
    given = {"case_id": case, "case_words": words, "sentiment": Sentiment.NEGATIVE}
    return evidence(BASE + number, 0, **(given | fields))


def heard(*messages: Evidence, every: int = 10, lights: Lights | None = None) -> list[Light]:
    lights = lights or Lights(LightSettings(), PANES.pane_seconds)
    found = (lights.hear(BASE + every * number, one) for number, one in enumerate(messages))
    return [one for one in found if one is not None]


def test_the_third_burden_in_a_row_is_yellow_and_told_once() -> None:
    (light,) = heard(*(said(n) for n in range(5)))
    assert (light.score, light.why, light.observed, light.case) == (1.0, Why.BURDENS, 3, "c")
    assert light.seconds == 20 * 60


@pytest.mark.parametrize("between", [PLAIN, CaseWords(authority=1)])
def test_another_message_breaks_the_row(between: CaseWords) -> None:
    assert heard(said(0), said(1), said(2, between), said(3), said(4)) == []


def test_a_nudge_neither_counts_nor_breaks() -> None:
    idle = CaseWords(idle=True)
    assert heard(said(0), said(1, idle), said(2), said(3, idle), said(4, idle)) == []
    assert len(heard(said(0), said(1, idle), said(2), said(3, idle), said(4))) == 1


def test_what_merely_reads_as_negative_counts_beside_one_burden_in_words() -> None:
    first, second, third = (said(number, PLAIN, polarity=-0.6) for number in range(3))
    assert [one.why for one in heard(first, said(1), third)] == [Why.BURDENS]
    assert heard(first, second, third) == []
    assert heard(first, said(1), said(2, CaseWords(polite=True), polarity=-0.6)) == []
    assert heard(first, said(1), said(2, PLAIN, polarity=-0.1)) == []


def test_what_staff_says_counts_for_nothing() -> None:
    assert heard(*(said(n, author_class="Agent") for n in range(5))) == []
    assert heard(said(0), said(1, THREAT, author_class="客服"), said(2)) == []


def test_burdens_of_several_cases_or_days_are_no_row() -> None:
    assert heard(*(said(n, case=f"c{n}") for n in range(6))) == []
    assert heard(*(said(n) for n in range(6)), every=13 * HOUR) == []


def test_a_threat_after_a_message_is_red_and_so_is_heat_that_jumps() -> None:
    (threat,) = heard(said(0, PLAIN), said(1, THREAT))
    assert (threat.score, threat.why, threat.phrases) == (2.0, Why.THREAT, ("起诉",))
    (hot,) = heard(said(0, PLAIN, heat=0.1), said(1, PLAIN, heat=0.7))
    assert (hot.score, hot.why, hot.observed, hot.expected) == (2.0, Why.HEAT, 0.7, 0.1)


def test_heat_that_rises_slowly_is_red_once_it_stays() -> None:
    assert heard(said(0, PLAIN, heat=0.5), said(1, PLAIN, heat=0.6)) == []
    assert len(heard(said(0, PLAIN, heat=0.5), said(1, PLAIN, heat=0.6), said(2, PLAIN, heat=0.61))) == 1


def test_a_first_message_jumps_from_nothing_and_is_red_for_danger_alone() -> None:
    assert heard(said(0, THREAT, heat=0.9)) == []
    assert heard(said(0, THREAT, heat=0.9), said(1, PLAIN, heat=0.7))[0].why is Why.HEAT
    assert heard(said(0, CaseWords(danger="跳楼")))[0].why is Why.DANGER


def test_praise_threatens_nobody() -> None:
    assert heard(said(0, PLAIN), said(1, THREAT, sentiment=Sentiment.POSITIVE)) == []
    assert len(heard(said(0, PLAIN), said(1, THREAT, sentiment=Sentiment.POSITIVE, heat=0.4))) == 1


def test_yellow_climbs_to_red_and_a_day_later_it_may_be_told_again() -> None:
    lights = Lights(LightSettings(), PANES.pane_seconds)
    assert [one.score for one in heard(*(said(n) for n in range(4)), said(4, THREAT), said(5), lights=lights)] == [1, 2]
    again = [lights.hear(BASE + 25 * HOUR + n, said(n)) for n in range(3)]
    assert [one.score if one else None for one in again] == [None, None, 1.0]


def test_conversations_are_bounded_and_the_oldest_go() -> None:
    lights = Lights(LightSettings(conversations=10), PANES.pane_seconds)
    for number in range(1000):
        lights.hear(BASE + number, said(number, case=f"c{number}"))
    assert len(lights) == 10
    lights.hear(BASE + 10_000, said(0))
    assert len(lights) == 1


def signals(*messages: Evidence, save: bool = False) -> list[Signal]:
    detector = BrandDetector("B", PANES, DetectSettings())
    found: list[Signal] = []
    for number, one in enumerate(messages):
        pane = BASE + number
        found += detector.step(pane, pane_input("B", (one,)), alive_at(pane)).signals
        if save:
            detector = pickle.loads(pickle.dumps(detector))  # noqa: S301
    return [one for one in found if one.kind is SignalKind.CASE_LIGHT]


def test_a_signal_shows_the_case_the_phrases_and_the_customers_words() -> None:
    talk = [said(0), said(1), said(2, PLAIN, author_class="agent", text="please wait"), said(3, THREAT, text="court")]
    (signal,) = signals(*talk)
    assert (signal.score, signal.labels) == (2.0, {"who": "c", "light": "threat"})
    assert signal.phrases == ("起诉",)
    assert {voice.text for voice in signal.voices} == {"where is it", "court"}
    assert signal.support == 3
    excess = sum(part.excess for part in signal.contributions if part.dimension == "channel")
    assert excess == signal.observed - signal.expected


def test_a_saved_detector_goes_on_with_the_conversation() -> None:
    talk = [*(said(n) for n in range(4)), said(4, THREAT)]
    assert signals(*talk, save=True) == signals(*talk) != []


def test_fewer_messages_than_burdens_are_refused() -> None:
    with pytest.raises(ValidationError, match="at least burdens"):
        LightSettings(burdens=5, messages=4)
