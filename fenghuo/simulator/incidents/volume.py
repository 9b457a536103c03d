"""More mentions than usual: a sudden surge, a slow ramp, a surge of praise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.calendar import DAY_MS, to_ms
from fenghuo.simulator.chance import Shares
from fenghuo.simulator.incidents.base import Incident, Line, Truth

if TYPE_CHECKING:
    from fenghuo.simulator.cast import Cast

MINUTE_MS = 60_000


class _Added(Incident):
    """Adds ``factor - 1`` times the brand's average daily rate, shaped by `shape`, at any hour of the day.

    The factor is against the average over the day: at night it is more against what is usual then.
    """

    brand: str
    factor: float = Field(default=8.0, gt=1, le=1000)
    category: str | None = None
    """What it is about; ``None``: everything."""
    negative_share: float = Field(default=0.85, ge=0, le=1)
    positive_share: float = Field(default=0.03, ge=0, le=1)

    def shape(self, part: Shares) -> Shares:
        """Relative strength at each part (0 to 1) of the span."""
        return np.ones_like(part)

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """The added mentions, spread over the brand's channels by their shares (or all in the one channel)."""
        if not self.touches(day):
            return
        for channel in cast.channels(self.channel):
            rng = cast.generator(self.name, channel.name)
            minutes = np.arange(int(np.ceil(self.minutes)))
            rate = cast.daily(self.brand, None if self.channel else channel) * MINUTE_MS / DAY_MS
            added = rng.poisson(rate * (self.factor - 1) * self.shape(np.asarray((minutes + 0.5) / self.minutes)))
            starts = to_ms(self.start) + np.repeat(minutes, added) * MINUTE_MS
            times = np.sort(starts + rng.integers(0, MINUTE_MS, len(starts)))
            voices = cast.voices(rng, times, self.negative_share, self.positive_share)
            yield from cast.speak(self.brand, channel, voices.on(day), self.name, self.category)


class SuddenSurge(_Added):
    """Complaints about one matter burst out within minutes."""

    kind: Literal["sudden_surge"] = "sudden_surge"
    minutes: float = Field(default=45, gt=0)
    category: str | None = "logistics"

    def shape(self, part: Shares) -> Shares:
        """Full strength after a tenth of the span, fading over the last third."""
        return np.clip(np.minimum(part / 0.1, (1 - part) / 0.33), 0, 1)

    def truth(self) -> Truth:
        """A spike; the tone may shift and the voices may be hot as well."""
        kinds = (SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT, SignalKind.EMOTION_RED, SignalKind.TOPIC_EMERGING)
        return self._truth(self.factor, kinds, Tier.YELLOW, Tier.RED)


class SlowRamp(_Added):
    """Complaints climb in a straight line over hours; no single minute looks odd."""

    kind: Literal["slow_ramp"] = "slow_ramp"
    minutes: float = Field(default=600, gt=0)
    factor: float = Field(default=4.0, gt=1, le=1000)
    category: str | None = "after-sale"
    negative_share: float = Field(default=0.6, ge=0, le=1)
    positive_share: float = Field(default=0.12, ge=0, le=1)

    def shape(self, part: Shares) -> Shares:
        """Nothing at the start, all at the end."""
        return part

    def truth(self) -> Truth:
        """A ramp, or a spike over a long window."""
        kinds = (SignalKind.VOLUME_RAMP, SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT, SignalKind.FORECAST)
        return self._truth(self.factor, kinds, Tier.BLUE, Tier.RED)


class PraiseSurge(SuddenSurge):
    """Many people are pleased at once: worth knowing, nobody's alarm."""

    kind: Literal["praise_surge"] = "praise_surge"  # type: ignore[assignment]
    category: str | None = None
    negative_share: float = Field(default=0.01, ge=0, le=1)
    positive_share: float = Field(default=0.96, ge=0, le=1)

    def truth(self) -> Truth:
        """A spike at most blue."""
        return self._truth(self.factor, (SignalKind.VOLUME_SPIKE, SignalKind.TOPIC_EMERGING), None, Tier.BLUE)
