"""Limits of the detectors, moved while all runs: commands for all brands, and what of them the log has in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from contracts.clock import Clock
from contracts.desk import Applied
from contracts.layers import Layer
from contracts.panes import EPOCH, Panes
from contracts.records import CommandKind
from contracts.records.incident import rfc3339
from fenghuo.commands import EVERYBODY, new_command
from fenghuo.desk.books import LiveBooks
from fenghuo.desk.pen import LogPen
from fenghuo.verdicts import next_bucket


class LogMoves:
    """Implements :class:`contracts.desk.Moves` over the log; every method raises Unavailable."""

    def __init__(self, pen: LogPen, books: LiveBooks, panes: Panes, clock: Clock) -> None:
        self._pen = pen
        self._books = books
        self._panes = panes
        self._clock = clock

    async def in_force(self) -> Sequence[Applied]:
        """What was applied for all brands and not taken back, the first said first."""
        return applied((await self._books.deciding()).moved())

    async def move(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """Gives the command that sets these from the next bucket on; its id."""
        return await self._give({"values": dict(values)}, author, reason)

    async def take_back(self, name: str, author: str, reason: str) -> str:
        """Gives the command that takes back the one with the id ``name``; its id."""
        return await self._give({"undo": name}, author, reason)

    async def _give(self, args: Mapping[str, JsonValue], author: str, reason: str) -> str:
        """It holds from the bucket after the one that the furthest brand has reached: in all brands from the same."""
        reached = (await self._books.deciding()).reached()
        begin = EPOCH if reached is None else next_bucket(reached, self._panes)
        args = {**args, "from": rfc3339(begin)}
        command = new_command(CommandKind.SETTING, EVERYBODY, author, self._clock, args, reason)
        await self._pen.give(command)
        return command.id


def applied(moved: Mapping[str, Layer]) -> list[Applied]:
    """What holds for all brands, as the console shows it."""
    return [
        Applied(name, one.values, one.author, one.reason, one.issued_at)
        for name, one in moved.items()
        if one.brand == EVERYBODY
    ]
