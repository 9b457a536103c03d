"""What the intake tests share: a plain mask, a plain finder, and a bus that remembers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from contracts.clock import ManualClock
from contracts.codec import decode
from contracts.ports import Out
from contracts.records import Batch, DeadLetter, Mention
from streams.door import Deps
from streams.intake import Intake
from streams.settings import IntakeSettings, Sources, SourceSettings

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOKEN = "a-token"
PHONE = "13800138000"


class PlainMask:
    """Masks mobile numbers only."""

    def mask(self, text: str) -> str:
        return re.sub(r"1\d{10}", "[phone]", text)

    def mask_many(self, texts: Sequence[str]) -> list[str]:
        return [self.mask(text) for text in texts]


class PlainFinder:
    """Knows Delta and United, by name or as given."""

    def brands(self, text: str, given: str | None) -> tuple[str, ...]:
        found = tuple(brand for brand in ("Delta", "United") if brand.lower() in text.lower())
        return found or ((given,) if given else ())


class MemoryBus:
    """Keeps what is sent; ``failure`` is raised instead when set."""

    def __init__(self) -> None:
        self.outs: list[Out] = []
        self.sends = 0
        self.failure: Exception | None = None

    async def send(self, outs: Sequence[Out]) -> None:
        if self.failure is not None:
            raise self.failure
        self.sends += 1
        self.outs.extend(outs)

    def batches(self) -> list[tuple[int, Batch]]:
        return [(out.partition, decode(Batch, out.value)) for out in self.outs]

    def mentions(self) -> list[Mention]:
        return [mention for _, batch in self.batches() for mention in batch.mentions]


class Letters:
    """Keeps dead letters."""

    def __init__(self) -> None:
        self.kept: list[DeadLetter] = []

    async def __call__(self, letters: Sequence[DeadLetter]) -> None:
        self.kept.extend(letters)


def pseudonym(value: str) -> str:
    return hashlib.blake2b(value.encode(), digest_size=10, key=b"test").hexdigest()


def source(**given: object) -> SourceSettings:
    return SourceSettings.model_validate({"name": "hotline", **given})


def intake(**given: object) -> Intake:
    return Intake(source(**given), PlainMask(), pseudonym, PlainFinder())


def raw(**given: object) -> dict[str, object]:
    return {"id": "m1", "ts": "2026-01-05T19:59:00+08:00", "text": "Delta lost my bag", **given}


World = tuple[Deps, MemoryBus, Letters, ManualClock]


def deps(*sources: SourceSettings, limits: IntakeSettings | None = None) -> World:
    bus, letters, clock = MemoryBus(), Letters(), ManualClock(NOON)
    settings = Sources(sources=sources, intake=limits or IntakeSettings(gather_seconds=0))
    return Deps(settings, PlainMask(), pseudonym, PlainFinder(), bus, letters, clock, 3), bus, letters, clock
