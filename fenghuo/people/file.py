"""The file that keeps the people: readable by its owner alone, replaced in one step, read again when it changed."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from pydantic import ValidationError

from contracts.access import Action, may
from contracts.clock import Clock, SystemClock
from contracts.desk import Person
from contracts.errors import InvalidFile, InvalidSettings, Unavailable
from fenghuo.people.book import Account, PeopleBook
from fenghuo.people.changes import changes
from fenghuo.people.password import fits

PROGRAM = "fenghuo"
"""Who makes the first admin of a local stack."""


class PeopleFile:
    """Implements :class:`contracts.desk.People`, and knows people by token.

    A change made by another process holds with the next request: the file is looked at each time, and read when it is
    another one. Checking a password takes about a tenth of a second and 64 MiB on purpose; call it off the event loop.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path
        self._clock = clock or SystemClock()
        self._seen: tuple[int, int, int] | None = None
        self._book = PeopleBook()

    def book(self) -> PeopleBook:
        """Everybody, as the file has them now; nobody when there is no file. Raises Invalid, Unavailable."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._seen, self._book = None, PeopleBook()
            return self._book
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}") from error
        if found.st_mode & 0o077:
            raise InvalidSettings(str(self.path), f"others can read the people; run chmod 600 {self.path}")
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._seen:
            self._book, self._seen = self._read(), stamp
        return self._book

    def change(self, how: Callable[[PeopleBook], PeopleBook], by: str = PROGRAM) -> PeopleBook:
        """Make a new book of the one in the file, one process at a time; raises Invalid, Unavailable.

        What ``by`` changed is kept in the same write, until the ledger has heard of it.
        """

        def noted(book: PeopleBook) -> PeopleBook:
            made = how(book)
            done = changes(book, made, by, self._clock.now(), secrets.token_hex(12))
            return made.model_copy(update={"untold": (*book.untold, *done)})

        return self._change(noted)

    def told(self, names: Collection[str]) -> None:
        """The ledger has heard of the changes with these ids; raises Invalid, Unavailable."""

        def forgotten(book: PeopleBook) -> PeopleBook:
            return book.model_copy(update={"untold": tuple(one for one in book.untold if one.id not in names)})

        self._change(forgotten)

    def _change(self, how: Callable[[PeopleBook], PeopleBook]) -> PeopleBook:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_name(f"{self.path.name}.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                made = how(self.book())
                draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.draft")
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(made.model_dump_json(indent=2) + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(self.path)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be written: {error.strerror}") from error
        return made

    def check(self, name: str, password: str) -> Person | None:
        """Who it is, when name and password fit; takes about as long when they do not."""
        known = self.book().person(name)
        return _shown(known) if fits(known.password if known else None, password) else None

    def person(self, name: str) -> Person | None:
        """Who has this name now."""
        return _shown(self.book().person(name))

    def holder(self, token: str) -> Person | None:
        """Who has this token now."""
        return _shown(self.book().holder(token))

    def may(self, role: str, action: str) -> bool:
        """Whether a role may do this (:func:`contracts.access.may`)."""
        return may(role, action)

    def colleagues(self) -> Sequence[str]:
        """Names of people an incident can be handed to: all who may take one on."""
        return [one.name for one in self.book().people if may(one.role, Action.ACK)]

    def _read(self) -> PeopleBook:
        try:
            return PeopleBook.model_validate_json(self.path.read_bytes())
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}") from error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InvalidFile(
                str(self.path), f"holds no people ({where}: {first['msg']}); mend it or start anew"
            ) from None


def _shown(account: Account | None) -> Person | None:
    return None if account is None else Person(account.name, account.role.value)
