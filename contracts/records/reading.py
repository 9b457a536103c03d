"""What was understood of a text."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.records.base import Finite, Name, Record, Share


class Sentiment(StrEnum):
    """Three kinds, as people label them."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Emotion(StrEnum):
    """The leading emotion, or none."""

    ANGER = "anger"
    ANXIETY = "anxiety"
    DISAPPOINTMENT = "disappointment"
    SADNESS = "sadness"
    JOY = "joy"
    GRATITUDE = "gratitude"
    NONE = "none"


class Stage(StrEnum):
    """When in a purchase it happened."""

    PRE_SALE = "pre-sale"
    DELIVERY = "delivery"
    AFTER_SALE = "after-sale"
    UNKNOWN = "unknown"


class Reading(Record):
    """A pure function of (text, model version)."""

    lang: Annotated[str, Field(max_length=16)]
    """``zh``, ``en``, ``mixed`` or ``other``."""
    category: Name
    """A kind of the taxonomy, or ``other``."""
    stage: Stage = Stage.UNKNOWN
    sentiment: Sentiment
    polarity: Annotated[Finite, Field(ge=-1, le=1)]
    emotion: Emotion = Emotion.NONE
    heat: Share
    """How fierce, 0 to 1."""
    keywords: tuple[str, ...] = ()
    signature: Annotated[str, Field(max_length=64)]
    """Equal for texts that are copies of one another."""
    model: Name
    """Version of the model that read it."""
