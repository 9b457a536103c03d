"""Telling the right receivers, each once, and paging the right people.

In the flow: ``incidents`` → :meth:`Notifier.tell` → receivers; what comes back is written to ``notified`` by the
caller, *after* the receiver has answered: a crash in between repeats a message and never loses one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.duty.settings import DutySettings, Person
from alerts.duty.swaps import Swaps, with_swaps
from alerts.notify.deadline import Deadline
from alerts.notify.links import Links
from alerts.notify.outbox import Outbox
from alerts.notify.pager import channels_known, page, paged
from alerts.notify.receivers import Receiver
from alerts.notify.render import Message
from alerts.notify.retry import GAVE_UP, SENT, Outcome, Patience, deliver
from alerts.notify.templates import group, message
from alerts.settings import ReceiverSettings, Route
from contracts.clock import Clock
from contracts.errors import InvalidSettings
from contracts.records import Command, IncidentEvent, IncidentEventKind, Told

Key = tuple[str, int, str]
"""Incident, number of its event, name of the receiver."""


def receivers_of(event: IncidentEvent, routes: Sequence[Route]) -> tuple[str, ...]:
    """The receivers an event goes to: those of every route that fits, each once, in the order of the routes.

    A step of the escalation after the first one is for the people paged, not for the routes.
    """
    if not event.notify or event.event is IncidentEventKind.ESCALATED and event.detail.step is not None:
        return ()
    fitting = (
        route
        for route in routes
        if event.tier in route.tiers
        and event.event in route.events
        and (not route.brands or event.brand in route.brands)
    )
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

    async def tell(
        self, event: IncidentEvent, already: Collection[Key] = (), outbox: Outbox | None = None
    ) -> list[Told]:
        """Tell every receiver that ``already`` does not hold, all at the same time; one entry for each attempt.

        A receiver that hangs or fails delays no other; the slowest ends with the settings' ``give_up``. One that has
        given up gets a single attempt until it answers again, and what is not red waits for it in ``outbox``: a dead
        receiver delays the events behind by ``give_up`` once, not each time. What ``outbox`` keeps back is told by
        :meth:`flush`.
        """
        names = [
            name
            for name in receivers_of(event, self.settings.routes)
            if (event.incident, event.seq, name) not in already
        ]
        now = self._clock.now()
        names = [name for name in names if outbox is None or outbox.take(name, event, now)]
        told = await asyncio.gather(*(self._tell(name, [event], outbox) for name in names), self._page(event, already))
        return [entry for entries in told for entry in entries]

    async def flush(self, outbox: Outbox) -> list[Told]:
        """Tell what has waited long enough, one message a receiver."""
        groups = outbox.due(self._clock.now())
        told = await asyncio.gather(*(self._tell(name, events, outbox) for name, events in groups))
        return [entry for entries in told for entry in entries]

    async def _page(self, event: IncidentEvent, already: Collection[Key]) -> list[Told]:
        if not event.notify or event.detail.step is None:
            return []

        async def attempt(channel: str, person: Person) -> Outcome:
            return await self._deliver(channel, self._message(channel, [event], person.name), self._page_seconds)

        def record(name: str, outcome: Outcome) -> Told:
            return self._entry(event, name, outcome)

        return await page(event, self._duty, paged(event, already), attempt, record)

    @property
    def _page_seconds(self) -> float:
        return self._duty.next_after.total_seconds()

    async def _tell(self, name: str, events: Sequence[IncidentEvent], outbox: Outbox | None) -> list[Told]:
        """One receiver, and those that stand in for it when it is down."""
        told: list[Told] = []
        for one in (name, *(self._own[name].instead if name in self._own else ())):
            outcome = await self._tried(one, events)
            told.extend(self._entry(event, one, outcome) for event in events)
            if outcome.word == SENT:
                break
            if outcome.word == GAVE_UP and outbox is not None:
                outbox.rest(one, self._clock.now() + self.settings.give_up)
        return told

    async def _tried(self, name: str, events: Sequence[IncidentEvent]) -> Outcome:
        """As long as the settings say; a receiver that gave up last time gets one attempt."""
        patience = self._patience.attempt if name in self._down else self.settings.give_up.total_seconds()
        outcome = await self._deliver(name, self._message(name, events), patience)
        (self._down.add if outcome.word == GAVE_UP else self._down.discard)(name)
        return outcome

    async def _deliver(self, name: str, sent: Message, seconds: float) -> Outcome:
        deadline = Deadline(seconds, self._clock.monotonic)
        return await deliver(self._receivers[name], sent, deadline, self._patience)

    def _message(self, name: str, events: Sequence[IncidentEvent], person: str = "") -> Message:
        lang = self._own[name].lang if name in self._own else "both"
        if len(events) > 1:
            return group(events, self._zone, lang)
        link = self._links.make(events[0], person, self._now()) if person and self._links else ""
        return message(events[0], self._zone, lang, link)

    def _now(self) -> datetime:
        return self._clock.now()

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
