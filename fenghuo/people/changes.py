"""What was done to people, for the ledger: found by comparing two books, so that no change goes without it. Pure.

In the flow: :class:`fenghuo.people.file.PeopleFile` keeps each change beside the people, in one write with it →
:func:`fenghuo.people.telling.tell` → commands of the kind ``person`` → the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from contracts.records import Command, CommandKind
from contracts.records.base import Name, When

if TYPE_CHECKING:
    from fenghuo.people.book import Account, PeopleBook

EVERYBODY = "*"


class Change(BaseModel):
    """One change of one person; neither passwords nor tokens stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    at: When
    by: Name
    did: Literal["added", "removed", "role", "password", "token", "token_revoked"]
    person: Name
    what: str = ""
    """The role, the label of the token, or what became of the password."""

    def command(self) -> Command:
        """As it stands in the log."""
        args = {"did": self.did, "person": self.person, **({"what": self.what} if self.what else {})}
        return Command(
            id=self.id, kind=CommandKind.PERSON, brand=EVERYBODY, author=self.by, issued_at=self.at, args={**args}
        )


def changes(before: PeopleBook, after: PeopleBook, by: str, at: datetime, name: str) -> Iterator[Change]:
    """What was done between two books; ``name`` begins the ids.

    >>> from datetime import UTC
    >>> from fenghuo.people.book import Account, PeopleBook
    >>> empty, day = PeopleBook(), datetime(2026, 1, 1, tzinfo=UTC)
    >>> one, = changes(empty, empty.put(Account(name="lin", role="duty")), "ada", day, "x")
    >>> one.id, one.did, one.person, one.what
    ('x-0', 'added', 'lin', 'duty')
    """
    found = [*_gone(before, after)]
    for account in after.people:
        known = before.person(account.name)
        if known is None:
            found.append(("added", account.name, account.role.value))
        else:
            found.extend(_changed(known, account))
        found.extend(_tokens(known, account))
    for number, (did, person, what) in enumerate(found):
        yield Change.model_validate(
            {"id": f"{name}-{number}", "at": at, "by": by, "did": did, "person": person, "what": what}
        )


Row = tuple[str, str, str]


def _gone(before: PeopleBook, after: PeopleBook) -> Iterator[Row]:
    yield from (("removed", one.name, one.role.value) for one in before.people if after.person(one.name) is None)


def _changed(known: Account, now: Account) -> Iterator[Row]:
    if known.role is not now.role:
        yield "role", now.name, f"{known.role.value} to {now.role.value}"
    if known.password != now.password:
        yield "password", now.name, "none" if now.password is None else "new"


def _tokens(known: Account | None, now: Account) -> Iterator[Row]:
    before = {} if known is None else {one.label: one.sha256 for one in known.tokens}
    after = {one.label: one.sha256 for one in now.tokens}
    yield from (("token_revoked", now.name, label) for label in before if label not in after)
    yield from (("token", now.name, label) for label, kept in after.items() if before.get(label) != kept)
