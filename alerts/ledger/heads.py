"""Heads: "book B has come to entry N, whose HMAC is M", signed, to be kept where the ledger is not.

A ledger whose last entries were cut off is still a valid chain; only a head from outside shows it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import Field, ValidationError

from alerts.ledger.chain import LedgerKey
from contracts.errors import InvalidFile
from contracts.records.base import Name, Record, When
from contracts.records.incident import rfc3339
from contracts.records.ledger import LedgerEntry, Mac


class Head(Record):
    """The newest entry of a book at some time."""

    book: Name
    seq: Annotated[int, Field(ge=0)]
    entry: Mac
    """``mac`` of that entry."""
    at: When
    """Its time."""
    key: Name
    mac: Mac


def head_of(entry: LedgerEntry, key: LedgerKey) -> Head:
    """The head that says that ``entry`` is the newest of its book."""
    mac = key.mac("ledger head", _content(entry.book, entry.seq, entry.mac, entry.at))
    return Head(book=entry.book, seq=entry.seq, entry=entry.mac, at=entry.at, key=key.name, mac=mac)


def genuine_head(head: Head, key: LedgerKey) -> bool:
    """Whether the head was made under ``key`` and not changed since."""
    wanted = key.mac("ledger head", _content(head.book, head.seq, head.entry, head.at))
    return hmac.compare_digest(head.mac, wanted)


def newest(entries: Iterable[LedgerEntry], key: LedgerKey) -> list[Head]:
    """The head of each book, by name."""
    last: dict[str, LedgerEntry] = {}
    for entry in entries:
        if entry.book not in last or entry.seq > last[entry.book].seq:
            last[entry.book] = entry
    return [head_of(entry, key) for _, entry in sorted(last.items())]


def head_line(head: Head) -> bytes:
    """One line of an anchor file, or of the end of an export."""
    return b'{"head":' + head.model_dump_json().encode() + b"}\n"


def read_head(line: bytes, place: str, row: int) -> Head:
    """The reverse of :func:`head_line`; raises :class:`~contracts.errors.InvalidFile`."""
    try:
        return Head.model_validate(json.loads(line)["head"])
    except (ValueError, TypeError, KeyError, ValidationError, RecursionError):
        raise InvalidFile(place, "is no head of a ledger", row=row) from None


def _content(book: str, seq: int, entry: str, at: datetime) -> bytes:
    return json.dumps([book, seq, entry, rfc3339(at)], separators=(",", ":")).encode("ascii")
