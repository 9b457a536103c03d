"""Numbers, links and signs entries: the one writer of a book.

Each entry carries the HMAC of its own content, and its content holds the HMAC of the entry before. Whoever can
write to Kafka or to the store, but lacks the key, can therefore change, insert or renumber nothing unseen, however
many plain hashes he computes anew. What he can do is cut off the end: that is found by heads kept elsewhere.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from pydantic import JsonValue

from contracts.records.base import SCHEMA_VERSION
from contracts.records.incident import rfc3339
from contracts.records.ledger import LedgerEntry

GENESIS = "0" * 64
"""What the first entry of a book follows."""


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """The secret of a ledger. Its name may be shown; the secret never is.

    >>> LedgerKey(b"s" * 32)
    LedgerKey(name='725e39e0')
    """

    secret: bytes = field(repr=False)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        name = blake2b(self.secret, digest_size=4, person=b"ledger-key-name").hexdigest()
        object.__setattr__(self, "name", name)

    def mac(self, purpose: str, content: bytes) -> str:
        """HMAC-SHA256 of ``content``; another ``purpose`` gives another, so that one can never pass for the other."""
        return hmac.new(self.secret, purpose.encode() + b"\n" + content, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Note:
    """An entry before it is numbered and signed; the fields are those of :class:`LedgerEntry`."""

    at: datetime
    brand: str
    actor: str
    what: str
    subject: str = ""
    body: dict[str, JsonValue] = field(default_factory=dict)


class Book:
    """Writes one book. Equal notes in equal order give equal entries, so that a repeat replaces.

    Pickled it carries its head and not its key; :meth:`adopt` gives the key again.

    >>> from datetime import UTC
    >>> book = Book("decide-0", LedgerKey(b"s" * 32))
    >>> first = book.write(Note(datetime(2026, 1, 1, tzinfo=UTC), "Delta", "lin", "command.ack"))
    >>> first.seq, first.prev == GENESIS, book.write(Note(first.at, "Delta", "lin", "command.ack")).prev == first.mac
    (0, True, True)
    """

    def __init__(self, name: str, key: LedgerKey) -> None:
        self.name = name
        self._key: LedgerKey | None = key
        self._next = 0
        self._prev = GENESIS

    def write(self, note: Note) -> LedgerEntry:
        """The next entry."""
        if self._key is None:
            raise RuntimeError("a restored book needs its key: it must adopt a new one first")
        unsigned = LedgerEntry(
            book=self.name,
            seq=self._next,
            at=note.at,
            brand=note.brand,
            actor=note.actor,
            what=note.what,
            subject=note.subject,
            body=note.body,
            prev=self._prev,
            key=self._key.name,
            mac=GENESIS,
        )
        entry = unsigned.model_copy(update={"mac": mac_of(unsigned, self._key)})
        self._next, self._prev = entry.seq + 1, entry.mac
        return entry

    def adopt(self, fresh: Book) -> bool:
        """Take the key of a book just made; ``False`` if that is another book."""
        self._key = fresh._key
        return self.name == fresh.name

    def kept(self) -> dict[str, JsonValue]:
        """The head: number and HMAC of the entry before the next one."""
        return {"next": self._next, "prev": self._prev}

    def resume(self, kept: dict[str, JsonValue]) -> None:
        """Go on after a head that :meth:`kept` gave; nothing if it is none."""
        following, prev = kept.get("next"), kept.get("prev")
        if isinstance(following, int) and isinstance(prev, str) and following >= 0 and len(prev) == len(GENESIS):
            self._next, self._prev = following, prev

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_key": None}


def mac_of(entry: LedgerEntry, key: LedgerKey) -> str:
    """What ``entry.mac`` must be under ``key``."""
    return key.mac("ledger entry", content(entry))


def genuine(entry: LedgerEntry, key: LedgerKey) -> bool:
    """Whether nothing of the entry was changed since it was written under ``key``."""
    return hmac.compare_digest(entry.mac, mac_of(entry, key))


def content(entry: LedgerEntry) -> bytes:
    """The bytes that are signed: JSON with sorted keys, the time in UTC, ASCII only."""
    fields = {
        "schema_version": SCHEMA_VERSION,
        "book": entry.book,
        "seq": entry.seq,
        "at": rfc3339(entry.at),
        "brand": entry.brand,
        "actor": entry.actor,
        "what": entry.what,
        "subject": entry.subject,
        "body": entry.body,
        "prev": entry.prev,
        "key": entry.key,
    }
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")
