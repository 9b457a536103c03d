"""What every detector of a series obeys: score a bucket before learning from it, and say when a score means nothing.

A detector sees the buckets of its series in order, only those that hold something; empty buckets between them
are known from the gap in the numbers and cost nothing. A bucket may be scored many times while it fills
(``n`` so far) and is learned once, when it has closed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol

from contracts.records import State


class Reason(StrEnum):
    """Why a score is what it is."""

    BEYOND = "beyond"
    """Beyond the limit."""
    NORMAL = "normal"
    """Judged, and within the limit."""
    TOO_FEW = "too_few"
    """Too few voices to be judged."""
    FADING = "fading"
    """The window is beyond its limit, but its newest part is back to normal."""
    WARMING = "warming"
    """Nothing is known yet."""
    NOT_FINITE = "not_finite"
    """The input was no finite count; the model is unchanged."""


class Bucket(NamedTuple):
    """What a series held in one bucket (so far): independent voices, the negative and the hot ones among them."""

    number: int
    n: float
    negative: float = 0.0
    hot: float = 0.0
    """Negative and fierce."""


class Score(NamedTuple):
    """How unusual a bucket is.

    ``value`` is ``None`` when the detector cannot say; 1.0 is the limit (``threshold``), 2.0 twice as far on the scale
    of the detector. ``observed``, ``expected`` and the band belong to the window (``window_seconds``) that
    stands out most.
    """

    value: float | None
    state: State
    reason: Reason
    observed: float = 0.0
    expected: float = 0.0
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    effect: float | None = None
    threshold: float = 1.0
    certainty: float = 1.0
    """How sure it is that this is no chance, 1 at the absolute floor; what detectors without a floor leave at 1."""
    window_seconds: int = 60
    voices: int = 0

    slow: bool = False
    """Beyond its limit in the long windows alone: a slow climb, no burst."""

    @property
    def beyond(self) -> bool:
        """Whether it is worth a signal."""
        return self.reason is Reason.BEYOND


class Detector(Protocol):
    """One series, one question."""

    def score_one(self, bucket: Bucket) -> Score:
        """Judge ``bucket`` by what was learned before it; asking twice changes nothing."""

    def learn_one(self, bucket: Bucket) -> None:
        """Take in a closed bucket; one that is not finite, negative or out of order leaves the model unchanged."""
