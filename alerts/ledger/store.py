"""Where entries are kept: one SQLite file, and its twin in memory.

A file of its own, so that no retention, size limit or rebuild of the series store touches it. Entries replace by
(book, seq): what a worker writes again after a crash changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock

from alerts.ledger.verify import Found
from contracts.codec import decode, encode
from contracts.errors import FenghuoError, Invalid, InvalidRecord, OutOfSpace, Unavailable
from contracts.records.ledger import LedgerEntry

_TABLE = (
    "CREATE TABLE IF NOT EXISTS ledger (book TEXT NOT NULL, seq INTEGER NOT NULL, record TEXT NOT NULL,"
    " PRIMARY KEY (book, seq)) WITHOUT ROWID"
)
_PORTION = 1_000


class MemoryLedger:
    """Keeps entries while the process lives."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], LedgerEntry] = {}

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep all; an entry of a known book and number replaces."""
        self._kept.update({(one.book, one.seq): one for one in entries})

    def read(self) -> Iterator[Found]:
        """All, by book and number."""
        for (book, seq), entry in sorted(self._kept.items()):
            yield Found(f"{book} row {seq}", entry)


class SqliteLedger:
    """Keeps entries in a file; several processes may read and write it at once.

    Raises OutOfSpace for a full disk, Unavailable for a file that stays locked, Invalid for a damaged one. A write
    that raised has written nothing.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 10.0) -> None:
        self._path = path
        self._busy = busy_seconds
        self._db: sqlite3.Connection | None = None
        self._lock = RLock()

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep all in one transaction, on the disk when it returns."""
        rows = [(one.book, one.seq, encode(one).decode()) for one in entries]
        with self._lock, self._errors():
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                db.executemany("INSERT OR REPLACE INTO ledger VALUES (?, ?, ?)", rows)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def read(self) -> Iterator[Found]:
        """All as it stands there, by book and number; nothing if there is no file."""
        if not self._path.exists():
            return
        with self._errors(), closing(self._open()) as db:
            rows = db.execute("SELECT book, seq, record FROM ledger ORDER BY book, seq")
            while portion := rows.fetchmany(_PORTION):
                for book, seq, record in portion:
                    yield found(f"{book} row {seq}", str(record).encode())

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Invalid(f"ledger {self._path}: its folder cannot be made ({error.strerror})") from error
            self._db = self._open()
        return self._db

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=self._busy, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute(_TABLE)
        except BaseException:
            db.close()
            raise
        return db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _translated(self._path, error) from error


def found(place: str, line: bytes) -> Found:
    """An entry from its JSON, or why it is none."""
    try:
        return Found(place, decode(LedgerEntry, line))
    except InvalidRecord as error:
        return Found(place, None, f"is no entry ({error.field or 'not JSON'}: {error.reason})")


def _translated(path: Path, error: sqlite3.Error) -> FenghuoError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return OutOfSpace(f"ledger {path}: the disk is full; make room, writing goes on by itself")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable(f"ledger {path}: another process holds it locked; end that process if this stays")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR):
        return Invalid(f"ledger {path}: damaged, or no ledger ({error}); put a copy in its place and verify that")
    return Unavailable(f"ledger {path}: {error}")
