"""What can be planted in the ordinary traffic, each kind with its truth beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fenghuo.simulator.incidents.base import Incident, Truth
from fenghuo.simulator.incidents.copies import CopyFlood
from fenghuo.simulator.incidents.persons import FuriousCase, RepeatComplainant, WeightyVoice
from fenghuo.simulator.incidents.sources import CollectionStarts, DeadCollector, QuietNight
from fenghuo.simulator.incidents.tone import SentimentShift
from fenghuo.simulator.incidents.volume import PraiseSurge, SlowRamp, SuddenSurge

AnyIncident = Annotated[
    SuddenSurge
    | SlowRamp
    | PraiseSurge
    | SentimentShift
    | CopyFlood
    | DeadCollector
    | CollectionStarts
    | QuietNight
    | FuriousCase
    | RepeatComplainant
    | WeightyVoice,
    Field(discriminator="kind"),
]

__all__ = [
    "AnyIncident",
    "CollectionStarts",
    "CopyFlood",
    "DeadCollector",
    "FuriousCase",
    "Incident",
    "PraiseSurge",
    "QuietNight",
    "RepeatComplainant",
    "SentimentShift",
    "SlowRamp",
    "SuddenSurge",
    "Truth",
    "WeightyVoice",
]
