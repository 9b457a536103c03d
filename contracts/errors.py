"""The tree of everything Fenghuo raises on purpose.

* FenghuoError
    * Invalid                  bad data or bad settings: do not retry, tell a person
        * InvalidRecord        one record refused: place, field, reason
        * InvalidFile          a file that cannot be read as what it claims to be
        * InvalidSettings      a configuration mistake: file, line, reason
        * InvalidSnapshot      a snapshot that is forged, cut off or of another version
    * Recoverable              the world outside: try again later
        * Unavailable          a server does not answer
        * OutOfSpace           a disk is full
        * Conflict             a port or a directory is in use by somebody else
        * Moved                somebody else wrote it in the meantime: read again, then write
    * Lost                     state and log disagree: the process must end and start again

Catch :class:`Invalid` to tell the user what to mend, :class:`Recoverable` to wait:

    try:
        ...
    except Recoverable as error:
        wait(error.retry_after)
"""

from __future__ import annotations


class FenghuoError(Exception):
    """Base of all errors raised on purpose; ``str(error)`` is a sentence for people."""


class Invalid(FenghuoError):
    """Bad data or bad settings: repeating it will not help."""


class InvalidRecord(Invalid):
    """One record was refused.

    Parameters
    ----------
    place
        Where it stood, for instance ``"orders.csv row 17"`` or ``"item 3"``.
    field
        The offending field, or ``""`` when the whole record is meant.
    reason
        What is wrong with it, in words; never the value itself, which may be private.
    """

    def __init__(self, place: str, field: str, reason: str) -> None:
        self.place = place
        self.field = field
        self.reason = reason
        named = f"{place}, field {field}" if field else place
        super().__init__(f"{named}: {reason}")


class InvalidFile(Invalid):
    """A file cannot be read as what it claims to be."""

    def __init__(self, path: str, reason: str, *, row: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.row = row
        where = path if row is None else f"{path} row {row}"
        super().__init__(f"{where}: {reason}")


class InvalidSettings(Invalid):
    """A configuration mistake.

    Parameters
    ----------
    file
        The settings file.
    reason
        What is wrong and what to do.
    line
        1-based line, when it is known.
    """

    def __init__(self, file: str, reason: str, *, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        where = file if line is None else f"{file} line {line}"
        super().__init__(f"{where}: {reason}")


class InvalidSnapshot(Invalid):
    """A snapshot is forged, cut off, or was written by another version."""


class Recoverable(FenghuoError):
    """Something outside failed; ``retry_after`` seconds is a sensible wait."""

    def __init__(self, message: str, *, retry_after: float = 5.0) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Unavailable(Recoverable):
    """A server does not answer."""


class OutOfSpace(Recoverable):
    """A disk is full."""


class Conflict(Recoverable):
    """A port or a directory is in use by somebody else."""


class Moved(Recoverable):
    """Somebody else wrote it in the meantime: read again, then write."""


class Lost(FenghuoError):
    """State and log disagree; only a fresh start from the last commit is safe."""
