"""Giving a command to the running pipeline: a record in the log of its brand, so that it is part of every replay."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from contracts.clock import Clock
from contracts.codec import encode_mixed
from contracts.ports import Bus, Out
from contracts.records import Command, CommandKind
from contracts.series import partition_of
from contracts.topics import Topic

EVERYBODY = "*"


def new_id() -> str:
    """An id that no other command has."""
    return secrets.token_hex(12)


def new_command(
    kind: CommandKind, brand: str, author: str, clock: Clock, args: Mapping[str, JsonValue], reason: str = ""
) -> Command:
    """A command with an id of its own, given now."""
    return Command(
        id=new_id(),
        kind=kind,
        brand=brand,
        author=author,
        issued_at=clock.now(),
        reason=reason,
        args=dict(args),
    )


async def give(command: Command, bus: Bus, partitions: int) -> None:
    """Into the log, for every partition if it is for all brands; raises Unavailable."""
    payload = encode_mixed([command])
    places = range(partitions) if command.brand == EVERYBODY else [partition_of(command.brand, partitions)]
    await bus.send([Out(Topic.DECIDE_IN, command.author, payload, place) for place in places])
