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
_BOTH = (Topic.COUNTS, Topic.DECIDE_IN)
_FOR_DETECTORS = (CommandKind.FEEDBACK, CommandKind.SETTING)
"""Kinds that the detectors act on: they stand in ``counts`` first, and in ``decide.in`` for the ledger."""
_LEDGER_ALONE = (CommandKind.PERSON, CommandKind.LINK)
"""Kinds for all brands that nothing acts on: one partition is enough."""


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


def outs(command: Command, partitions: int) -> list[Out]:
    """Where the command goes: the place that acts on it first, and every partition if it acts on all brands."""
    payload = encode_mixed([command])
    everywhere = command.brand == EVERYBODY and command.kind not in _LEDGER_ALONE
    places = range(partitions) if everywhere else [partition_of(command.brand, partitions)]
    topics = _BOTH if command.kind in _FOR_DETECTORS else (Topic.DECIDE_IN,)
    return [Out(topic, command.brand, payload, place) for topic in topics for place in places]


async def give(command: Command, bus: Bus, partitions: int) -> None:
    """Into the log, for every partition if it is for all brands; raises Unavailable."""
    await bus.send(outs(command, partitions))
