"""What waits before it is told: quiet hours, digests, a receiver that has had its share or is down. Pure.

Nothing is dropped: what waits is told in one message when its time comes. Red never waits. The outbox lives in
memory; whoever holds it commits no offset beyond the oldest event in it, so that a restart reads them again.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alerts.settings import ReceiverSettings
from contracts.records import IncidentEvent, Tier

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Waiting:
    """Events for one receiver that go out as one message."""

    due: datetime
    events: list[IncidentEvent] = field(default_factory=list)


class Outbox:
    """Decides for each receiver whether an event goes out now or waits, and until when.

    >>> box = Outbox(ReceiverSettings())
    >>> box.due(datetime(2026, 1, 1, tzinfo=UTC)), box.empty
    ([], True)
    """

    def __init__(self, settings: ReceiverSettings) -> None:
        self._settings = settings
        self._waiting: dict[str, Waiting] = {}
        self._held: Counter[tuple[str, int]] = Counter()
        """For how many receivers each event waits: thousands may wait through a night, and each is asked for often."""
        self._sent: dict[str, deque[datetime]] = {}
        self._down: dict[str, datetime] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def holds(self, incident: str, seq: int) -> bool:
        """Whether an event still waits for some receiver."""
        return self._held[incident, seq] > 0

    def rest(self, receiver: str, until: datetime) -> None:
        """This receiver is down: what comes for it waits until then, so that it delays nobody else."""
        self._down[receiver] = until

    def take(self, receiver: str, event: IncidentEvent, now: datetime) -> bool:
        """Whether the event must go to this receiver now; otherwise it waits here."""
        due = self._due_at(receiver, event, now)
        if due is None or due <= now:
            self._count(receiver, now)
            return True
        group = self._waiting.setdefault(receiver, Waiting(due))
        group.due = min(group.due, due)
        group.events.append(event)
        self._held[event.incident, event.seq] += 1
        return False

    def due(self, now: datetime) -> list[tuple[str, list[IncidentEvent]]]:
        """The groups whose time has come, by receiver; they wait here no longer."""
        ready = sorted(name for name, group in self._waiting.items() if group.due <= now)
        groups = [(name, self._waiting.pop(name).events) for name in ready]
        for name, events in groups:
            self._count(name, now)
            self._held -= Counter((one.incident, one.seq) for one in events)
        return groups

    def _due_at(self, receiver: str, event: IncidentEvent, now: datetime) -> datetime | None:
        if event.tier is Tier.RED:
            return None
        ends = [one.hours.ends(now) for one in self._settings.quiet if receiver in one.to and one.hours.covers(now)]
        ends += [
            _next(now, one.every) for one in self._settings.digest if receiver in one.to and event.tier in one.tiers
        ]
        over, down = self._over(receiver, now), self._down.get(receiver)
        return max([*ends, *(one for one in (over, down) if one is not None and one > now)], default=None)

    def _over(self, receiver: str, now: datetime) -> datetime | None:
        """When the receiver may get the next message, if it has had its share."""
        rate = self._settings.rate
        sent = self._sent.get(receiver)
        if rate is None or sent is None:
            return None
        while sent and sent[0] <= now - rate.per:
            sent.popleft()
        return sent[0] + rate.per if len(sent) >= rate.most else None

    def _count(self, receiver: str, now: datetime) -> None:
        if self._settings.rate is not None:
            self._sent.setdefault(receiver, deque(maxlen=self._settings.rate.most)).append(now)


def _next(now: datetime, every: timedelta) -> datetime:
    """The next whole multiple of ``every``."""
    return _EPOCH + ((now - _EPOCH) // every + 1) * every
