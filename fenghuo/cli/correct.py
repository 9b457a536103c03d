"""``fenghuo correct``: what the category of one mention truly is; learned, guarded, and listed."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, leave, sentences
from fenghuo.cli.people import By, person

if TYPE_CHECKING:
    from contracts.ports import Bus
    from contracts.records import Command, Task
    from fenghuo.live import Deps
    from fenghuo.teaching import Known


@sentences
def correct(
    mention: Annotated[str | None, typer.Argument(help="Id of the mention, as its source gave it.")] = None,
    category: Annotated[str | None, typer.Option(help="Its true category, a name of the taxonomy.")] = None,
    comment: Annotated[str, typer.Option(help="Why; it stands in the log.")] = "",
    by: By = None,
    listed: Annotated[bool, typer.Option("--list", help="Show corrections and what came of them.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write corrections to this file, for replay --as-now.")] = None,
    var: Var = Path("var"),
) -> None:
    """Say what a mention is truly about. It is learned, tried on a fixed sample, and holds from the bucket after next,
    unless it would make reading worse: then it is rolled back."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if listed or export is not None:
        asyncio.run(_known(export, var))
    elif mention is None or category is None:
        leave("name a mention and its --category; or use --list or --export FILE", BAD_INPUT)
    else:
        asyncio.run(_correct(mention, category, comment, person(by), var))


async def _correct(mention: str, category: str, comment: str, by: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.records import Task
    from fenghuo.live import connected

    async with connected(runtime_of(var)) as (deps, bus):
        sent = await teach(deps, bus, mention, Task.CATEGORY, category, comment, by, SystemClock().now())
    said = f"mention {mention} is {category}, from {sent.args['from']} on unless the guard objects"
    Console(highlight=False).print(f"{sent.id} {sent.brand}: {said}", markup=False)


async def teach(
    deps: Deps, bus: Bus, name: str, task: Task, label: str, comment: str, by: str, now: datetime
) -> Command:
    """Put a correction into the log; the command that says so."""
    from contracts.errors import Invalid
    from contracts.records import CommandKind
    from fenghuo.cli.people import made
    from fenghuo.learning import check_label
    from fenghuo.live import Live
    from fenghuo.teaching import command_for, find, lesson_for, outs

    try:
        check_label(task, label, deps.config.taxonomy)
        mention = await find(deps.log, deps.partitions, name)
    except Invalid as error:
        leave(str(error), BAD_INPUT)
    at = (await Live.look(deps)).now_of(mention.brand) or now
    lesson = lesson_for(mention, task, label, at, deps.config.panes)
    fresh = made(CommandKind.TEACH, mention.brand, by, now, comment, {}).id
    sent = command_for(lesson, fresh, mention.brand, by, now, comment)
    await bus.send(outs(sent, deps.partitions))
    return sent


async def _known(export: Path | None, var: Path) -> None:
    from fenghuo.live import connected
    from fenghuo.teaching import read_known
    from fenghuo.verdicts import write_words

    async with connected(runtime_of(var)) as (deps, _):
        known = await read_known(deps.log)
    if export is None:
        show(known, Console())
    else:
        Console(highlight=False).print(f"{export}: {write_words(export, known.lessons)} commands", markup=False)


def show(known: Known, console: Console) -> None:
    """Corrections, then the versions that came of them and those that were rolled back."""
    from contracts.records import lesson_of

    table = Table("id", "brand", "mention", "is", "from", "by", "why")
    for one in known.lessons:
        lesson = lesson_of(one)
        if lesson is not None:
            row = (one.id, one.brand, lesson.mention, lesson.label, f"{lesson.begin:%Y-%m-%d %H:%M}", one.author)
            table.add_row(*map(escape, (*row, one.reason)))
    outcomes = Table("outcome", "version", "from", "sample", "before", "learned", "dropped", "ignored")
    for one in known.outcomes:
        names = ("outcome", "version", "from", "score", "before", "learned", "dropped", "ignored")
        outcomes.add_row(*(escape(str(one.args.get(name, ""))) for name in names))
    if known.lessons:
        console.print(table)
    if known.outcomes:
        console.print(outcomes)
    console.print(f"{len(known.lessons)} corrections, {len(known.outcomes)} outcomes")
