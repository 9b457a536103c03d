"""Telling the right receivers, each once.

In the flow: ``incidents`` → :meth:`Notifier.tell` → receivers; what comes back is written to ``notified`` by the
caller, *after* the receiver has answered: a crash in between repeats a message and never loses one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Receiver
from alerts.notify.render import Message, render
from alerts.notify.retry import Patience, deliver
from alerts.settings import ReceiverSettings, Route
from contracts.clock import Clock
from contracts.errors import InvalidSettings
from contracts.records import IncidentEvent, Told

Key = tuple[str, int, str]
"""Incident, number of its event, name of the receiver."""


def receivers_of(event: IncidentEvent, routes: Sequence[Route]) -> tuple[str, ...]:
    """The receivers an event goes to: those of every route that fits, each once, in the order of the routes."""
    if not event.notify:
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
    """

    def __init__(
        self,
        receivers: Sequence[Receiver],
        settings: ReceiverSettings,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._receivers = {one.name: one for one in receivers}
        missing = sorted({name for route in settings.routes for name in route.to} - set(self._receivers))
        if missing:
            raise InvalidSettings("receivers.yaml", f"routes lead to {', '.join(missing)}, which is not at hand")
        self._settings = settings
        self._clock = clock
        self._zone = ZoneInfo(settings.zone)
        self._patience = patience or Patience(attempt=settings.attempt.total_seconds())

    async def tell(self, event: IncidentEvent, already: Collection[Key] = ()) -> list[Told]:
        """Tell every receiver that ``already`` does not hold, all at the same time; one entry for each of them.

        A receiver that hangs or fails delays no other; the slowest ends with the settings' ``give_up``.
        """
        due = [
            self._receivers[name]
            for name in receivers_of(event, self._settings.routes)
            if (event.incident, event.seq, name) not in already
        ]
        if not due:
            return []
        message = render(event, self._zone)
        return list(await asyncio.gather(*(self._tell(receiver, message) for receiver in due)))

    async def _tell(self, receiver: Receiver, message: Message) -> Told:
        deadline = Deadline(self._settings.give_up.total_seconds(), self._clock.monotonic)
        outcome = await deliver(receiver, message, deadline, self._patience)
        return Told(
            incident=message.event.incident,
            seq=message.event.seq,
            brand=message.event.brand,
            receiver=receiver.name,
            outcome=outcome.word,
            told_at=self._clock.now(),
            reason=outcome.reason,
        )
