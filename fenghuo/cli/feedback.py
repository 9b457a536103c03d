"""``fenghuo feedback``: was a warning true, expected, noise, or is it the new normal? Take it back, list, export."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, leave, sentences
from fenghuo.cli.people import By, lasting, person

if TYPE_CHECKING:
    from contracts.ports import Bus
    from contracts.records import Command, Verdict
    from fenghuo.live import Deps


@sentences
def feedback(
    what: Annotated[str | None, typer.Argument(help="Beginning of an incident's id; or a brand, of its last.")] = None,
    verdict: Annotated[str | None, typer.Argument(help="true, expected, noise or new-normal.")] = None,
    last: Annotated[str, typer.Option("--for", help="With expected: how much longer it lasts, 30m, 2h, 1d.")] = "1d",
    comment: Annotated[str, typer.Option(help="Why; it stands in the log.")] = "",
    by: By = None,
    undo: Annotated[str | None, typer.Option(help="Take back the feedback whose id begins so.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show all feedback that the log holds.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write it to this file, for replay --as-now.")] = None,
    var: Var = Path("var"),
) -> None:
    """Say of a warning that it was true, expected, noise, or that its level is the new normal; it holds from the next
    bucket and can be taken back."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if listed or export is not None:
        asyncio.run(_known(export, var))
    elif undo is not None:
        asyncio.run(_undo(undo, person(by), comment, var))
    elif what is None or verdict is None:
        leave("name an incident or a brand, and a verdict; or use --list, --export FILE or --undo ID", BAD_INPUT)
    else:
        asyncio.run(_say(what, _verdict(verdict), last, comment, person(by), var))


def _verdict(name: str) -> Verdict:
    from contracts.records import Verdict

    if name not in tuple(Verdict):
        leave(f"{name} is no verdict; choose {', '.join(Verdict)}", BAD_INPUT)
    return Verdict(name)


async def _say(what: str, verdict: Verdict, last: str, comment: str, by: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from fenghuo.live import connected

    async with connected(runtime_of(var)) as (deps, bus):
        sent = await say(deps, bus, what, verdict, last, comment, by, SystemClock().now())
    Console(highlight=False).print(
        f"{sent.id} {sent.brand}: incident {sent.args['incident']} is {verdict.value}, from {sent.args['from']} on",
        markup=False,
    )


async def say(
    deps: Deps, bus: Bus, what: str, verdict: Verdict, last: str, comment: str, by: str, now: datetime
) -> Command:
    """Put a verdict into the log; the command that says so."""
    from contracts.errors import Invalid
    from fenghuo.commands import new_id, outs
    from fenghuo.live import Live
    from fenghuo.saying import Around, Speaker, word

    span = lasting(last)
    around = Around(deps.log, deps.partitions, deps.config.panes, await Live.look(deps))
    try:
        sent = await word(around, what, verdict, span, Speaker(new_id(), by, now, comment))
    except Invalid as error:
        leave(str(error), BAD_INPUT)
    await bus.send(outs(sent, deps.partitions))
    return sent


async def _undo(name: str, by: str, comment: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from fenghuo.live import connected

    async with connected(runtime_of(var)) as (deps, bus):
        sent = await take_back(deps, bus, name, comment, by, SystemClock().now())
    Console(highlight=False).print(
        f"{sent.id} {sent.brand}: {sent.args['undo']} is taken back, from {sent.args['from']} on", markup=False
    )


async def take_back(deps: Deps, bus: Bus, name: str, comment: str, by: str, now: datetime) -> Command:
    """Put into the log that a verdict is taken back; the command that says so."""
    from contracts.errors import Invalid
    from fenghuo.commands import new_id, outs
    from fenghuo.live import Live
    from fenghuo.saying import Around, Speaker, taken_back

    around = Around(deps.log, deps.partitions, deps.config.panes, await Live.look(deps))
    try:
        sent = await taken_back(around, name, Speaker(new_id(), by, now, comment))
    except Invalid as error:
        leave(str(error), BAD_INPUT)
    await bus.send(outs(sent, deps.partitions))
    return sent


async def _known(export: Path | None, var: Path) -> None:
    from fenghuo.live import connected
    from fenghuo.verdicts import read_words, write_words

    async with connected(runtime_of(var)) as (deps, _):
        words = await read_words(deps.log, deps.partitions)
    if export is None:
        show(words, Console())
    else:
        Console(highlight=False).print(f"{export}: {write_words(export, words)} commands", markup=False)


def show(words: Sequence[Command], console: Console) -> None:
    """All feedback as a table, that which no longer holds too."""
    from contracts.records import feedback_of
    from fenghuo.verdicts import in_force

    holding = {one.id for one in in_force(words)}
    table = Table("id", "brand", "incident", "says", "from", "by", "why", "holds")
    for one in words:
        said = feedback_of(one)
        if said is None:
            continue
        says = said.verdict.value if said.verdict else f"undo {said.undo}"
        until = f" until {said.until:%Y-%m-%d %H:%M}" if said.until else ""
        holds = "" if said.undo else "yes" if one.id in holding else "no longer"
        row = (one.id, one.brand, said.incident, says + until, f"{said.begin:%Y-%m-%d %H:%M}", one.author, one.reason)
        table.add_row(*map(escape, row), holds)
    if words:
        console.print(table)
    console.print(f"{len(words)} feedbacks, {len(holding)} hold")
