"""Panes that are still open in one partition: sums by series, evidence, signs of life.

Pure accumulation in memory: nothing here is stored. After a crash the open panes are read again from the
first message that touched one of them, which is why each pane remembers its first offset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeVar

import orjson

from contracts.records import CaseWords, Counts, Mention, Reading, Sentiment
from contracts.series import escape
from streams.evidence import evidence, evidence_parts

T = TypeVar("T")
MAX_EVIDENCE = 200
PART_BYTES = 200_000
"""About so many bytes each of rows, evidence and case events go into one part: Kafka takes a megabyte."""
MAX_KNOWN = 10_000
NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE


Values = tuple[str | None, ...]
"""What one mention has in each counted dimension."""


@dataclass(slots=True)
class BrandPane:
    """What one brand said in one open pane.

    A mention adds to one cell, that of its values; a cell is added to all its series when the pane is closed.
    """

    cells: dict[Values, list[int]] = field(default_factory=dict)
    evidence: list[Any] = field(default_factory=list)
    cases: list[bytes] = field(default_factory=list)

    def add(
        self, values: Values, mention: Mention, reading: Reading, hot: float, words: CaseWords | None = None
    ) -> None:
        """Count one mention, and keep it as evidence. Written out: it runs for every mention."""
        cell = self.cells.get(values)
        if cell is None:
            self.cells[values] = cell = [0, 0, 0, 0, 0]
        cell[0] += 1
        if reading.sentiment is NEGATIVE:
            cell[1] += 1
            if reading.heat >= hot:
                cell[3] += 1
        elif reading.sentiment is POSITIVE:
            cell[2] += 1
        cell[4] += mention.reach
        self.evidence.append(evidence(mention, reading, words))

    def rows(self, plan: SeriesPlan, brand: str) -> dict[str, list[int]]:
        """The sums of each series, by its key in alphabetical order."""
        found: dict[str, list[int]] = {}
        for values, cell in self.cells.items():
            for key in plan.keys(brand, values):
                row = found.get(key)
                if row is None:
                    found[key] = cell.copy()
                else:
                    _add(row, cell)
        return {key: found[key] for key in sorted(found)}


def _add(row: list[int], counts: Sequence[int]) -> None:
    for place, count in enumerate(counts):
        row[place] += count


@dataclass(slots=True)
class OpenPane:
    """One open pane of one partition."""

    first_offset: int
    brands: dict[str, BrandPane] = field(default_factory=dict)
    alive: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)


class SeriesPlan:
    """Which combinations of dimensions exist, made fast: a mention's values in one pass, their series by a table.

    >>> plan = SeriesPlan((("channel",), ("channel", "category")))
    >>> plan.dimensions
    ('category', 'channel')
    >>> plan.keys("Delta", ("price", "weibo"))
    ['brand=Delta', 'brand=Delta,channel=weibo', 'brand=Delta,category=price,channel=weibo']
    """

    def __init__(self, combinations: Sequence[tuple[str, ...]]) -> None:
        self._plan = tuple(tuple(sorted(names)) for names in combinations)
        self._known: dict[tuple[str, Values], list[str]] = {}
        names = {name for names in self._plan for name in names}
        read = sorted(names & set(Reading.model_fields))
        said = sorted(names - set(read))
        self.dimensions = (*read, *said)
        """Names of the values, in their order."""
        self._of_reading, self._of_mention = _getter(read), _getter(said)

    def values(self, mention: Mention, reading: Reading) -> Values:
        """What one mention has in each dimension."""
        return self._of_reading(reading) + self._of_mention(mention)

    def keys(self, brand: str, values: Values) -> list[str]:
        """Series keys of these values; a combination with a missing value is left out."""
        known = self._known.get((brand, values))
        if known is None:
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            known = self._known[brand, values] = self._build(brand, dict(zip(self.dimensions, values, strict=True)))
        return known

    def _build(self, brand: str, values: dict[str, str | None]) -> list[str]:
        head = f"brand={escape(brand)}"
        keys = [head]
        for names in self._plan:
            if all(values[name] for name in names):
                keys.append(",".join((head, *(f"{name}={escape(values[name] or '')}" for name in names))))
        return keys


def _getter(names: Sequence[str]) -> Callable[[Any], Values]:
    """Reads the attributes ``names`` as a tuple, however many they are."""
    if not names:
        return lambda one: ()
    get: Callable[[Any], Any] = attrgetter(*names)
    return get if len(names) > 1 else lambda one: (get(one),)


def mention_counts(mention: Mention, reading: Reading, hot: float) -> Counts:
    """What one mention adds to each of its series."""
    if reading.sentiment is NEGATIVE:
        return Counts(1, 1, 0, 1 if reading.heat >= hot else 0, mention.reach)
    return Counts(1, 0, 1 if reading.sentiment is POSITIVE else 0, 0, mention.reach)


def pane_records(partition: int, pane: int, brand: str, one: BrandPane, plan: SeriesPlan) -> Iterator[bytes]:
    """The wire form of one closed pane of one brand, cut into parts of bounded size."""
    rows = list(_portions(list(one.rows(plan, brand).items()), lambda row: 2 * len(row[0]) + 80))
    pieces = list(evidence_parts(one.evidence, MAX_EVIDENCE, PART_BYTES))
    cases = list(_portions(one.cases, len))
    for part in range(max(1, len(rows), len(pieces), len(cases))):
        record = {
            "schema_version": 1,
            "partition": partition,
            "pane": pane,
            "brand": brand,
            "part": part,
            "rows": dict(rows[part]) if part < len(rows) else {},
            "evidence": orjson.Fragment(pieces[part]) if part < len(pieces) else [],
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
