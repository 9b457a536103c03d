"""The shell of the intake: takes items of a source, and returns only when the log has them.

Between the translators outside (:mod:`streams.sources.http`, a bridge) and the pure parts
(:mod:`streams.intake`, :mod:`streams.batch`, :mod:`streams.dead`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from contracts.clock import Clock
from contracts.errors import InvalidRecord
from contracts.ports import BrandFinder, Bus, Out
from contracts.records import CaseEvent, DeadLetter, Mention
from streams.batch import Placed, end, gather, heartbeat, outs, progress
from streams.dead import DeadLetters
from streams.gather import Gatherer, in_time
from streams.intake import TRUSTED_AHEAD, Intake, Mask
from streams.limits import TokenBucket
from streams.pulse import PULSE_SECONDS, Pulse
from streams.settings import Kind, Sources, SourceSettings, zone
from streams.times import parse_time

_SLICE = 250
"""Items after which other requests get their turn."""
_MAX_NAMES = 100


class _End(Enum):
    END = "end"


Piece = tuple[SourceSettings, Mention | CaseEvent | datetime | _End]
"""What is gathered: a record, a progress mark, or the end of a delivery."""
DeadSink = Callable[[Sequence[DeadLetter]], Awaitable[None]]
"""Keeps dead letters; they are safe when it returns."""


@dataclass(frozen=True, slots=True)
class Deps:
    """What the door needs from outside.

    Parameters
    ----------
    sources
        Who may send, and the limits.
    mask, pseudonym, finder
        As :class:`streams.intake.Intake` takes them.
    bus
        The log.
    dead
        Keeps dead letters.
    clock
        Wall clock (when things arrive) and monotonic seconds (rate limits).
    partitions
        Of the mentions topic.
    heartbeat
        Whether :meth:`Door.pulse` also writes intake's own marks.
    """

    sources: Sources
    mask: Mask
    pseudonym: Callable[[str], str]
    finder: BrandFinder
    bus: Bus
    dead: DeadSink
    clock: Clock
    partitions: int
    heartbeat: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused item: its index counted from 0, the field, and the reason in words."""

    index: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery."""

    accepted: int
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]
    """Names of fields that are not read."""


class Guest:
    """One source at the door: its intake, its dead letters, its allowance."""

    def __init__(self, source: SourceSettings, deps: Deps) -> None:
        self.source = source
        self.intake = Intake(source, deps.mask, deps.pseudonym, deps.finder)
        self.letters = DeadLetters(source, deps.mask, deps.pseudonym)
        self.bucket = TokenBucket(source.rate, deps.clock.monotonic())


class Door:
    """All sources' way in; one instance a process.

    Parameters
    ----------
    deps
        What it needs from outside.
    """

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        limits = deps.sources.intake
        self.guests = {source.name: Guest(source, deps) for source in deps.sources.sources}
        self._pulse = Pulse()
        live = [one.lateness for one in deps.sources.sources if one.kind not in (Kind.BATCH, Kind.FILE)]
        self._trail = max(0.0, max(live, default=15.0) - PULSE_SECONDS)
        """How far intake's own marks let time trail: until the next of them comes, the wall clock goes on."""
        self._gatherer: Gatherer[Piece] = Gatherer(self._send, wait=limits.gather_seconds, bound=limits.max_waiting)

    @property
    def waiting(self) -> int:
        """Items that the log does not have yet."""
        return self._gatherer.waiting

    async def take(
        self, guest: Guest, items: Sequence[object], place: str, *, kind: type[Mention] | type[CaseEvent] = Mention
    ) -> Outcome:
        """Take what is good of ``items``; the log and the dead letters have everything when it returns.

        Parameters
        ----------
        guest
            Whose items they are.
        items
            Values of JSON; an InvalidRecord stands for one that could not be read.
        place
            Where they came in, for instance ``POST /v1/mentions``.
        kind
            What they are.

        Raises
        ------
        Recoverable
            The log does not answer or is full: nothing is acknowledged, send all of it again.
        """
        now = self._deps.clock.now()
        self._pulse.seen(guest.source, now)
        records: list[Mention | CaseEvent] = []
        letters: list[DeadLetter] = []
        refused: list[Refused] = []
        ignored: set[str] = set()
        for start in range(0, len(items), _SLICE):
            part = items[start : start + _SLICE]
            placed = [(f"{place} item {index}", raw) for index, raw in enumerate(part, start)]
            found = _taken(guest.intake, placed, now, kind)
            for index, (raw, taken) in enumerate(zip(part, found, strict=True), start):
                if isinstance(taken, InvalidRecord):
                    refused.append(Refused(index, taken.field, taken.reason))
                    letters.append(guest.letters.letter(taken, None if isinstance(raw, InvalidRecord) else raw, now))
                    continue
                records.extend(taken)
                if len(ignored) < _MAX_NAMES:
                    ignored |= guest.intake.ignored(raw, kind)
            if len(part) == _SLICE:
                await asyncio.sleep(0)
        if letters:
            await in_time(self._deps.dead(letters))
        await self._add(guest.source, records)
        names = tuple(name[:100] for name in sorted(ignored)[:_MAX_NAMES])
        return Outcome(len(items) - len(refused), tuple(refused), names)

    async def refuse(self, guest: Guest, reason: str, place: str, raw: object = None) -> None:
        """Keep the dead letter of a delivery that could not even be taken apart."""
        letter = guest.letters.letter(InvalidRecord(place, "", reason), raw, self._deps.clock.now())
        await in_time(self._deps.dead([letter]))

    async def progress(self, guest: Guest, value: object, place: str) -> datetime:
        """A clocked source says how far its time has come; every partition hears it.

        Raises
        ------
        InvalidRecord
            No time, no zone, or ahead of the wall clock.
        Recoverable
            The log does not answer.
        """
        tz = zone(guest.source.tz) if guest.source.tz else None
        try:
            at = parse_time(value, tz)
        except ValueError as error:
            raise InvalidRecord(place, "event_time", str(error)) from None
        if at > self._deps.clock.now() + TRUSTED_AHEAD:
            raise InvalidRecord(place, "event_time", "lies more than 60 s ahead of the wall clock")
        await self._gatherer.add([(guest.source, at)])
        return at

    async def pulse(self) -> None:
        """Write the marks that are due: of the live sources, and intake's own. Call it every :data:`PULSE_SECONDS`."""
        now = self._deps.clock.now()
        alive = self._pulse.alive(now)
        if alive:
            await self._gatherer.add([(source, now) for source in alive])
        if self._deps.heartbeat:
            await self._deps.bus.send(outs(heartbeat(now, self._trail, self._deps.partitions)))

    async def close(self) -> None:
        """Send what waits."""
        await self._gatherer.close()

    async def _add(self, source: SourceSettings, records: list[Mention | CaseEvent]) -> None:
        pieces: list[Piece] = [(source, record) for record in records]
        if records and source.kind is Kind.BATCH:
            pieces = [(source, record) for record in sorted(records, key=lambda one: one.ts)]
            pieces.append((source, _End.END))
        if pieces:
            await self._gatherer.add(pieces)

    async def _send(self, pieces: Sequence[Piece]) -> None:
        """Records of one source stay in order and before its mark."""
        messages: list[Out] = []
        waiting: dict[str, tuple[SourceSettings, list[Mention | CaseEvent]]] = {}
        for source, piece in pieces:
            _, records = waiting.setdefault(source.name, (source, []))
            if isinstance(piece, (Mention, CaseEvent)):
                records.append(piece)
            else:
                messages += await self._encoded(source, records)
                messages += outs(self._mark(source, piece, records))
                records.clear()
        for source, records in waiting.values():
            messages += await self._encoded(source, records)
        await self._deps.bus.send(messages)

    async def _encoded(self, source: SourceSettings, records: list[Mention | CaseEvent]) -> list[Out]:
        messages: list[Out] = []
        for placed in gather(source, records, self._deps.partitions):
            messages += outs([placed])
            await asyncio.sleep(0)
        return messages

    def _mark(
        self, source: SourceSettings, piece: datetime | _End, records: Sequence[Mention | CaseEvent]
    ) -> list[Placed]:
        if isinstance(piece, datetime):
            return progress(source, piece, self._deps.partitions)
        return end(source, max(one.ts for one in records), self._deps.partitions)


def _taken(
    intake: Intake, items: Sequence[tuple[str, object]], now: datetime, kind: type[Mention] | type[CaseEvent]
) -> Sequence[Sequence[Mention | CaseEvent] | InvalidRecord]:
    if kind is Mention:
        return intake.take_all(items, now)
    return [_case(intake, raw, place, now) for place, raw in items]


def _case(intake: Intake, raw: object, place: str, now: datetime) -> Sequence[CaseEvent] | InvalidRecord:
    try:
        return (intake.take_case(raw, place, now),)
    except InvalidRecord as error:
        return error
