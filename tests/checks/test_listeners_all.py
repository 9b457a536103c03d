"""Everything that listens to single voices, and the forecast, passes the same checks."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
import pytest

from contracts.records import CaseWords, Evidence, Sentiment
from detectors.forecast import Forecaster
from detectors.grid import Grid
from detectors.lights import Lights
from detectors.outlook_settings import ForecastSettings
from detectors.repeats import Repeats
from detectors.topics import Topics
from detectors.voice_settings import LightSettings, RepeatSettings, TopicSettings, WeightySettings
from detectors.voices import heard
from detectors.weighty import Weighty
from tests.unit.detectors.streams import BASE, PANES, evidence

GRID = Grid(PANES, "Asia/Shanghai")
WORDS = tuple(f"{a}{b}" for a in ("parcel", "refund", "invoice", "coupon", "window") for b in ("", "s", "less", "wise"))


class Listens(Protocol):
    """What all of them can be made to look like."""

    def hear(self, pane: int, one: Evidence) -> object:
        """Take in a mention; what it led to, comparable."""


class TopicsOf:
    def __init__(self) -> None:
        self.topics = Topics(TopicSettings(singles=2000, least_age_hours=1, least_known=20, least_authors=3), GRID, 60)
        self.quantum = -1

    def hear(self, pane: int, one: Evidence) -> object:
        if self.quantum not in (-1, pane // 60):
            self.topics.close(self.quantum, 1.0)
        self.quantum = pane // 60
        voice = heard(pane, one)
        self.topics.hear(voice, lambda buckets: 2.0)
        return self.topics.emerged(pane, [voice], 1.5)


class ForecastOf:
    def __init__(self) -> None:
        self.forecaster = Forecaster(ForecastSettings(), GRID)
        self.count = 0.0
        self.quantum = -1

    def hear(self, pane: int, one: Evidence) -> object:
        self.count += 1
        if pane // 60 == self.quantum:
            return None
        self.forecaster.learn(pane // 60, self.count)
        self.quantum, self.count = pane // 60, 0.0
        return self.forecaster.outlook(3)


LISTENERS: dict[str, Callable[[], Listens]] = {
    "weighty": lambda: Weighty(WeightySettings(authors=100), 60),
    "repeats": lambda: Repeats(RepeatSettings(people=500), 60),
    "lights": lambda: Lights(LightSettings(conversations=200, messages=6), 60),
    "topics": TopicsOf,
    "forecast": ForecastOf,
}
every = pytest.mark.parametrize("make", LISTENERS.values(), ids=LISTENERS.keys())


def stream(length: int, seed: int = 1, start: int = BASE) -> Iterator[tuple[int, Evidence]]:
    """Mentions of many authors, some of them again, some weighty, with words old and new."""
    random = np.random.default_rng(seed)
    for number in range(length):
        pane = start + 3 * number
        fields: dict[str, object] = {
            "id": f"{seed}-{number}",
            "author": f"a{int(random.integers(10 if random.random() < 0.1 else 100_000))}",
            "sentiment": (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)[int(random.integers(3))],
            "reach": int(10 ** random.uniform(0, 7)),
            "case_id": f"c{int(random.integers(300))}",
            "case_words": CaseWords(burden="waited") if random.random() < 0.6 else CaseWords(),
            "author_class": "regulator" if random.random() < 0.02 else None,
            "text": " ".join([*random.choice(WORDS, 3), f"new{seed}x{number}", f"week{number // 300}word"]),
        }
        yield pane, evidence(pane, number, **fields)


def fed(listener: Listens, mentions: Iterator[tuple[int, Evidence]]) -> list[object]:
    return [listener.hear(pane, one) for pane, one in mentions]


@every
def test_it_finds_something_and_the_same_again(make: Callable[[], Listens]) -> None:
    first, second = fed(make(), stream(3000)), fed(make(), stream(3000))
    assert first == second
    assert any(first)


@every
def test_a_restored_one_has_the_same_future_and_the_saved_one_is_independent(make: Callable[[], Listens]) -> None:
    listener = make()
    fed(listener, stream(2000))
    saved = pickle.dumps(listener)
    future = fed(listener, stream(1000, seed=2, start=BASE + 6000))
    assert fed(pickle.loads(saved), stream(1000, seed=2, start=BASE + 6000)) == future  # noqa: S301


@every
def test_memory_does_not_grow(make: Callable[[], Listens]) -> None:
    sizes = []
    for length in (6_000, 9_000):
        listener = make()
        fed(listener, stream(length))
        sizes.append(len(pickle.dumps(listener)))
    assert sizes[1] < 1.25 * sizes[0]  # what is dropped in quarters goes up and down
    assert sizes[1] < 600_000


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0])
def test_what_is_no_count_leaves_the_forecast_unchanged(bad: float) -> None:
    forecaster = Forecaster(ForecastSettings(), GRID)
    for quantum in range(200):
        forecaster.learn(quantum, float(quantum % 7))
    before = pickle.dumps(forecaster)
    forecaster.learn(201, bad)
    forecaster.learn(100, 3.0)
    assert pickle.dumps(forecaster) == before
    assert all(np.isfinite(one.mean) and np.isfinite(one.phi) for one in forecaster.outlook(168))
