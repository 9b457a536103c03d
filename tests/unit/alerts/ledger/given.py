"""Books, entries and heads for tests of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from alerts.ledger.chain import Book, LedgerKey, Note
from alerts.ledger.heads import newest
from alerts.ledger.verify import Flaw, Found, Verdict, verify
from contracts.records import LedgerEntry

KEY = LedgerKey(b"0123456789abcdef0123456789abcdef")
OTHER = LedgerKey(b"another-secret-another-secret-01")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def note(number: int, what: str = "command.ack") -> Note:
    """A deed of Lin's."""
    at = NOON + timedelta(minutes=number)
    return Note(at, "Delta", "lin", what, f"incident-{number}", {"reason": f"看到 {number}", "score": number / 7})


def book(count: int, name: str = "decide-0", key: LedgerKey = KEY) -> list[LedgerEntry]:
    """The entries of one book."""
    writer = Book(name, key)
    return [writer.write(note(number)) for number in range(count)]


def judged(entries: Sequence[LedgerEntry], heads_of: Sequence[LedgerEntry] = (), key: LedgerKey = KEY) -> Verdict:
    """The verdict over entries as they stand, knowing the heads of others."""
    found = [Found(f"row {row}", entry) for row, entry in enumerate(entries, 1)]
    return verify(found, newest(heads_of, KEY), key)


def flaws(verdict: Verdict) -> list[tuple[Flaw, int | None, int | None]]:
    """What was found, as (flaw, first, last)."""
    return [(one.flaw, one.first, one.last) for one in verdict.findings]
