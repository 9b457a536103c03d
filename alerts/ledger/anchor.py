"""Heads outside the ledger: a file that only grows, and an address that hears of them now and then."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from alerts.ledger.chain import LedgerKey
from alerts.ledger.heads import Head, head_line, newest
from alerts.ledger.verify import Found, take_head
from contracts.errors import Invalid, InvalidFile, OutOfSpace
from contracts.ports import LedgerSink
from contracts.records.incident import rfc3339
from contracts.records.ledger import LedgerEntry

log = logging.getLogger(__name__)


class HeadFile:
    """One head a line. Several processes may append to it at once: each line is one write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, heads: Sequence[Head]) -> None:
        """Append, on the disk when it returns."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
            try:
                for head in heads:
                    os.write(descriptor, head_line(head))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            text = f"heads of the ledger {self._path}: cannot be written ({error.strerror})"
            raise OutOfSpace(text) if error.errno == 28 else Invalid(text) from error

    def read(self) -> tuple[list[Head], list[Found]]:
        """All, and the lines that are none (a write was torn, somebody wrote into it); nothing if there is no file.

        Raises InvalidFile when it cannot be read at all.
        """
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return [], []
        except OSError as error:
            raise InvalidFile(str(self._path), f"cannot be read: {error.strerror}") from error
        heads: list[Head] = []
        spoiled: list[Found] = []
        for row, line in enumerate(lines, 1):
            if line.strip():
                take_head(line, self._path, row, heads, spoiled)
        return heads, spoiled


class AnchoredLedger:
    """Keeps entries in ``store`` and then their heads in ``file``; now and then sends the newest heads away.

    Implements :class:`contracts.ports.LedgerSink`; may be called from several threads.

    Parameters
    ----------
    tell
        Sends one text to people outside; ``False`` when it could not. It is asked again at the next chance.
    every
        Least seconds of ``monotonic`` between two such messages.
    """

    def __init__(
        self,
        store: LedgerSink,
        file: HeadFile,
        key: LedgerKey,
        *,
        tell: Callable[[str], bool] | None = None,
        every: float = 3600.0,
        monotonic: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._file = file
        self._key = key
        self._tell = tell
        self._every = every
        self._monotonic = monotonic
        self._untold: dict[str, Head] = {}
        self._due: float | None = None
        self._lock = Lock()

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Keep and anchor."""
        if not entries:
            return
        with self._lock:
            self._write(entries)

    def _write(self, entries: Sequence[LedgerEntry]) -> None:
        self._store.write(entries)
        heads = newest(entries, self._key)
        self._file.put(heads)
        self._untold.update({head.book: head for head in heads})
        now = self._monotonic()
        if self._tell is not None and (self._due is None or now >= self._due):
            self._due = now + self._every
            if self._tell(told(list(self._untold.values()))):
                self._untold.clear()
            else:
                log.warning("the heads of the ledger could not be sent away; tried again later")


def told(heads: Sequence[Head]) -> str:
    """The text that is sent away: each line can be pasted into a file of heads.

    >>> told([])
    'Newest entries of the ledger 台账存证'
    """
    lines = [f"{head.book} {head.seq} {rfc3339(head.at)}\n{head_line(head).decode().rstrip()}" for head in heads]
    return "\n".join(["Newest entries of the ledger 台账存证", *lines])
