"""Telling the right receivers, each once, and paging the right people.

In the flow: ``incidents`` → :meth:`Notifier.tell` → receivers; what comes back is written to ``notified`` by the
caller, *after* the receiver has answered: a crash in between repeats a message and never loses one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.duty.settings import DutySettings, Person
from alerts.duty.swaps import Swaps, with_swaps
from alerts.notify.deadline import Deadline
from alerts.notify.heard import OVER, Key, instead_of
from alerts.notify.late import still_true
from alerts.notify.links import Links
from alerts.notify.outbox import KEPT, PAGES, Outbox, Waiting
from alerts.notify.pager import channels_known, page, paged, reached_nobody
from alerts.notify.receivers import Receiver
from alerts.notify.render import Message
from alerts.notify.retry import GAVE_UP, SENT, Outcome, Patience, deliver
from alerts.notify.templates import group, message
from alerts.settings import ReceiverSettings, Route
from contracts.clock import Clock
from contracts.errors import InvalidSettings
from contracts.records import Command, IncidentEvent, IncidentEventKind, Told


def receivers_of(event: IncidentEvent, routes: Sequence[Route]) -> tuple[str, ...]:
    """The receivers an event goes to: those of every route that fits, each once, in the order of the routes.

    A step of the escalation after the first one is for the people paged, not for the routes.
    """
    if not event.notify or event.event is IncidentEventKind.ESCALATED and event.detail.step is not None:
        return ()
    fitting = (route for route in routes if route.leads(event) and event.event in route.events)
    return tuple(dict.fromkeys(name for route in fitting for name in route.to))


class Notifier:
    """Tells receivers of incident events.

    Parameters
    ----------
    receivers
        At least those that the routes name (:func:`alerts.notify.build.build`).
    settings
        Routes, time zone of the messages, and how long one receiver is tried.
    clock
        For the time of telling and for deadlines.
    patience
        How to wait between attempts; by default what the settings say.
    duty
        Who is paged at which step; without one nobody is.
    links
        Makes the link by which a paged person acknowledges; without one pages carry none.
    """

    def __init__(
        self,
        receivers: Sequence[Receiver],
        settings: ReceiverSettings,
        clock: Clock,
        patience: Patience | None = None,
        *,
        duty: DutySettings | None = None,
        links: Links | None = None,
    ) -> None:
        self._receivers = {one.name: one for one in receivers}
        self._duty = self._planned = duty or DutySettings()
        self._swaps = Swaps()
        needed = {name for route in settings.routes for name in route.to}
        missing = sorted(needed - set(self._receivers)) + channels_known(self._duty, self._receivers)
        if missing:
            raise InvalidSettings("receivers.yaml", f"routes lead to {', '.join(missing)}, which is not at hand")
        self.settings = settings
        self._clock = clock
        self._zone = ZoneInfo(settings.zone)
        self._patience = patience or Patience(attempt=settings.attempt.total_seconds())
        self._links = links
        self._down: set[str] = set()
        """Receivers that gave up last time."""
        self._own = {one.name: one for one in settings.receivers}

    def heed(self, command: Command) -> None:
        """A swap on duty holds for all that is paged from now on."""
        if self._swaps.heed(command):
            self._duty = with_swaps(self._planned, self._swaps.known)

    @property
    def names(self) -> Collection[str]:
        """Of the receivers."""
        return self._receivers.keys()

    def outbox(self, down: Collection[str] = ()) -> Outbox:
        """A new one, in which those that gave up last rest for a moment: the log behind is read first."""
        made = Outbox(self.settings)
        for name in down:
            made.rest(name, self._clock.now() + self.settings.give_up)
        return made

    async def tell(
        self,
        event: IncidentEvent,
        already: Collection[Key] = (),
        outbox: Outbox | None = None,
        missed: Collection[Key] = (),
    ) -> list[Told]:
        """Tell every receiver that ``already`` does not hold, all at the same time; one entry for each attempt.

        A receiver that hangs or fails delays no other; the slowest ends with the settings' ``give_up``. One that has
        given up gets a single attempt until it answers again, and what is not red waits for it in ``outbox``: a dead
        receiver delays the events behind by ``give_up`` once, not each time. What it gave up on waits there too, red as
        well, and so does what it gave up on before a restart (``missed``). :meth:`flush` tells what waits.
        """
        names = [
            name
            for name in receivers_of(event, self.settings.routes)
            if (event.incident, event.seq, name) not in already
        ]
        now = self._clock.now()
        if outbox is not None:
            waits = [name for name in names if (event.incident, event.seq, name) in missed]
            for name in waits:
                outbox.missed(name, [Waiting(event, now, now, noted=True)], now)
            names = [name for name in names if name not in waits and outbox.take(name, event, now)]
        told = await asyncio.gather(
            *(self._tell(name, event, outbox) for name in names), self._paged(event, already, outbox, missed)
        )
        return [entry for entries in told for entry in entries]

    async def flush(self, outbox: Outbox, already: Collection[Key] = ()) -> list[Told]:
        """Tell what has waited long enough, one message a receiver; ``already`` as in :meth:`tell`.

        What waited for a receiver that was down is told as far as it is still true; the rest ends as ``over``.
        """
        groups = outbox.due(self._clock.now())
        told = await asyncio.gather(
            *(
                self._page_late(waiting, outbox) if name == PAGES else self._flush(name, waiting, outbox, already)
                for name, waiting in groups
            )
        )
        return [entry for entries in told for entry in entries]

    async def _tell(self, name: str, event: IncidentEvent, outbox: Outbox | None) -> list[Told]:
        """One receiver, and those that stand in for it when it is down."""
        now = self._clock.now()
        told, waits = await self._tried_all(name, [event], outbox)
        if waits and outbox is not None:
            outbox.missed(name, [Waiting(event, now, now, noted=True)], self._clock.now())
        return told

    async def _flush(
        self, name: str, waiting: Sequence[Waiting], outbox: Outbox, already: Collection[Key]
    ) -> list[Told]:
        """One receiver of all that is due for it."""
        news = self._news(name, waiting, outbox, already)
        tried = {_number(one) for one in news}
        late = any(one.late for one in waiting)
        told, waits = await self._tried_all(name, news, outbox, late=late) if news else ([], False)
        if not waits:
            over = [one.event for one in waiting if _number(one.event) not in tried]
            return [*told, *(self._entry(one, name, Outcome(OVER, "it was down until this was over")) for one in over)]
        fresh = {_number(one.event) for one in waiting if not one.noted} & tried
        for one in waiting:
            one.noted = one.noted or _number(one.event) in fresh
        outbox.missed(name, waiting, self._clock.now())
        return [one for one in told if (one.incident, one.seq) in fresh]

    def _news(
        self, name: str, waiting: Sequence[Waiting], outbox: Outbox, already: Collection[Key]
    ) -> list[IncidentEvent]:
        """What is to be told of what waits: all that was to wait, and what is still true of what was missed."""
        now = self._clock.now()
        missed: dict[str, list[IncidentEvent]] = {}
        for one in waiting:
            if one.late and now - one.since < KEPT:
                missed.setdefault(one.event.incident, []).append(one.event)
        news = [one.event for one in waiting if not one.late]
        for incident, events in missed.items():
            stands = outbox.stands(incident)
            wanted = stands is not None and not outbox.waits(name, stands) and self._wanted(name, stands, already)
            news += still_true(events, stands, now, wanted=wanted)
        return sorted(news, key=lambda one: one.at)

    def _wanted(self, name: str, event: IncidentEvent, already: Collection[Key]) -> bool:
        """Whether this receiver is told of this tier of this brand, and has not been told of this event."""
        routed = any(name in one.to and one.leads(event) for one in self.settings.routes)
        return routed and (event.incident, event.seq, name) not in already

    async def _paged(
        self, event: IncidentEvent, already: Collection[Key], outbox: Outbox | None, missed: Collection[Key]
    ) -> list[Told]:
        if not event.notify or event.detail.step is None:
            return []
        now = self._clock.now()
        if outbox is not None and (event.incident, event.seq, PAGES) in missed:
            outbox.missed(PAGES, [Waiting(event, now, now, noted=True)], now)
            return []
        told = await self._page(event, event.at, paged(event, already))
        if outbox is not None and reached_nobody(told):
            outbox.missed(PAGES, [Waiting(event, now, now, noted=True)], self._clock.now())
        return told

    async def _page_late(self, waiting: Sequence[Waiting], outbox: Outbox) -> list[Told]:
        """Pages that reached nobody, once more, to whoever is on duty by now; only success is noted."""
        now = self._clock.now()
        fresh = [one for one in waiting if now - one.since < KEPT]
        pages = (self._page(one.event, one.event.at + (now - one.since), (), late=True) for one in fresh)
        told = await asyncio.gather(*pages)
        again = [one for one, entries in zip(fresh, told, strict=True) if reached_nobody(entries)]
        if again:
            outbox.missed(PAGES, again, self._clock.now())
        return [entry for entries in told for entry in entries if entry.outcome == SENT]

    async def _page(
        self, event: IncidentEvent, at: datetime, done: Collection[str], *, late: bool = False
    ) -> list[Told]:
        async def attempt(channel: str, person: Person) -> Outcome:
            message = self._message(channel, [event], person.name, late=late)
            return await self._deliver(channel, message, self._page_seconds)

        def record(name: str, outcome: Outcome) -> Told:
            return self._entry(event, name, outcome)

        return await page(event, at, self._duty, done, attempt, record)

    @property
    def _page_seconds(self) -> float:
        return self._duty.next_after.total_seconds()

    def _instead(self, name: str, events: Sequence[IncidentEvent]) -> list[str]:
        """Who stands in for this receiver, but for those whom the routes tell of these events anyway."""
        known = {one for event in events for one in receivers_of(event, self.settings.routes)}
        return [one for one in (self._own[name].instead if name in self._own else ()) if one not in known]

    async def _tried_all(
        self, name: str, events: Sequence[IncidentEvent], outbox: Outbox | None, *, late: bool = False
    ) -> tuple[list[Told], bool]:
        """One receiver and its stand-ins until one takes the message; whether it must wait, since none did."""
        told: list[Told] = []
        words = []
        for one in (name, *self._instead(name, events)):
            outcome = await self._tried(one, events, late)
            words.append(outcome.word)
            if outcome.word == SENT and one != name:
                outcome = replace(outcome, reason=instead_of(name))
            told.extend(self._entry(event, one, outcome) for event in events)
            if outbox is not None and outcome.word == GAVE_UP:
                outbox.rest(one, self._clock.now() + self.settings.give_up)
            if outcome.word == SENT:
                if outbox is not None:
                    outbox.awake(one, self._clock.now())
                return told, False
        return told, words[0] == GAVE_UP

    async def _tried(self, name: str, events: Sequence[IncidentEvent], late: bool) -> Outcome:
        """As long as the settings say; a receiver that gave up last time gets one attempt."""
        patience = self._patience.attempt if late or name in self._down else self.settings.give_up.total_seconds()
        outcome = await self._deliver(name, self._message(name, events, late=late), patience)
        (self._down.add if outcome.word == GAVE_UP else self._down.discard)(name)
        return outcome

    async def _deliver(self, name: str, sent: Message, seconds: float) -> Outcome:
        deadline = Deadline(seconds, self._clock.monotonic)
        return await deliver(self._receivers[name], sent, deadline, self._patience)

    def _message(self, name: str, events: Sequence[IncidentEvent], person: str = "", *, late: bool = False) -> Message:
        lang = self._own[name].lang if name in self._own else "both"
        if len(events) > 1:
            return group(events, self._zone, lang, late=late)
        link = self._links.make(events[0], person, self._clock.now()) if person and self._links else ""
        return message(events[0], self._zone, lang, link, late=late)

    def _entry(self, event: IncidentEvent, name: str, outcome: Outcome) -> Told:
        return Told(
            incident=event.incident,
            seq=event.seq,
            brand=event.brand,
            receiver=name,
            outcome=outcome.word,
            told_at=self._clock.now(),
            reason=outcome.reason,
        )


def _number(event: IncidentEvent) -> tuple[str, int]:
    return (event.incident, event.seq)
