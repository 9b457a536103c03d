"""The deciding and the telling stage as the worker's shell sees them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from pydantic import JsonValue

from alerts.brands import EVERYBODY
from alerts.decide import DecideCore
from alerts.followers import Entry, Follower, claimed, feed
from alerts.notify.heard import Heard
from alerts.notify.notifier import Notifier
from alerts.settings import DecidePolicy
from contracts.codec import decode, decode_mixed, encode, encode_mixed, encode_portions
from contracts.errors import Unavailable
from contracts.ports import Bus, Checkpoint, In, LogReader, Out, SnapshotStore, Work
from contracts.records import CaseEvent, CaseGrade, Command, IncidentEvent, Mark, Signal, Standing, Told
from contracts.snapshotting import Keeping, Snapshotting, restored
from contracts.topics import Topic

log = logging.getLogger(__name__)

ALL = 2**62
MOST_ABREAST = 8
"""Incidents of which people are told at the same time."""


class DecideMessages:
    """The deciding core and its followers with messages at both ends; each event goes to the tellers and the store."""

    def __init__(self, partition: int, policy: DecidePolicy, followers: Sequence[Follower] = ()) -> None:
        self.core = DecideCore(policy, claimed(followers))
        self.followers = tuple(followers)
        self._partition = partition
        self._reached: datetime | None = None
        self._standings: dict[str, Standing] = {}
        """The last one sent of each brand that has anything to say."""

    def take(self, value: bytes) -> list[Out]:
        """One message of the topic ``decide.in``."""
        events: list[IncidentEvent] = []
        entries: list[Entry] = []
        brands: dict[str, None] = {}
        for record in decode_mixed(value):
            if isinstance(record, Signal | Mark | Command | CaseEvent | CaseGrade):
                outcome = feed(self.core, self.followers, record)
                events.extend(outcome.events)
                entries.extend(outcome.entries)
                brands[record.brand] = None
            if isinstance(record, Mark):
                self._reached = record.at if self._reached is None else max(record.at, self._reached)
        told = [
            Out(topic, "decide", payload, self._partition)
            for payload in encode_portions(events)
            for topic in (Topic.INCIDENTS, Topic.SERIES)
        ]
        told += [Out(one.topic, one.key, _bytes(one), self._partition) for one in entries]
        told += [Out(Topic.INCIDENTS, "decide", one, self._partition) for one in encode_portions(self._changed(brands))]
        return told

    def _changed(self, brands: Iterable[str]) -> Iterator[Standing]:
        """How brands stand now, as far as they stood otherwise before this message."""
        for brand in self.core.brands() if EVERYBODY in brands else brands:
            now, before = self.core.standing(brand), self._standings.get(brand)
            if now is None or not now.tells:
                if before is not None:
                    del self._standings[brand]
                    yield Standing(brand=brand, at=self.core.now_of(brand) or before.at)
            elif before is None or not now.same(before):
                self._standings[brand] = now
                yield now

    def reached(self) -> datetime | None:
        """The last mark."""
        return self._reached

    def adopt(self, fresh: DecideMessages) -> bool:
        """Rules change from here on; what was decided stays. Other followers need a state built from the log."""
        if [one.name for one in self.followers] != [one.name for one in fresh.followers]:
            return False
        self.core.policy = fresh.core.policy
        return all(old.adopt(new) for old, new in zip(self.followers, fresh.followers, strict=True))

    def kept(self) -> dict[str, JsonValue]:
        """What followers must not number anew when the state is built from the log (the ledger's head)."""
        return {one.name: one.kept() for one in self.followers if isinstance(one, Keeping)}

    def resume(self, kept: dict[str, JsonValue]) -> None:
        """Hand it back to them."""
        for one in self.followers:
            known = kept.get(one.name)
            if isinstance(one, Keeping) and isinstance(known, dict):
                one.resume(known)


def _bytes(entry: Entry) -> bytes:
    """The topics ``series`` and ``incidents`` mix kinds, others carry one kind bare."""
    mixed = entry.topic in (Topic.SERIES, Topic.INCIDENTS)
    return encode_mixed([entry.record]) if mixed else encode(entry.record)


class DecideStage:
    """Implements :class:`contracts.ports.Stage` for the topic ``decide.in``."""

    name = "decide"
    topic = Topic.DECIDE_IN

    def __init__(
        self,
        policy: DecidePolicy,
        store: SnapshotStore,
        log: LogReader,
        every: float,
        followers: Callable[[int], Sequence[Follower]] = lambda partition: (),
    ) -> None:
        self._policy = policy
        self._followers = followers
        self._store = store
        self._log = log
        self._every = every

    async def open(self, partition: int, committed: Checkpoint | None) -> Snapshotting[DecideMessages]:
        """State of ``partition``: its last snapshot, or the log read again."""

        def fresh() -> DecideMessages:
            return DecideMessages(partition, self._policy, self._followers(partition))

        return await restored(self.name, self.topic, partition, fresh, committed, self._store, self._log, self._every)


class NotifyPartition:
    """Tells people of the events of one partition; implements :class:`contracts.ports.Partition`.

    Each telling is written to the notification log at once, so that a kill repeats a message only if it fell
    between the receiver's answer and that record.
    """

    def __init__(self, partition: int, notifier: Notifier, bus: Bus, heard: Heard, offset: int) -> None:
        self._partition = partition
        self._notifier = notifier
        self._bus = bus
        self._heard = heard
        self._next = self._committed = offset
        self._outbox = notifier.outbox(heard.down)
        self._offsets: dict[tuple[str, int], int] = {}
        """Where the events that wait stand in the log: no commit may pass them."""

    async def handle(self, messages: Sequence[In]) -> Work:
        """Tell what is new in these messages, of several incidents at the same time."""
        for message in messages:
            abreast: dict[str, IncidentEvent] = {}
            for event in decode_mixed(message.value):
                if isinstance(event, Command):
                    await self._tell(abreast, message.offset)
                    self._notifier.heed(event)
                elif isinstance(event, IncidentEvent):
                    if event.incident in abreast or len(abreast) == MOST_ABREAST:
                        await self._tell(abreast, message.offset)
                    abreast[event.incident] = event
            await self._tell(abreast, message.offset)
            self._next = message.offset + 1
        return Work()

    async def _tell(self, abreast: dict[str, IncidentEvent], offset: int) -> None:
        """Tell one event each of different incidents; each telling is noted as soon as it is done."""
        await asyncio.gather(*(self._tell_one(event, offset) for event in abreast.values()))
        abreast.clear()

    async def _tell_one(self, event: IncidentEvent, offset: int) -> None:
        heard = self._heard
        await self._note(await self._notifier.tell(event, heard.done, self._outbox, heard.missed))
        self._outbox.see(event)
        if self._outbox.holds(event.incident, event.seq):
            self._offsets[(event.incident, event.seq)] = offset

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        """Tell what has waited long enough; commit up to the oldest event that still waits."""
        if not final and not self._outbox.empty:
            await self._note(await self._notifier.flush(self._outbox, self._heard.done))
        self._offsets = {key: where for key, where in self._offsets.items() if self._outbox.holds(*key)}
        reached = min(self._offsets.values(), default=self._next)
        if reached <= self._committed:
            return None
        self._committed = reached
        return Checkpoint(reached)

    async def _note(self, told: Sequence[Told]) -> None:
        """Write down who was told, at once."""
        outs = [Out(Topic.NOTIFIED, one.brand, encode(one), self._partition) for one in told]
        while outs:
            try:
                await self._bus.send(outs)
                break
            except Unavailable as error:
                log.warning("notify partition %d: %s; the notification log waits", self._partition, error)
                await asyncio.sleep(min(error.retry_after, 1.0))
        for one in told:
            self._heard.note(one)


class NotifyStage:
    """Implements :class:`contracts.ports.Stage` for the incidents topic."""

    name = "notify"
    topic = Topic.INCIDENTS

    def __init__(self, notifier: Notifier, bus: Bus, log: LogReader) -> None:
        self._notifier = notifier
        self._bus = bus
        self._log = log

    async def open(self, partition: int, committed: Checkpoint | None) -> NotifyPartition:
        """State of ``partition``: who was told of what, from the notification log; who stands in for whom."""
        heard = Heard(self._notifier.names)
        async for message in self._log.read(Topic.NOTIFIED, partition, 0, ALL):
            heard.note(decode(Told, message.value))
        offset = 0 if committed is None else committed.offset
        async for message in self._log.read(self.topic, partition, 0, offset):
            if b'"swap"' in message.value:
                for record in decode_mixed(message.value):
                    if isinstance(record, Command):
                        self._notifier.heed(record)
        return NotifyPartition(partition, self._notifier, self._bus, heard, offset)
