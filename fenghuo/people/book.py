"""The people as values: frozen, checked, and changed by making a new book. Pure.

Of a password only its argon2id hash is kept. Of a token only its SHA-256: a token is 32 random bytes, which nobody can
guess from the hash, and a plain hash lets one token be found among thousands without trying each.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.access import Role
from contracts.errors import Invalid
from contracts.records.base import When
from fenghuo.people.changes import Change

NAME = r"^[\w@.+-]([\w @.+-]{0,58}[\w@.+-])?$"
"""Letters of any script, digits, ``_ @ . + -`` and blanks within; at most 60."""
LABEL = r"^[\w.+@-]([\w .+@-]{0,38}[\w.+@-])?$"
PersonName = Annotated[str, Field(pattern=NAME)]
Label = Annotated[str, Field(pattern=LABEL)]
MOST_TOKENS = 20


def known_as(name: str, what: str, pattern: str) -> None:
    """Raises Invalid with a sentence when a name or label cannot be kept."""
    if not re.fullmatch(pattern, name):
        raise Invalid(f"{name!r} is no {what}; use letters, digits, blanks within, and . + - _ @")


def digest(token: str) -> str:
    """What is kept of a token.

    >>> digest("a") == digest("a") != digest("b")
    True
    """
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class Frozen(BaseModel):
    """Base of what the book holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenNote(Frozen):
    """One token, as far as it is kept."""

    label: Label
    """What it is for."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    made: When


class Account(Frozen):
    """One person."""

    name: PersonName
    role: Role
    password: str | None = None
    """Its argon2id hash; none: this person cannot sign in to the console, only use tokens."""
    tokens: Annotated[tuple[TokenNote, ...], Field(max_length=MOST_TOKENS)] = ()


class PeopleBook(Frozen):
    """Everybody.

    >>> book = PeopleBook().put(Account(name="lin", role="duty"))
    >>> book.person("lin").role.value, book.without("lin").person("lin")
    ('duty', None)
    """

    people: tuple[Account, ...] = ()
    untold: tuple[Change, ...] = ()
    """Changes that the ledger has not heard of yet, oldest first."""

    @model_validator(mode="after")
    def _once(self) -> PeopleBook:
        names = [one.name for one in self.people]
        hashes = [token.sha256 for one in self.people for token in one.tokens]
        if len(set(names)) < len(names) or len(set(hashes)) < len(hashes):
            raise ValueError("a name or a token stands twice; remove one of them")
        return self

    def person(self, name: str) -> Account | None:
        """The person of this name."""
        return next((one for one in self.people if one.name == name), None)

    def holder(self, token: str) -> Account | None:
        """Whose token it is."""
        wanted = digest(token)
        return next((one for one in self.people for kept in one.tokens if kept.sha256 == wanted), None)

    def put(self, account: Account) -> PeopleBook:
        """With this person, instead of the one of the same name if there is one."""
        others = tuple(one for one in self.people if one.name != account.name)
        return PeopleBook(people=tuple(sorted((*others, account), key=lambda one: one.name)))

    def without(self, name: str) -> PeopleBook:
        """Without this person; raises Invalid when there is none, or nobody would be left who can add people."""
        left = tuple(one for one in self.people if one.name != name)
        if len(left) == len(self.people):
            raise Invalid(f"nobody is called {name}; known: {self.names() or 'nobody'}")
        if left and not any(one.role is Role.ADMIN for one in left):
            raise Invalid(f"{name} is the last admin; make somebody else one before")
        return PeopleBook(people=left)

    def with_token(self, name: str, label: str, token: str, now: datetime) -> PeopleBook:
        """With one more token of this person, or another one under a label that is in use; raises Invalid."""
        known_as(label, "label", LABEL)
        known = self.person(name)
        if known is None:
            raise Invalid(f"nobody is called {name}; known: {self.names() or 'nobody'}")
        kept = tuple(one for one in known.tokens if one.label != label)
        if len(kept) >= MOST_TOKENS:
            raise Invalid(f"{name} has {MOST_TOKENS} tokens; take one back first")
        note = TokenNote(label=label, sha256=digest(token), made=now)
        return self.put(known.model_copy(update={"tokens": (*kept, note)}))

    def without_token(self, name: str, label: str) -> PeopleBook:
        """The token under this label is good for nothing from now on; raises Invalid when there is none."""
        known = self.person(name)
        if known is None or all(one.label != label for one in known.tokens):
            raise Invalid(f"{name} has no token called {label}")
        kept = tuple(one for one in known.tokens if one.label != label)
        return self.put(known.model_copy(update={"tokens": kept}))

    def names(self) -> str:
        """All names, for sentences."""
        return ", ".join(one.name for one in self.people)
