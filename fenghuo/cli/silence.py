"""``fenghuo silence``: nobody is told of a brand's changes for a while; list silences, end one."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences
from fenghuo.cli.people import By, lasting, made, person

if TYPE_CHECKING:
    from contracts.ports import Bus
    from contracts.records import Command
    from fenghuo.live import Deps, Live


@sentences
def silence(
    brand: Annotated[str | None, typer.Argument(help="The brand that shall be silent.")] = None,
    last: Annotated[str | None, typer.Option("--for", help="How long: 30m, 2h, 1d.")] = None,
    comment: Annotated[str, typer.Option(help="Why; it is needed, and stands in the log.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="Only a part, like category=refund.")] = None,
    upto: Annotated[str, typer.Option(help="The highest tier that is silenced.")] = "red",
    by: By = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the silences in force.")] = False,
    end: Annotated[str | None, typer.Option(help="End the silence whose id begins so.")] = None,
    var: Var = Path("var"),
) -> None:
    """Tell nobody of a brand's changes for a while; --list shows silences, also those that match nothing."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if listed:
        asyncio.run(_list(var))
    elif end is not None:
        asyncio.run(_end(end, person(by), comment, var))
    elif brand is None or last is None or not comment:
        leave("name a brand, --for how long, and --comment why; or use --list, or --end ID", BAD_INPUT)
    else:
        asyncio.run(_begin(brand, last, comment, where or [], upto, person(by), var))


async def _begin(brand: str, last: str, comment: str, where: list[str], upto: str, by: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.records import CommandKind, Tier
    from contracts.records.incident import rfc3339
    from contracts.series import partition_of
    from fenghuo.live import Live, connected

    if upto not in tuple(Tier):
        leave(f"{upto} is no tier; choose {', '.join(Tier)}", BAD_INPUT)
    parts = dict(part.partition("=")[::2] for part in where)
    if not all(parts.values()):
        leave("--where takes name=value, for instance category=refund", BAD_INPUT)
    now = SystemClock().now()
    async with connected(runtime_of(var)) as (deps, bus):
        live = await Live.look(deps)
        begin = live.now_of(brand) or now
        until = rfc3339(begin + lasting(last))
        sent = made(CommandKind.SILENCE, brand, by, now, comment, {"until": until, "upto": upto, "where": parts})
        partition = live.partition_of(brand, partition_of(brand, deps.partitions))
        await _sent(bus, sent, partition)
        if not await _known(deps, sent.id):
            leave("it was refused: it would end too far ahead, or in the past of this brand", FAILED)
    Console(highlight=False).print(f"{sent.id} {brand}: nobody is told before {until} ({comment})", markup=False)


async def _end(name: str, by: str, comment: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.records import CommandKind
    from fenghuo.live import Live, connected

    async with connected(runtime_of(var)) as (deps, bus):
        known = [(place, one) for place, one in (await Live.look(deps)).silences() if one.silence.id.startswith(name)]
        if not known:
            leave(f"no silence in force has an id that begins with {name}; see fenghuo silence --list", FAILED)
        for place, one in known:
            args: dict[str, str | dict[str, str]] = {"silence": one.silence.id}
            sent = made(CommandKind.UNSILENCE, one.brand, by, SystemClock().now(), comment, args)
            await _sent(bus, sent, place)
            Console(highlight=False).print(f"{one.silence.id} {one.brand}: ended", markup=False)


async def _list(var: Path) -> None:
    from fenghuo.live import Live, connected

    async with connected(runtime_of(var)) as (deps, _):
        show(await Live.look(deps), Console())


def show(live: Live, console: Console) -> None:
    """All silences in force as a table; those that match nothing say so."""
    table = Table("id", "brand", "part", "up to", "until", "by", "why", "kept back")
    known = [one for _, one in live.silences()]
    for one in known:
        held = one.silence
        part = ", ".join(f"{name}={value}" for name, value in held.where) or "all"
        kept = str(one.matched) if one.matched else "nothing so far"
        row = (held.id, one.brand, part, held.upto.value, f"{held.until:%m-%d %H:%M}", held.author, held.comment, kept)
        table.add_row(*map(escape, row))
    if known:
        console.print(table)
    idle = sum(not one.matched for one in known)
    console.print(f"{len(known)} silence{'' if len(known) == 1 else 's'} in force; {idle} kept nothing back so far")


async def _sent(bus: Bus, sent: Command, partition: int) -> None:
    from contracts.codec import encode_mixed
    from contracts.ports import Out
    from contracts.topics import Topic

    await bus.send([Out(Topic.DECIDE_IN, sent.brand, encode_mixed([sent]), partition)])


async def _known(deps: Deps, name: str) -> bool:
    """Whether the silence is in force, now that it stands in the log."""
    from fenghuo.live import Live

    return any(one.silence.id == name for _, one in (await Live.look(deps)).silences())
