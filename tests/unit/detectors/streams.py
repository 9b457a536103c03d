"""Seeded streams for the tests: panes with rows and evidence of one brand."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache

import numpy as np
import orjson

from contracts.panes import Panes
from contracts.records import Counts, Emotion, Evidence, Sentiment, Signal
from contracts.series import series_key
from detectors.brand import BrandDetector, PaneInput
from detectors.settings import DetectSettings

PANES = Panes(pane_seconds=60, bucket_seconds=60)
BASE = 29_005_440
"""A Monday, 00:00 in Shanghai, in minutes."""
COMBINATIONS = ((), ("channel",), ("category",))


def evidence(pane: int, number: int, **fields: object) -> Evidence:
    """One mention in a pane."""
    given: dict[str, object] = {
        "id": f"{pane}-{number}",
        "ts": PANES.start_of(pane) + timedelta(milliseconds=number),
        "source": "crawler",
        "channel": "weibo",
        "category": "logistics",
        "sentiment": Sentiment.NEUTRAL,
        "polarity": 0.0,
        "emotion": Emotion.NONE,
        "heat": 0.2,
        "reach": 10,
        "signature": f"s{pane}-{number}",
        "keywords": ("parcel",),
        "text": "where is it",
        "lang": "en",
    }
    return Evidence.model_construct(**(given | fields))  # type: ignore[arg-type]


def pane_input(brand: str, items: tuple[Evidence, ...]) -> PaneInput:
    """The counts that belong to some evidence."""
    rows: dict[str, Counts] = {}
    for one in items:
        for combination in COMBINATIONS:
            key = series_key({"brand": brand, **{name: getattr(one, name) for name in combination}})
            negative, positive = one.sentiment is Sentiment.NEGATIVE, one.sentiment is Sentiment.POSITIVE
            rows[key] = rows.get(key, Counts()).plus(Counts(1, int(negative), int(positive), 0, one.reach))
    return PaneInput(rows, items)


def calm(
    seed: int, rate: float, minutes: int, phi: float = 0.1, negative: float = 0.3
) -> Iterator[tuple[int, PaneInput | None]]:
    """Over-dispersed counts with a daily rhythm; ``rate`` a minute."""
    random = np.random.default_rng(seed)
    for minute in range(minutes):
        hour = minute / 60 % 24
        mean = rate * (1 + 0.8 * math.sin((hour - 9) / 24 * 2 * math.pi)) * random.gamma(1 / phi, phi)
        n = int(random.poisson(mean))
        pane = BASE + minute
        yield pane, mentions(pane, n, random, negative) if n else None


def mentions(pane: int, n: int, random: np.random.Generator, negative: float = 0.3, **fields: object) -> PaneInput:
    """``n`` independent mentions in one pane."""
    items = []
    for number in range(n):
        mood = Sentiment.NEGATIVE if random.random() < negative else Sentiment.NEUTRAL
        category = ("logistics", "price", "quality")[int(random.integers(3))]
        items.append(evidence(pane, number, **({"sentiment": mood, "category": category} | fields)))
    return pane_input("B", tuple(items))


def alive_at(pane: int) -> Mapping[str, int]:
    """A crawler that lives all the time."""
    return {"crawler": pane}


def feed(detector: BrandDetector, stream: Iterator[tuple[int, PaneInput | None]]) -> list[Signal]:
    """Step through panes that have data or are due."""
    signals: list[Signal] = []
    for pane, given in stream:
        if given is not None or detector.next_due() == pane:
            signals += detector.step(pane, given, alive_at(pane)).signals
    return signals


def trained(
    days: float = 4.0, rate: float = 0.3, seed: int = 1, **changes: object
) -> tuple[BrandDetector, int, list[Signal]]:
    """A detector after some calm days: (detector, next pane, signals so far)."""
    saved = _trained(days, rate, seed, orjson.dumps(changes))
    detector, signals = pickle.loads(saved)  # noqa: S301
    return detector, BASE + int(days * 1440), signals


@lru_cache
def _trained(days: float, rate: float, seed: int, changes: bytes) -> bytes:
    detector = BrandDetector("B", PANES, DetectSettings.model_validate_json(changes))
    signals = feed(detector, calm(seed, rate, int(days * 1440)))
    return pickle.dumps((detector, signals))
