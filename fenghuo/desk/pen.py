"""What people do, put into the log: for the API with their own ids, for the console without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import JsonValue

from alerts.rest.office import Say
from contracts.clock import Clock
from contracts.ports import Bus
from contracts.records import Command, CommandKind, Verdict
from fenghuo.commands import give, new_command, new_id, outs
from fenghuo.desk.books import LiveBooks
from fenghuo.saying import Speaker, taken_back, word

EXPECTED = timedelta(days=1)
"""How long an announced event lasts when nobody says."""


class LogPen:
    """Implements :class:`alerts.rest.office.Pen`."""

    def __init__(self, bus: Bus, partitions: int, books: LiveBooks, clock: Clock) -> None:
        self._bus = bus
        self._partitions = partitions
        self._books = books
        self._clock = clock

    async def give(self, command: Command) -> None:
        """One command, for its brand or all; raises Unavailable."""
        await give(command, self._bus, self._partitions)

    async def say(self, one: Say) -> Command:
        """A word on an incident; raises Invalid where it means nothing, and Unavailable."""
        speaker = Speaker(one.id, one.author, self._clock.now(), one.comment)
        around = await self._books.around()
        made = await word(around, one.incident, one.verdict, one.until or EXPECTED, speaker)
        await self._bus.send(outs(made, self._partitions))
        return made

    async def unsay(self, name: str, said: str, author: str, comment: str) -> Command:
        """Take back the word with the id ``said``; raises Invalid, Unavailable."""
        speaker = Speaker(name, author, self._clock.now(), comment)
        made = await taken_back(await self._books.around(), said, speaker)
        await self._bus.send(outs(made, self._partitions))
        return made


class ConsoleCommands:
    """Implements :class:`contracts.desk.Commands`: the same pen, with ids of its own."""

    def __init__(self, pen: LogPen, clock: Clock) -> None:
        self._pen = pen
        self._clock = clock

    async def give(
        self, kind: CommandKind, brand: str, author: str, args: Mapping[str, JsonValue], reason: str = ""
    ) -> str:
        """The id of the command, once the log has it; raises Unavailable."""
        command = new_command(kind, brand, author, self._clock, args, reason)
        await self._pen.give(command)
        return command.id

    async def feedback(
        self, incident: str, verdict: Verdict, author: str, until: datetime | None = None, comment: str = ""
    ) -> str:
        """A word on an incident; the id of its command. Raises Invalid where the verdict means nothing for it."""
        return (await self._pen.say(Say(new_id(), incident, verdict, author, until, comment))).id
