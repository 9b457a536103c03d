"""Everybody who speaks: makes raw records of event times and random numbers, ordinary or planted.

Between `rhythm` and `texts` (when and what) on one side and `simulation` (in what order) on the other.
The Cast holds no state but prepared writers and the private data planted in records not yet sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64
from numpy.typing import NDArray

from fenghuo.simulator import rhythm
from fenghuo.simulator.calendar import day_number, day_start, to_ms
from fenghuo.simulator.chance import Numbers, Shares, generator, seed_of
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.private import Private
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.speaker import COLUMNS, SENTIMENT_COLUMN, THIN_COLUMN, Speaker
from fenghuo.simulator.texts.writer import NEGATIVE, NEUTRAL, POSITIVE
from fenghuo.simulator.world import Brand, Channel

_FULL = float(2**32)


@dataclass(frozen=True, slots=True)
class Voices:
    """Utterances to be: time, running number, true sentiment, and a row of random numbers each."""

    times: Numbers
    numbers: Numbers
    sentiments: Numbers
    rows: NDArray[np.uint32]

    def pick(self, mask: NDArray[np.bool_]) -> Voices:
        """Those where ``mask`` holds; they keep their numbers."""
        return Voices(self.times[mask], self.numbers[mask], self.sentiments[mask], self.rows[mask])

    def between(self, low: int, high: int) -> Voices:
        """Those in [low, high); times are sorted."""
        first, last = np.searchsorted(self.times, (low, high)).tolist()
        part = slice(first, last)
        return Voices(self.times[part], self.numbers[part], self.sentiments[part], self.rows[part])

    def on(self, day: int) -> Voices:
        """Those on one local day."""
        return self.between(day_start(day), day_start(day + 1))


class Cast:
    """The speakers of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.private: dict[str, Private] = {}
        """By record id: what was planted in records made but not yet sent."""
        self._speakers: dict[tuple[str, str], Speaker] = {}

    def generator(self, *names: str) -> np.random.Generator:
        """The generator for these names."""
        return generator(self.scenario.seed, *names)

    def channels(self, name: str | None) -> tuple[Channel, ...]:
        """The one channel of this name, or all."""
        return self.scenario.channels if name is None else (self.scenario.channel(name),)

    def has_channel(self, name: str) -> bool:
        """Whether ordinary traffic knows the channel."""
        return any(one.name == name for one in self.scenario.channels)

    def daily(self, brand: str, channel: Channel | None) -> float:
        """Mentions on an average day, of the brand or of its part in one channel."""
        share = 1.0 if channel is None else self.scenario.share_of(channel)
        return self.scenario.rate * self.scenario.brand_of(brand).volume * share

    def voices(self, rng: np.random.Generator, times: Numbers, negative: float | Shares, positive: float) -> Voices:
        """Utterances at these times, with this mix of sentiments."""
        rows = rng.integers(0, 2**32, (len(times), COLUMNS), dtype=np.uint32)
        return Voices(times, np.arange(len(times)), _sentiments(rows, negative, positive), rows)

    def ordinary(self, brand: str, channel: Channel, day: int, low: int, high: int) -> Voices:
        """What is ordinarily said about one brand on one channel in [low, high) of one local day.

        Times are drawn for the whole day; of the random rows only those of the span, so that a short span of a fast
        flow is cheap and yet the same as in the whole day.
        """
        who = self.scenario.brand_of(brand)
        rng = self.generator("times", brand, channel.name, str(day))
        slots = rhythm.counts(rng, rhythm.expected(self.scenario, who, channel, day), self.scenario.dispersion)
        starts = day_start(day) + np.repeat(np.arange(rhythm.SLOTS), slots) * rhythm.SLOT_MS
        times = np.sort(starts + rng.integers(0, rhythm.SLOT_MS, len(starts)))
        first, last = np.searchsorted(times, (low, high)).tolist()
        bits = PCG64(seed_of(self.scenario.seed, "rows", brand, channel.name, str(day)))
        bits.advance(first * COLUMNS // 2)
        base = self._base(who, times[first:last])
        voices = self.voices(np.random.Generator(bits), times[first:last], base, who.positive)
        voices = Voices(voices.times, voices.numbers + first, voices.sentiments, voices.rows)
        return self._bent(who, channel, voices, base)

    def _base(self, brand: Brand, times: Numbers) -> float | Shares:
        drift = self.scenario.drift
        if drift is None:
            return brand.negative
        first, last = to_ms(self.scenario.start), to_ms(self.scenario.end)
        part = np.clip((times - first) / (last - first), 0, 1)
        return np.asarray(drift.first + (drift.last - drift.first) * part)

    def _bent(self, brand: Brand, channel: Channel, voices: Voices, base: float | Shares) -> Voices:
        """As the planted incidents have it: some dropped, some of another tone."""
        kept = np.ones(len(voices.times), dtype=bool)
        negative = np.broadcast_to(np.asarray(base, dtype=float), kept.shape).copy()
        bent = False
        for one in self.scenario.incidents:
            if not one.hits(brand.name, channel.name):
                continue
            keeps = one.keeps(voices.times, voices.rows[:, THIN_COLUMN].astype(np.int64))
            if keeps is not None:
                kept &= keeps
            turned = one.negative(voices.times)
            if turned is not None:
                negative[turned[0]] = turned[1]
                bent = True
        sentiments = _sentiments(voices.rows, negative, brand.positive, base) if bent else voices.sentiments
        voices = Voices(voices.times, voices.numbers, sentiments, voices.rows)
        return voices if kept.all() else voices.pick(kept)

    def speak(
        self,
        brand: str,
        channel: Channel,
        voices: Voices,
        planted: str = "",
        category: str | None = None,
        *,
        private: bool = True,
    ) -> Iterator[Line]:
        """The records of these utterances; ``planted`` names the incident they belong to."""
        if not len(voices.times):
            return iter(())
        speaker = self._speakers.get((brand, channel.name))
        if speaker is None:
            speaker = Speaker(self.scenario, self.scenario.brand_of(brand), channel, self.private)
            self._speakers[brand, channel.name] = speaker
        day = day_number(int(voices.times[0]))
        head = f"{day}-{planted}" if planted else f"{day}"
        return speaker.lines(
            voices.times, voices.numbers, voices.sentiments, voices.rows, head, planted, category, private
        )


def _sentiments(
    rows: NDArray[np.uint32], negative: float | Shares, positive: float, base: float | Shares | None = None
) -> Numbers:
    """0, 1 or 2 for each row; where ``negative`` differs from ``base`` the positive share makes room in proportion."""
    draws = rows[:, SENTIMENT_COLUMN] / _FULL
    room = (
        np.asarray(positive * (1 - np.asarray(negative)) / np.maximum(1 - np.asarray(base), 1e-9))
        if base is not None
        else positive
    )
    return np.where(draws < negative, NEGATIVE, np.where(draws >= 1 - room, POSITIVE, NEUTRAL)).astype(np.int64)
