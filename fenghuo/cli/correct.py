"""``fenghuo correct``: what one mention truly is about, and whether it praises or blames; learned, guarded, listed."""

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
    sentiment: Annotated[str | None, typer.Option(help="negative, neutral or positive, as it truly is.")] = None,
    comment: Annotated[str, typer.Option(help="Why; it stands in the log.")] = "",
    by: By = None,
    listed: Annotated[bool, typer.Option("--list", help="Show corrections and what came of them.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write corrections to this file, for replay --as-now.")] = None,
    var: Var = Path("var"),
) -> None:
    """Say what a mention is truly about, or whether it praises or blames. It is learned, tried on a fixed sample, and
    holds from the bucket after next, unless it would make reading worse: then it is rolled back."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if listed or export is not None:
        asyncio.run(_known(export, var))
    elif mention is None or (category is None and sentiment is None):
        leave("name a mention and its --category or --sentiment; or use --list or --export FILE", BAD_INPUT)
    else:
        told = {"category": category, "sentiment": sentiment}
        labels = {name: label for name, label in told.items() if label is not None}
        asyncio.run(_correct(mention, labels, comment, person(by), var))


async def _correct(mention: str, labels: dict[str, str], comment: str, by: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.records import Task
    from fenghuo.live import connected

    named = {Task(task): label for task, label in labels.items()}
    async with connected(runtime_of(var)) as (deps, bus):
        sent = await teach(deps, bus, mention, named, comment, by, SystemClock().now())
    for one in sent:
        said = f"mention {mention} is {one.args['label']}, from {one.args['from']} on unless the guard objects"
        Console(highlight=False).print(f"{one.id} {one.brand}: {said}", markup=False)


async def teach(
    deps: Deps, bus: Bus, name: str, labels: dict[Task, str], comment: str, by: str, now: datetime
) -> list[Command]:
    """Put corrections of one mention into the log, all or none; the commands that say so."""
    from contracts.errors import Invalid
    from contracts.records import CommandKind
    from fenghuo.cli.people import made
    from fenghuo.learning import check_label
    from fenghuo.live import Live
    from fenghuo.teaching import command_for, find, lesson_for, outs

    try:
        for task, label in labels.items():
            check_label(task, label, deps.config.taxonomy)
        mention = await find(deps.log, deps.partitions, name)
    except Invalid as error:
        leave(str(error), BAD_INPUT)
    at = (await Live.look(deps)).now_of(mention.brand) or now
    sent = []
    for task, label in labels.items():
        lesson = lesson_for(mention, task, label, at, deps.config.panes)
        fresh = made(CommandKind.TEACH, mention.brand, by, now, comment, {}).id
        sent.append(command_for(lesson, fresh, mention.brand, by, now, comment))
    await bus.send([out for one in sent for out in outs(one, deps.partitions)])
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
    outcomes = Table("outcome", "of", "version", "from", "sample", "before", "learned", "dropped", "ignored")
    for one in known.outcomes:
        names = ("outcome", "task", "version", "from", "score", "before", "learned", "dropped", "ignored")
        outcomes.add_row(*(escape(str(one.args.get(name, ""))) for name in names))
    if known.lessons:
        console.print(table)
    if known.outcomes:
        console.print(outcomes)
    console.print(f"{len(known.lessons)} corrections, {len(known.outcomes)} outcomes")
