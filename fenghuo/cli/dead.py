"""``fenghuo dead list|show|requeue``: what was refused, and a second try after the cause was mended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences

if TYPE_CHECKING:
    from contracts.records import DeadLetter

dead = typer.Typer(help="Dead letters: what was refused, where and why.", no_args_is_help=True)


@dead.command("list")
@sentences
def list_letters(
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    most: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    var: Var = Path("var"),
) -> None:
    """The newest dead letters, masked."""
    found = [one for one in _letters(var) if source is None or one.source == source]
    table = Table("id", "when", "source", "place", "field", "reason")
    for one in found[-most:]:
        told = map(escape, (one.source, one.place, one.field, one.reason))
        table.add_row(one.id[:12], f"{one.at:%Y-%m-%d %H:%M:%S}", *told)
    console = Console()
    if found:
        console.print(table)
    console.print(f"{len(found):,} dead letter{'' if len(found) == 1 else 's'}")


@dead.command("show")
@sentences
def show_letter(name: Annotated[str, typer.Argument(help="The beginning of its id.")], var: Var = Path("var")) -> None:
    """One dead letter, whole and masked."""
    one = _only(name, var)
    console = Console(soft_wrap=True, highlight=False)
    for label, value in (
        ("id", one.id),
        ("when", one.at.isoformat()),
        ("source", one.source),
        ("place", one.place),
        ("field", one.field),
        ("reason", one.reason),
        ("preview", one.preview),
    ):
        console.print(f"{label:8} {value}", markup=False)


@dead.command("requeue")
@sentences
def requeue(
    name: Annotated[str | None, typer.Argument(help="The beginning of its id; or use --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that can be sent again.")] = False,
    source: Annotated[str | None, typer.Option(help="With --all: only of this source.")] = None,
    var: Var = Path("var"),
) -> None:
    """Send letters through intake again, after the cause was mended; what fails again becomes a new letter."""
    if (name is None) == (not every):
        leave("give the id of one letter, or --all", BAD_INPUT)
    chosen = [_only(name, var)] if name is not None else [one for one in _letters(var) if source in (None, one.source)]
    from fenghuo.requeue import send_again

    done = asyncio.run(send_again(chosen, runtime_of(var)))
    Console().print(
        f"{done.accepted:,} accepted, {done.refused:,} refused again, {done.skipped:,} cannot be sent again"
        " (not kept whole, or of a source that is not configured)"
    )
    if done.refused:
        raise typer.Exit(FAILED)


def _letters(var: Path) -> list[DeadLetter]:
    from fenghuo.requeue import read_letters

    return asyncio.run(read_letters(runtime_of(var)))


def _only(name: str, var: Path) -> DeadLetter:
    found = {one.id: one for one in _letters(var) if one.id.startswith(name)}
    if len(found) != 1:
        leave(f"{len(found)} dead letters have an id that begins with {name}; see fenghuo dead list", BAD_INPUT)
    return next(iter(found.values()))
