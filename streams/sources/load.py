"""A whole file through the door: read, checked, masked, named, sorted; ready to be played.

What ``fenghuo replay``, ``fenghuo import-history`` and the watched folder have in common. The brands that a
file names are watched in it beside the configured subjects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from streams.sources.files import FileOptions, open_file

MAX_NAMED = 1_000_000
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
    intake = Intake(source, tools.mask, tools.pseudonym, tools.finder(named_brands(path, options)))
    dead = DeadLetters(source, tools.mask, tools.pseudonym)
    taken: list[Taken] = []
    letters: list[DeadLetter] = []
    file = open_file(path, options)
    for row in file.rows():
        if isinstance(row, InvalidRecord):
            letters.append(dead.letter(row, None, at))
            continue
        place, raw = row
        try:
            taken.append(Taken(place, intake.take(raw, place)))
        except InvalidRecord as error:
            letters.append(dead.letter(error, raw, at))
    if not taken:
        raise InvalidFile(path.name, f"none of its {len(letters):,} rows is a mention; the first: {letters[0].reason}")
    arranged = arrange(taken, max_brands=max_brands)
    letters += [dead.letter(error, _as_given(row.mentions[0]), at) for row, error in arranged.refused]
    return Loaded(source, arranged.rows, tuple(letters), arranged.folded, file.mapped, file.ignored)


def named_brands(path: Path, options: FileOptions) -> tuple[str, ...]:
    """The brands that the file itself names, the most frequent first, ties by name."""
    counts: Counter[str] = Counter([options.brand] if options.brand else [])
    file = open_file(path, options)
    if "brand" in file.mapped:
        for row in file.rows():
            brand = "" if isinstance(row, InvalidRecord) else str(row[1].get("brand", "")).strip()
            if brand and (brand in counts or len(counts) < MAX_NAMED):
                counts[brand] += 1
    return tuple(sorted(counts, key=lambda brand: (-counts[brand], brand)))


def _as_given(mention: Mention) -> dict[str, Any]:
    """An accepted mention as a sender would give it, hashes marked as such."""
    given = mention.model_dump(mode="json", include=set(MENTION_FIELDS), exclude_none=True)
    return {name: f"hashed:{value}" if name in ("author", "case_id") else value for name, value in given.items()}
