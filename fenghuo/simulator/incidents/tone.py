"""The same number of mentions, but another tone."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.chance import Numbers
from fenghuo.simulator.incidents.base import Incident, Truth


class SentimentShift(Incident):
    """The negative share jumps while not one mention more or less comes."""

    kind: Literal["sentiment_shift"] = "sentiment_shift"
    brand: str
    minutes: float = Field(default=360, gt=0)
    share: float = Field(default=0.7, gt=0, le=1)
    """Negative share during the span."""

    def negative(self, times: Numbers) -> Any:
        """The new share within the span."""
        return self.within(times), np.float64(self.share)

    def truth(self) -> Truth:
        """A shift; a red thermometer is fair as well. The factor is the new share."""
        kinds = (SignalKind.SENTIMENT_SHIFT, SignalKind.EMOTION_RED)
        return self._truth(self.share, kinds, Tier.BLUE, Tier.RED)
