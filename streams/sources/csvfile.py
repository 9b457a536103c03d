"""Rows of a CSV file, whatever separates its cells; a broken row is refused and the rest goes on.

The classic accident is a quotation mark that is never closed: it would swallow every row up to the next one.
Here only the line that opened it is refused, and the lines it swallowed are read again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO

from contracts.errors import InvalidRecord
from streams.sources.lines import MAX_LINE, Lines

DELIMITERS = ",;\t|"
_SAMPLE = 1 << 18
_SAMPLE_ROWS = 30

Cells = list[str]
Numbered = tuple[int, Cells]


def sniff(stream: IO[str]) -> str:
    """What separates the cells: the candidate under which most rows are as wide as the first.

    >>> import io
    >>> sniff(io.StringIO("id;text\\n1;a, b, c\\n"))
    ';'
    """
    sample = stream.read(_SAMPLE)
    return max(DELIMITERS, key=lambda delimiter: (_fit(sample, delimiter), -DELIMITERS.index(delimiter)))


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    _allow_long_cells()
    rows: list[Cells] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0.0, 0)
    whole = rows[:-1] if len(rows) > 2 and len(sample) == _SAMPLE else rows
    if not whole or len(whole[0]) < 2:
        return (0.0, 0)
    width = len(whole[0])
    return (sum(len(row) == width for row in whole) / len(whole), width)


def read(stream: IO[str], delimiter: str, name: str) -> Iterator[Numbered | InvalidRecord]:
    """The rows with their numbers (the header is row 1), empty ones left out.

    All rows given are as wide as the header; others are refused.
    """
    _allow_long_cells()
    lines = Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    for number in _count_from_one():
        lines.start_row()
        row = _next(reader, lines, delimiter, width)
        if row is None:
            return
        if isinstance(row, str):
            yield InvalidRecord(f"{name} row {number}", "", row)
        elif any(row):
            width = width or len(row)
            problem = _misfit(row, width)
            if problem and len(lines.taken) > 1:
                lines.give_back()
            yield InvalidRecord(f"{name} row {number}", "", problem) if problem else (number, _fitted(row, width))


def _next(reader: Iterator[Cells], lines: Lines, delimiter: str, width: int) -> Cells | str | None:
    """The next row, or what is wrong with it, or None at the end."""
    try:
        row = next(reader)
    except StopIteration:
        if not lines.taken:
            return None
        row = []
    except csv.Error:
        row = []
        if len(lines.taken) == 1 and not lines.cut:
            row = next(csv.reader(lines.taken, delimiter=delimiter), [])
            if width and len(row) == width and not lines.ended:
                return row
        lines.give_back()
        return "its quotation marks do not match"
    if lines.cut:
        lines.give_back()
        return f"is longer than {MAX_LINE:,} characters"
    return row


def _misfit(row: Cells, width: int) -> str:
    if len(row) < width or any(row[width:]):
        return f"has {len(row)} cells where the header has {width}; is a text with a separator not in quotes?"
    return ""


def _fitted(row: Cells, width: int) -> Cells:
    return row if len(row) == width else row[:width]


def _count_from_one() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _allow_long_cells() -> None:
    """Cells are bounded by :data:`MAX_LINE`; the module's own limit would stop in the middle of a row."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
