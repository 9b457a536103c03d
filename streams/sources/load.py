"""A whole file through the door: read, checked, masked, named, sorted; ready to be played.

What ``fenghuo replay``, ``fenghuo import-history`` and the watched folder have in common. The brands that a
file names are watched in it beside the configured subjects.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from contracts.errors import InvalidFile, InvalidRecord
from contracts.ports import BrandFinder
from contracts.records import DeadLetter, Mention
from streams.dead import DeadLetters
from streams.intake import Intake, Mask
from streams.raw import MENTION_FIELDS
from streams.settings import SourceSettings
from streams.sources.arrange import Taken, arrange
from streams.sources.files import FileOptions, MentionFile, Row, open_file

MAX_NAMED = 1_000_000
AT_ONCE = 1_000
"""Rows that are checked and masked together."""
KEPT = 100_000
"""Rows that are kept from counting brands to taking them in; a longer file is read twice instead."""
Rows = Iterable[Row | InvalidRecord]
FinderFor = Callable[[Sequence[str]], BrandFinder]
"""Makes a finder that also believes the given brands."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file ready for :func:`streams.sources.arrange.play`.

    Parameters
    ----------
    source
        What its mentions are counted under.
    rows
        Accepted rows, sorted by time.
    letters
        Dead letters of the refused rows, in the order of the file, unconfirmed ones last.
    folded
        Mentions by brand that were folded into ``other``.
    mapped, ignored
        Field to column, and the columns that are not read.
    """

    source: SourceSettings
    rows: tuple[Taken, ...]
    letters: tuple[DeadLetter, ...]
    folded: dict[str, int]
    mapped: dict[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tools:
    """What loading needs beside the file: as :class:`streams.intake.Intake` takes them."""

    mask: Mask
    pseudonym: Callable[[str], str]
    finder: FinderFor


def load(path: Path, options: FileOptions, tools: Tools, *, at: datetime, max_brands: int = 200) -> Loaded:
    """Read all of ``path``; ``at`` goes into the dead letters and nowhere else.

    Raises
    ------
    InvalidFile
        As :func:`streams.sources.files.open_file`, or when no row is accepted.
    """
    source = options.settings()
    file, brands, rows = _looked_over(path, options)
    intake = Intake(source, tools.mask, tools.pseudonym, tools.finder(brands))
    dead = DeadLetters(source, tools.mask, tools.pseudonym)
    taken: list[Taken] = []
    letters: list[DeadLetter] = []
    for items in _portions(rows):
        for (place, raw), found in zip(items, intake.take_all(items), strict=True):
            if isinstance(found, InvalidRecord):
                letters.append(dead.letter(found, None if isinstance(raw, InvalidRecord) else raw, at))
            else:
                taken.append(Taken(place, found))
    if not taken:
        raise InvalidFile(path.name, f"none of its {len(letters):,} rows is a mention; the first: {letters[0].reason}")
    arranged = arrange(taken, max_brands=max_brands)
    letters += [dead.letter(error, _as_given(row.mentions[0]), at) for row, error in arranged.refused]
    return Loaded(source, arranged.rows, tuple(letters), arranged.folded, file.mapped, file.ignored)


def _looked_over(path: Path, options: FileOptions) -> tuple[MentionFile, tuple[str, ...], Rows]:
    """The file, the brands that it names itself, and its rows from the first on."""
    file = open_file(path, options)
    if "brand" not in file.mapped:
        return file, _by_number((), options), file.rows()
    rows = file.rows()
    kept = deque(islice(rows, KEPT))
    more = next(rows, None)
    if more is None:
        return file, _by_number(kept, options), _emptied(kept)
    brands = _by_number(chain(kept, (more,), rows), options)
    again = open_file(path, options)
    return again, brands, again.rows()


def _by_number(rows: Rows, options: FileOptions) -> tuple[str, ...]:
    """The brands that rows name, the most frequent first, ties by name."""
    counts: Counter[str] = Counter([options.brand] if options.brand else [])
    for row in rows:
        brand = "" if isinstance(row, InvalidRecord) else str(row[1].get("brand", "")).strip()
        if brand and (brand in counts or len(counts) < MAX_NAMED):
            counts[brand] += 1
    return tuple(sorted(counts, key=lambda brand: (-counts[brand], brand)))


def _emptied(rows: deque[Row | InvalidRecord]) -> Iterator[Row | InvalidRecord]:
    """The rows, each let go when the next is taken."""
    while rows:
        yield rows.popleft()


def _portions(rows: Rows) -> Iterator[Sequence[tuple[str, object]]]:
    """Places and items, some at once; what could not be read stands as its error."""
    rest = iter(rows)
    while some := [(row.place, row) if isinstance(row, InvalidRecord) else row for row in islice(rest, AT_ONCE)]:
        yield some


def _as_given(mention: Mention) -> dict[str, Any]:
    """An accepted mention as a sender would give it, hashes marked as such."""
    given = mention.model_dump(mode="json", include=set(MENTION_FIELDS), exclude_none=True)
    return {name: f"hashed:{value}" if name in ("author", "case_id") else value for name, value in given.items()}
