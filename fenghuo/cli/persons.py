"""``fenghuo people``: who may see and do what, in the console and over the REST API."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, leave, sentences
from fenghuo.cli.people import By, person

if TYPE_CHECKING:
    from contracts.access import Role
    from fenghuo.people.file import PeopleFile

persons = typer.Typer(help="People: roles, passwords of the console, tokens of the API.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The person's name, as it stands in the ledger.")]
LabelOption = Annotated[str, typer.Option("--label", help="What the token is for.")]


@persons.command("add")
@sentences
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="viewer, duty, analyst or admin.")],
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")] = False,
    anew: Annotated[bool, typer.Option("--new-password", help="Make one also for somebody who has one.")] = False,
    only_tokens: Annotated[bool, typer.Option("--no-password", help="Cannot sign in; for programs.")] = False,
    by: By = None,
    var: Var = Path("var"),
) -> None:
    """Add somebody, with a password that is shown once; of somebody who is there the role is changed, the password
    only with --ask or --new-password."""
    from fenghuo.local.secrets import token as fresh
    from fenghuo.people.book import NAME, Account, PeopleBook, known_as
    from fenghuo.people.password import hashed

    known_as(name, "name", NAME)
    wanted, file = _role(role), people_file(var)
    known = file.book().person(name)
    kept = known.password if known else None
    made = fresh(12) if anew or kept is None else ""
    given = "" if only_tokens else _asked() if ask else made

    def changed(book: PeopleBook) -> PeopleBook:
        there = book.person(name)
        password = None if only_tokens else hashed(given) if given else kept
        return book.put(Account(name=name, role=wanted, password=password, tokens=there.tokens if there else ()))

    file.change(changed, person(by))
    typer.echo(f"{name} is {'now ' if known else ''}{wanted.value}, in {file.path}")
    if given and not ask:
        typer.echo(f"password, shown this once: {given}")


@persons.command("token")
@sentences
def token(
    name: Name,
    label: LabelOption = "api",
    revoke: Annotated[bool, typer.Option("--revoke", help="Take it back instead.")] = False,
    by: By = None,
    var: Var = Path("var"),
) -> None:
    """Make a token for the REST API, shown once; under a label in use it replaces that one."""
    from contracts.clock import SystemClock
    from fenghuo.local.secrets import token as fresh

    file = people_file(var)
    if revoke:
        file.change(lambda book: book.without_token(name, label), person(by))
        typer.echo(f"the token {label} of {name} is good for nothing from now on")
        return
    made, now = fresh(), SystemClock().now()
    file.change(lambda book: book.with_token(name, label, made, now), person(by))
    typer.echo(made)
    typer.echo(f"That was the token {label} of {name}; it is kept nowhere. Send it as Authorization: Bearer.", err=True)


@persons.command("list")
@sentences
def listed(var: Var = Path("var")) -> None:
    """Everybody with role and tokens; neither passwords nor tokens can be shown, only that there are some."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    book = people_file(var).book()
    table = Table("name", "role", "signs in", "tokens")
    for one in book.people:
        tokens = ", ".join(f"{note.label} ({note.made:%Y-%m-%d})" for note in one.tokens)
        table.add_row(escape(one.name), one.role.value, "yes" if one.password else "no", escape(tokens))
    if book.people:
        Console().print(table)
    typer.echo(f"{len(book.people)} people")


@persons.command("remove")
@sentences
def remove(name: Name, by: By = None, var: Var = Path("var")) -> None:
    """Remove somebody: open sessions end and tokens are refused with the next request."""
    file = people_file(var)
    file.change(lambda book: book.without(name), person(by))
    typer.echo(f"{name} is removed from {file.path}")


def people_file(var: Path) -> PeopleFile:
    """The file of the stack in ``var``, or the one the environment names."""
    from fenghuo.people.file import PeopleFile

    runtime = runtime_of(var)
    if "var" not in runtime.model_fields_set:
        runtime = runtime.model_copy(update={"var": var})
    return PeopleFile(runtime.people_file)


def _role(text: str) -> Role:
    from contracts.access import Role

    if text not in tuple(Role):
        leave(f"{text} is no role; choose {', '.join(Role)}", BAD_INPUT)
    return Role(text)


def _asked() -> str:
    """Typed twice at a terminal; otherwise the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
