"""Helpers for tests of counting: a reader of two words, mentions, and a way to read what was published."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from contracts.codec import decode_mixed, encode
from contracts.panes import Panes
from contracts.ports import Checkpoint, In, Out
from contracts.records import Batch, Closed, Correction, Counts, Mention, PaneCounts, Reading, Sentiment
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from streams.count import CountPartition
from streams.count_settings import CountSettings

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PANES = Panes()


class TwoWordReader:
    """``bad`` is negative and hot, ``good`` is positive, everything else neutral."""

    version = "two-words-1"

    def read(self, text: str, lang: str | None = None) -> Reading:
        sentiment = Sentiment.NEGATIVE if "bad" in text else Sentiment.POSITIVE if "good" in text else Sentiment.NEUTRAL
        polarity = {"negative": -0.8, "positive": 0.8}.get(sentiment.value, 0.0)
        return Reading(
            lang=lang or "en",
            category="quality",
            sentiment=sentiment,
            polarity=polarity,
            heat=0.9 if sentiment is Sentiment.NEGATIVE else 0.0,
            signature="",
            model=self.version,
        )

    def read_many(self, texts: Sequence[str], langs: Sequence[str | None] | None = None) -> list[Reading]:
        return [self.read(text, lang) for text, lang in zip(texts, langs or [None] * len(texts), strict=True)]


def mention(name: str, seconds: float, text: str = "bad", brand: str = "Delta", **more: object) -> Mention:
    ts = START + timedelta(seconds=seconds)
    return Mention.model_validate(
        {
            "id": name,
            "ts": ts,
            "received_at": ts,
            "source": "shop",
            "channel": "web",
            "brand": brand,
            "text": text,
            "reach": 3,
            **more,
        }
    )


def batch(
    *mentions: Mention, progress: float | None = None, end: bool = False, lateness: float = 15, source: str = "shop"
) -> bytes:
    at = None if progress is None else START + timedelta(seconds=progress)
    return encode(Batch(source=source, lateness=lateness, mentions=mentions, progress=at, end=end))


def core(
    log: MemoryLog, seen: MemorySeenIds, committed: Checkpoint | None = None, partitions: int = 2
) -> CountPartition:
    return CountPartition(0, partitions, PANES, CountSettings(), TwoWordReader(), seen, log, committed)


def feed(part: CountPartition, messages: Sequence[In]) -> list[Out]:
    return list(asyncio.run(part.handle(messages)).outs) if messages else []


def commit(part: CountPartition) -> Checkpoint | None:
    return asyncio.run(part.checkpoint(0.0))


def counted(outs: Iterable[Out]) -> dict[tuple[int, str], Counts]:
    """Counts by (pane, series): a later publication replaces an earlier one, as in the product."""
    cells: dict[tuple[int, str], Counts] = {}
    for out in outs:
        if out.topic is not Topic.COUNTS:
            continue
        for record in decode_mixed(out.value):
            if isinstance(record, PaneCounts):
                cells.update({(record.pane, key): value for key, value in record.rows.items()})
    return cells


def closings(outs: Iterable[Out]) -> list[Closed]:
    return [
        record
        for out in outs
        if out.topic is Topic.COUNTS
        for record in decode_mixed(out.value)
        if isinstance(record, Closed)
    ]


def corrections(outs: Iterable[Out]) -> dict[str, Correction]:
    return {
        record.position: record
        for out in outs
        if out.topic is Topic.COUNTS
        for record in decode_mixed(out.value)
        if isinstance(record, Correction)
    }
