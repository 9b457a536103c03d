"""A file as a stream: sorted by time, doubtful ends refused, small brands folded, marks in between.

Pure. A file has no clock beside it, so its rows vouch for one another: a row or two far away from all others
(a day ahead, in 2038) stay unconfirmed and are refused; everything else keeps its time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import InvalidRecord
from contracts.records import Batch, Mention
from contracts.series import OTHER
from streams.batch import Placed, end, gather, progress
from streams.settings import SourceSettings

LEAST_ROWS = 20
"""In a shorter file nothing can be called implausible."""
ISLAND = 3
"""So many rows together confirm one another."""
LEAST_GAP = timedelta(hours=12)
TIMES_USUAL = 20
MAX_NAMED_SOURCES = 60
"""Sources that one file may name; the smallest beyond are counted under ``other``."""
EVERY = 500
"""Rows between two progress marks."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One accepted row: where it stood, and its mentions (one for each brand)."""

    place: str
    mentions: tuple[Mention, ...]

    @property
    def ts(self) -> datetime:
        """When it was said."""
        return self.mentions[0].ts


@dataclass(frozen=True, slots=True)
class Arranged:
    """A file ready to be played.

    Parameters
    ----------
    rows
        Sorted by time; equal times in the order of the file.
    refused
        Rows at the ends that nothing confirms, with the reason.
    folded
        How many mentions of each brand were folded into ``other``.
    """

    rows: tuple[Taken, ...]
    refused: tuple[tuple[Taken, InvalidRecord], ...]
    folded: dict[str, int]


def arrange(rows: Iterable[Taken], *, max_brands: int = 200) -> Arranged:
    """Sort, refuse what is unconfirmed, fold what is too much.

    Parameters
    ----------
    rows
        In the order of the file.
    max_brands
        Brands kept; of more, the largest (ties by name).
    """
    ordered = sorted(rows, key=lambda row: row.ts)
    first, last = confirmed([row.ts for row in ordered])
    doubtful = ordered[:first] + ordered[last:]
    kept, folded = _fold(_few_sources(ordered[first:last]), max_brands)
    return Arranged(tuple(kept), tuple((row, _unconfirmed(row)) for row in doubtful), folded)


def confirmed(times: Sequence[datetime]) -> tuple[int, int]:
    """The range of sorted ``times`` that others confirm.

    Cut off, from either end and as long as there is something to cut, are fewer than :data:`ISLAND` rows
    behind a gap above both :data:`LEAST_GAP` and :data:`TIMES_USUAL` times the gap that 99 of 100 rows stay
    under.

    >>> from datetime import UTC
    >>> hour = [datetime(2026, 1, 1, 0, minute, tzinfo=UTC) for minute in range(60)]
    >>> confirmed([*hour, datetime(2026, 1, 2, 12, tzinfo=UTC)])
    (0, 60)
    """
    first, last = 0, len(times)
    limit = _implausible(times) if last >= LEAST_ROWS else timedelta.max
    while last - first >= LEAST_ROWS:
        head = next((size for size in range(1, ISLAND) if times[first + size] - times[first + size - 1] > limit), 0)
        tail = next((size for size in range(1, ISLAND) if times[last - size] - times[last - size - 1] > limit), 0)
        if not head and not tail:
            break
        first, last = first + head, last - tail
    return first, last


def play(
    rows: Sequence[Taken], source: SourceSettings, partitions: int, *, every: int = EVERY
) -> Iterator[list[Placed]]:
    """The file as batches: some rows with a mark for every partition behind them, and at last an end mark.

    Rows must be sorted; a mark then says exactly how far time has come, and nothing is late.
    """
    for start in range(0, len(rows), every):
        part = rows[start : start + every]
        placed = gather(source, (mention for row in part for mention in row.mentions), partitions)
        yield _marked(placed, source, part[-1].ts, partitions)
    if rows:
        yield end(source, rows[-1].ts, partitions)


def _marked(placed: list[Placed], source: SourceSettings, at: datetime, partitions: int) -> list[Placed]:
    """The mark rides on the last batch of each partition; where there is none it goes alone."""
    last = {partition: index for index, (partition, _) in enumerate(placed)}
    marked: list[Placed] = [
        (partition, _with_mark(batch, at) if last[partition] == index else batch)
        for index, (partition, batch) in enumerate(placed)
    ]
    return marked + [(partition, mark) for partition, mark in progress(source, at, partitions) if partition not in last]


def _with_mark(batch: Batch, at: datetime) -> Batch:
    return Batch(source=batch.source, lateness=batch.lateness, mentions=batch.mentions, progress=at)


def _implausible(times: Sequence[datetime]) -> timedelta:
    """The gap above which a row is far away; the gaps at the very ends are what is judged, so they do not count."""
    inner = sorted(later - earlier for earlier, later in zip(times[2:], times[3:-2], strict=False))
    return max(LEAST_GAP, TIMES_USUAL * inner[int(0.99 * (len(inner) - 1))])


def _unconfirmed(row: Taken) -> InvalidRecord:
    return InvalidRecord(
        row.place, "ts", "lies far away from all other rows of the file, and no further row confirms it"
    )


def _fold(rows: Sequence[Taken], max_brands: int) -> tuple[list[Taken], dict[str, int]]:
    counts = Counter(mention.brand for row in rows for mention in row.mentions)
    counts.pop(OTHER, None)
    if len(counts) <= max_brands:
        return list(rows), {}
    ranked = sorted(counts, key=lambda brand: (-counts[brand], brand))
    small = frozenset(ranked[max_brands:])
    return [_folded(row, small) for row in rows], {brand: counts[brand] for brand in ranked[max_brands:]}


def _few_sources(rows: Sequence[Taken]) -> list[Taken]:
    """Rows whose sources beyond the largest :data:`MAX_NAMED_SOURCES` are folded into ``other``."""
    counts = Counter(row.mentions[0].source for row in rows)
    if len(counts) <= MAX_NAMED_SOURCES:
        return list(rows)
    small = frozenset(sorted(counts, key=lambda name: (-counts[name], name))[MAX_NAMED_SOURCES:])
    return [
        Taken(row.place, tuple(one.model_copy(update={"source": OTHER}) for one in row.mentions))
        if row.mentions[0].source in small
        else row
        for row in rows
    ]


def _folded(row: Taken, small: frozenset[str]) -> Taken:
    if not any(mention.brand in small for mention in row.mentions):
        return row
    kept: dict[str, Mention] = {}
    for mention in row.mentions:
        brand = OTHER if mention.brand in small else mention.brand
        kept.setdefault(brand, mention.model_copy(update={"brand": brand}))
    return Taken(row.place, tuple(kept.values()))
