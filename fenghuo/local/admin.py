"""The first person of a local stack: an admin whose generated password is shown once and kept for the owner alone."""

from __future__ import annotations

from contracts.access import Role
from fenghuo.local.secrets import keep
from fenghuo.local.stack import Stack
from fenghuo.people.book import Account, PeopleBook
from fenghuo.people.file import PeopleFile
from fenghuo.people.password import hashed

NAME = "admin"


def ensure(stack: Stack) -> str | None:
    """Make the admin where nobody is yet; the password, or ``None`` when there are people already.

    Raises Invalid, Unavailable.
    """
    file = PeopleFile(stack.var / "people.json")
    if file.book().people:
        return None
    password = keep(stack.layout.secrets, NAME)
    account = Account(name=NAME, role=Role.ADMIN, password=hashed(password))

    def first(book: PeopleBook) -> PeopleBook:
        return book if book.people else book.put(account)

    file.change(first)
    return password
