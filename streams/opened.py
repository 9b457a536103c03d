"""Panes that are still open in one partition: sums by series, evidence, signs of life.

Pure accumulation in memory: nothing here is stored. After a crash the open panes are read again from the
first message that touched one of them, which is why each pane remembers its first offset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

from contracts.records import Counts, Mention, Reading, Sentiment
from contracts.series import escape

T = TypeVar("T")
MAX_EVIDENCE = 200
PART_BYTES = 200_000
"""About so many bytes each of rows, evidence and case events go into one part: Kafka takes a megabyte."""
MAX_KNOWN = 10_000
SNIPPET = 280
NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE


@dataclass(slots=True)
class BrandPane:
    """What one brand said in one open pane."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    evidence: list[bytes] = field(default_factory=list)
    cases: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class OpenPane:
    """One open pane of one partition."""

    first_offset: int
    brands: dict[str, BrandPane] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)


class SeriesPlan:
    """Which combinations of dimensions exist, made fast: the keys of one mention in one pass.

    >>> plan = SeriesPlan((("channel",), ("channel", "category")))
    >>> plan.keys("Delta", {"channel": "weibo", "category": "price"})
    ['brand=Delta', 'brand=Delta,channel=weibo', 'brand=Delta,category=price,channel=weibo']
    """

    def __init__(self, combinations: Sequence[tuple[str, ...]]) -> None:
        self._plan = tuple(tuple(sorted(names)) for names in combinations)
        self._known: dict[tuple[str, ...], list[str]] = {}
        self.dimensions = tuple(sorted({name for names in self._plan for name in names}))

    def keys(self, brand: str, values: dict[str, str | None]) -> list[str]:
        """Series keys of one mention; a combination with a missing value is left out."""
        token = (brand, *(values.get(name) or "" for name in self.dimensions))
        known = self._known.get(token)
        if known is None:
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            known = self._known[token] = self._build(brand, values)
        return known

    def _build(self, brand: str, values: dict[str, str | None]) -> list[str]:
        head = f"brand={escape(brand)}"
        keys = [head]
        for names in self._plan:
            if all(values.get(name) for name in names):
                keys.append(",".join((head, *(f"{name}={escape(values[name] or '')}" for name in names))))
        return keys


def mention_counts(mention: Mention, reading: Reading, hot: float) -> Counts:
    """What one mention adds to each of its series."""
    negative = reading.sentiment is NEGATIVE
    return Counts(
        1, int(negative), int(reading.sentiment is POSITIVE), int(negative and reading.heat >= hot), mention.reach
    )


def evidence_json(mention: Mention, reading: Reading) -> bytes:
    """One :class:`~contracts.records.Evidence` as JSON, without what holds its default."""
    item = {
        "id": mention.id,
        "ts": mention.ts,
        "source": mention.source,
        "channel": mention.channel,
        "category": reading.category,
        "sentiment": reading.sentiment,
        "polarity": reading.polarity,
        "emotion": reading.emotion,
        "heat": reading.heat,
        "reach": mention.reach,
        "signature": reading.signature,
        "keywords": reading.keywords,
        "text": mention.text[:SNIPPET],
        "lang": reading.lang,
    }
    for name in ("product", "region", "author", "author_class", "case_id", "severity", "customer_value"):
        value = getattr(mention, name)
        if value is not None:
            item[name] = value
    return orjson.dumps(item)


def pane_records(partition: int, pane: int, brand: str, one: BrandPane) -> Iterator[bytes]:
    """The wire form of one closed pane of one brand, cut into parts of bounded size."""
    rows = list(_portions([(key, one.rows[key]) for key in sorted(one.rows)], lambda row: 2 * len(row[0]) + 80))
    evidence = list(_portions(one.evidence, len, MAX_EVIDENCE))
    cases = list(_portions(one.cases, len))
    for part in range(max(1, len(rows), len(evidence), len(cases))):
        record = {
            "schema_version": 1,
            "partition": partition,
            "pane": pane,
            "brand": brand,
            "part": part,
            "rows": dict(rows[part]) if part < len(rows) else {},
            "evidence": [orjson.Fragment(item) for item in evidence[part]] if part < len(evidence) else [],
            "cases": [orjson.Fragment(item) for item in cases[part]] if part < len(cases) else [],
        }
        yield orjson.dumps({"type": "PaneCounts", "record": record})


def _portions(items: Sequence[T], size: Callable[[T], int], most: int = 1_000) -> Iterator[Sequence[T]]:
    """``items`` in order, in portions of at most ``most`` and about :data:`PART_BYTES`."""
    start = weight = 0
    for index, item in enumerate(items):
        if index - start == most or (index > start and weight + size(item) > PART_BYTES):
            yield items[start:index]
            start, weight = index, 0
        weight += size(item)
    if start < len(items):
        yield items[start:]
