"""``fenghuo ack``: somebody takes an incident on, or hands it over; the paging stops."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import FAILED, leave, sentences
from fenghuo.cli.people import By, made, meant, person


@sentences
def ack(
    incident: Annotated[str, typer.Argument(help="The beginning of the incident's id.")],
    by: By = None,
    to: Annotated[str | None, typer.Option(help="Hand it over to this person.")] = None,
    comment: Annotated[str, typer.Option(help="What you want to say; it stands in the log.")] = "",
    var: Var = Path("var"),
) -> None:
    """Take an open incident on, or hand it over with --to; nobody is paged for it any more."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asyncio.run(_ack(incident, person(by), to, comment, var))


async def _ack(name: str, by: str, to: str | None, comment: str, var: Path) -> None:
    from contracts.clock import SystemClock
    from contracts.records import CommandKind, IncidentEventKind
    from fenghuo.live import ANSWER_SECONDS, Live, command, connected

    kind = CommandKind.HAND_OVER if to else CommandKind.ACK
    async with connected(runtime_of(var)) as (deps, bus):
        found = meant(await Live.look(deps), name)
        one = found.incident
        if one.acknowledged and not to:
            leave(f"{one.incident} was taken on by {one.owner}; hand it over with --to", FAILED)
        args: dict[str, str | dict[str, str]] = {"incident": one.incident, **({"to": to} if to else {"by": by})}
        sent = made(kind, one.scope["brand"], by, SystemClock().now(), comment, args)
        told = await command(
            bus,
            deps.log,
            sent,
            found.partition,
            lambda event: event.incident == one.incident and event.event is IncidentEventKind.ACKNOWLEDGED,
            ANSWER_SECONDS,
        )
    if told is None:
        leave("the command stands in the log, but no worker has answered yet; see fenghuo doctor", FAILED)
    Console(highlight=False).print(
        f"{told.incident} {told.scope['brand']} {told.tier.value}: {told.detail.by} has taken it on", markup=False
    )
