"""The ledger as NDJSON: one entry a line, and at the end the head of each book, so that a cut shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from alerts.ledger.chain import LedgerKey
from alerts.ledger.heads import Head, head_line, newest
from alerts.ledger.store import found
from alerts.ledger.verify import Finding, Flaw, Found, take_head
from contracts.codec import encode
from contracts.errors import InvalidFile
from contracts.records.ledger import LedgerEntry

MAX_LINE = 2_000_000


def lines(entries: Iterable[LedgerEntry], key: LedgerKey) -> Iterator[bytes]:
    """The lines of an export."""
    last: dict[str, LedgerEntry] = {}
    for entry in entries:
        last[entry.book] = entry
        yield encode(entry) + b"\n"
    yield from map(head_line, newest(last.values(), key))


def read_export(path: Path) -> tuple[list[Found], list[Head]]:
    """Entries as they stand in the file, and its heads; raises InvalidFile when it cannot be read at all."""
    entries: list[Found] = []
    heads: list[Head] = []
    try:
        with path.open("rb") as file:
            for row, line in enumerate(file, 1):
                if not line.strip():
                    continue
                place = f"{path.name} row {row}"
                if len(line) > MAX_LINE:
                    entries.append(Found(place, None, "is far too long for an entry"))
                elif line.startswith(b'{"head":'):
                    take_head(line, path, row, heads, entries)
                else:
                    entries.append(found(place, line))
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read: {error.strerror}") from error
    if not entries and not heads:
        raise InvalidFile(str(path), "holds no ledger; write one with fenghuo ledger export")
    return entries, heads


def unsealed(entries: Iterable[Found], heads: Iterable[Head]) -> list[Finding]:
    """Books of an export that lack their head at its end: it was cut off."""
    sealed = {head.book for head in heads}
    last: dict[str, int] = {}
    for one in entries:
        if one.entry is not None:
            last[one.entry.book] = max(one.entry.seq, last.get(one.entry.book, -1))
    text = "the file ends without the head of this book, so whatever followed is missing"
    return [
        Finding(Flaw.CUT_OFF, book, seq + 1, seq + 1, text) for book, seq in sorted(last.items()) if book not in sealed
    ]
