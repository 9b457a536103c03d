"""What SQLite raises, as our errors: what happened to which file, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import FenghuoError, Invalid, OutOfSpace, Unavailable

_PRIMARY = 0xFF
"""The low byte of an extended code is its family."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns an error of SQLite about ``path`` into one of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(path, error) from error


def translate(path: Path, error: sqlite3.Error) -> FenghuoError:
    """Our error for one of SQLite's.

    >>> translate(Path("series.sqlite"), sqlite3.ProgrammingError("Cannot operate on a closed database."))
    Unavailable('series store series.sqlite: Cannot operate on a closed database.')
    """
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    where = f"series store {path}"
    if code == sqlite3.SQLITE_FULL:
        return OutOfSpace(
            f"{where}: the disk is full or the size limit is reached; make room, writing goes on by itself"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable(f"{where}: another process holds it locked; end that process if this stays")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Invalid(
            f"{where}: the file is damaged or no store; move it away, start again, and read the topics series and"
            " incidents from their beginning to fill a new one"
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return Invalid(f"{where}: cannot be opened; check that the folder exists and may be written")
    if code == sqlite3.SQLITE_READONLY:
        return Invalid(f"{where}: may not be written; check owner and mode of the file and its folder")
    if code in (sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH):
        return Invalid(f"{where}: has not the tables of a series store ({error}); move it away and start again")
    return Unavailable(f"{where}: {error}")
