"""Every kind of signal that a brand can give: found, the same again, the same through a save, finite and explained."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite

import numpy as np
import pytest

from contracts.records import CaseWords, Evidence, Sentiment, Signal, SignalKind
from detectors.brand import BrandDetector, PaneInput
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, feed, mentions, pane_input, trained

ELSEWHERE = {SignalKind.CASE_LATE}
"""Given behind the detectors, by the clocks of cases."""
HOUR = 60
EXPLODED = (
    "my battery exploded at night", "battery exploded while charging in the kitchen", "the new battery exploded again",
    "who else had a battery that exploded", "help, battery exploded on the sofa", "battery exploded, table burnt",
    "a battery exploded in my bag today", "her battery exploded after two weeks", "so my battery exploded this morning",
    "battery exploded next to the bed", "they say no battery exploded, mine did", "battery exploded and nobody calls",
)  # fmt: skip
Step = tuple[int, PaneInput | None, Mapping[str, int]]


@dataclass(frozen=True)
class Scene:
    """What leads to a signal, step by step, from the end of some ordinary days on."""

    steps: Callable[[int], Iterator[Step]]
    known: Callable[[], tuple[BrandDetector, int]] = lambda: trained()[:2]


def voices(minutes: int, rate: Callable[[int], float], **fields: object) -> Callable[[int], Iterator[Step]]:
    """So many voices a minute, alike."""

    def steps(now: int) -> Iterator[Step]:
        random = np.random.default_rng(7)
        for minute in range(minutes):
            n = int(random.poisson(rate(minute)))
            pane = now + minute
            yield pane, mentions(pane, n, random, **fields) if n else None, alive_at(pane)  # type: ignore[arg-type]

    return steps


def said(*items: Mapping[str, object], every: int = 15) -> Callable[[int], Iterator[Step]]:
    """Single mentions, one every so many minutes."""

    def steps(now: int) -> Iterator[Step]:
        for number, fields in enumerate(items):
            pane = now + every * number
            one: Evidence = evidence(pane, 0, **({"sentiment": Sentiment.NEGATIVE} | dict(fields)))
            yield pane, pane_input("B", (one,)), alive_at(pane)

    return steps


def hot(now: int) -> Iterator[Step]:
    """Fierce voices, more than half of all."""
    for pane, given, alive in voices(90, lambda minute: 1.0, negative=1.0, heat=0.9)(now):
        rows = {key: counts._replace(hot=counts.negative) for key, counts in given.rows.items()} if given else {}
        yield pane, PaneInput(rows, given.evidence) if given else None, alive


def quiet(minutes: int, *, alive: bool) -> Callable[[int], Iterator[Step]]:
    """Nothing at all, while the source lives or does not."""
    return lambda now: ((now + minute, None, alive_at(now + minute if alive else now - 1)) for minute in range(minutes))


@cache
def _begun() -> bytes:
    detector, random = BrandDetector("B", PANES, DetectSettings()), np.random.default_rng(1)
    feed(detector, ((BASE + hour * HOUR, mentions(BASE + hour * HOUR, 1, random)) for hour in (0, 20, 40)))
    return pickle.dumps(detector)


def hardly_known() -> tuple[BrandDetector, int]:
    """A brand that was heard of three times in two days."""
    return pickle.loads(_begun()), BASE + 50 * HOUR  # noqa: S301


SCENES = {
    SignalKind.VOLUME_SPIKE: Scene(voices(40, lambda minute: 8.0)),
    SignalKind.VOLUME_RAMP: Scene(
        voices(20 * HOUR, lambda minute: 0.3 + 1.5 * minute / (20 * HOUR)), lambda: trained(days=8.0)[:2]
    ),
    SignalKind.VOLUME_SILENCE: Scene(quiet(16 * HOUR, alive=True), lambda: trained(rate=1.0)[:2]),
    SignalKind.SENTIMENT_SHIFT: Scene(voices(4 * HOUR, lambda minute: 0.4, negative=1.0)),
    SignalKind.EMOTION_RED: Scene(hot),
    SignalKind.TOPIC_EMERGING: Scene(
        said(*({"text": text, "keywords": (), "author": f"a{n}"} for n, text in enumerate(EXPLODED)))
    ),
    SignalKind.VOICE_WEIGHTY: Scene(said({"reach": 30_000_000})),
    SignalKind.REPEAT: Scene(said(*({"author": "ann"} for _ in range(3)))),
    SignalKind.CASE_LIGHT: Scene(said(*({"case_id": "c", "case_words": CaseWords(burden="waited")} for _ in range(3)))),
    SignalKind.FORECAST: Scene(
        voices(3 * HOUR, lambda minute: 0.5), lambda: trained(forecast={"capacity": {"B": 2.0}})[:2]
    ),
    SignalKind.SOURCE_DOWN: Scene(quiet(6 * HOUR, alive=False), lambda: trained(rate=1.0)[:2]),
    SignalKind.SOURCE_CHANGE: Scene(voices(HOUR, lambda minute: 6.0), hardly_known),
}
every = pytest.mark.parametrize("kind", SCENES)


def walked(detector: BrandDetector, steps: Iterator[Step], save_after: int = -1) -> list[Signal]:
    """The signals of these steps; after ``save_after`` of them the detector is saved and restored."""
    signals: list[Signal] = []
    for number, (pane, given, alive) in enumerate(steps):
        if number == save_after:
            detector = pickle.loads(pickle.dumps(detector))  # noqa: S301
        if given is not None or detector.next_due() == pane:
            signals += detector.step(pane, given, alive).signals
    return signals


@cache
def scene(kind: SignalKind) -> tuple[list[Signal], int]:
    """What a scene gives, and how many steps it has."""
    detector, now = SCENES[kind].known()
    steps = list(SCENES[kind].steps(now))
    return walked(detector, iter(steps)), len(steps)


def test_every_kind_has_a_scene() -> None:
    assert SCENES.keys() | ELSEWHERE == set(SignalKind)


@every
def test_it_is_found(kind: SignalKind) -> None:
    assert kind in {one.kind for one in scene(kind)[0]}


@every
def test_a_save_in_between_changes_nothing(kind: SignalKind) -> None:
    signals, length = scene(kind)
    detector, now = SCENES[kind].known()
    assert walked(detector, SCENES[kind].steps(now), save_after=length // 2) == signals


@every
def test_its_numbers_are_finite_and_its_parts_add_up(kind: SignalKind) -> None:
    signals = [one for one in scene(kind)[0] if one.kind is kind]
    for one in signals:
        numbers = (one.observed, one.expected, one.score, one.lower, one.upper, one.p_value, one.effect)
        assert all(number is None or isfinite(number) for number in numbers)
        assert one.score > 0
        for dimension in {part.dimension for part in one.contributions}:
            parts = sum(part.excess for part in one.contributions if part.dimension == dimension)
            assert parts == pytest.approx(one.observed - one.expected, abs=1e-6)
    assert len({one.id for one in signals}) == len(signals)
