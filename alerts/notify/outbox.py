"""What waits before it is told: quiet hours, digests, a receiver that has had its share or is down. Pure.

Nothing is dropped: what waits is told in one message when its time comes. Red waits for nothing but a receiver that is
down. The outbox lives in memory; whoever holds it commits no offset beyond the oldest event in it, so that a restart
reads them again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TypeVar

from alerts.notify.late import STANDS, ends_paging
from alerts.settings import ReceiverSettings
from contracts.records import IncidentEvent, Tier

K = TypeVar("K")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAGES = "/"
"""In place of a receiver: pages that reached nobody."""
KEPT = timedelta(days=7)
"""So long a change waits for a receiver that is down; a log is often kept no longer."""


@dataclass(slots=True)
class Waiting:
    """One event that waits for one receiver."""

    event: IncidentEvent
    due: datetime
    since: datetime
    """When it was first to be told."""
    late: bool = False
    """It waits because the receiver is down: of such events only what is still true is told."""
    noted: bool = False
    """The notification log has it that the receiver gave up on it."""


class Outbox:
    """Decides for each receiver whether an event goes out now or waits, and until when.

    >>> box = Outbox(ReceiverSettings())
    >>> box.due(datetime(2026, 1, 1, tzinfo=UTC)), box.empty
    ([], True)
    """

    def __init__(self, settings: ReceiverSettings) -> None:
        self._settings = settings
        self._waiting: dict[str, list[Waiting]] = {}
        self._held: Counter[tuple[str, int]] = Counter()
        """For how many receivers each event waits: thousands may wait through a night, and each is asked for often."""
        self._incidents: Counter[str] = Counter()
        """For how many receivers events of each incident wait."""
        self._stands: dict[str, IncidentEvent] = {}
        self._sent: dict[str, deque[datetime]] = {}
        self._down: dict[str, datetime] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def holds(self, incident: str, seq: int) -> bool:
        """Whether an event still waits for some receiver."""
        return self._held[incident, seq] > 0

    def see(self, event: IncidentEvent) -> None:
        """Every event, after it was told or held: what waits of its incident may be overtaken by it."""
        if self._incidents[event.incident] == 0:
            return
        if event.event in STANDS:
            self._stands[event.incident] = event
        if ends_paging(event):
            over = [one for one in self._waiting.get(PAGES, ()) if _before(one.event, event)]
            if over:
                self._release(PAGES, over)

    def waits(self, receiver: str, event: IncidentEvent) -> bool:
        """Whether this event waits for this receiver."""
        key = (event.incident, event.seq)
        return any((one.event.incident, one.event.seq) == key for one in self._waiting.get(receiver, ()))

    def stands(self, incident: str) -> IncidentEvent | None:
        """The last event that says how an incident stands, of which something waits."""
        return self._stands.get(incident)

    def rest(self, receiver: str, until: datetime) -> None:
        """This receiver is down: what comes for it waits until then, so that it delays nobody else; what it missed is
        tried again then, all at once."""
        self._down[receiver] = until
        self._put_off(receiver, until)

    def awake(self, receiver: str, now: datetime) -> None:
        """This receiver answers again: what it missed is due."""
        if self._down.pop(receiver, None) is not None:
            self._put_off(receiver, now)

    def take(self, receiver: str, event: IncidentEvent, now: datetime) -> bool:
        """Whether the event must go to this receiver now; otherwise it waits here."""
        down = self._down.get(receiver, now) > now
        due = now if event.tier is Tier.RED else self._due_at(receiver, event, now)
        if due <= now:
            self._count(receiver, now)
            return True
        self._hold(receiver, [Waiting(event, due, now, down)])
        return False

    def missed(self, receiver: str, waiting: Sequence[Waiting], now: datetime) -> None:
        """The receiver gave up, or had given up before a restart: these wait until it is tried again."""
        for one in waiting:
            one.late = True
        self._hold(receiver, waiting)
        self.rest(receiver, now + self._settings.give_up)

    def due(self, now: datetime) -> list[tuple[str, list[Waiting]]]:
        """What is to be told now, by receiver; it waits here no longer."""
        self._stands = {name: one for name, one in self._stands.items() if self._incidents[name] > 0}
        groups = []
        for name in sorted(self._waiting):
            ready = [one for one in self._waiting[name] if self._ready(name, one, now)]
            if ready:
                groups.append((name, ready))
                self._release(name, ready)
                self._count(name, now)
        return groups

    def _put_off(self, receiver: str, until: datetime) -> None:
        for one in self._waiting.get(receiver, ()):
            if one.late:
                one.due = self._not_quiet(receiver, one.event, until)

    def _ready(self, receiver: str, one: Waiting, now: datetime) -> bool:
        if one.due <= now:
            one.due = self._not_quiet(receiver, one.event, now)
        return one.due <= now

    def _hold(self, receiver: str, waiting: Iterable[Waiting]) -> None:
        for one in waiting:
            self._waiting.setdefault(receiver, []).append(one)
            self._held[one.event.incident, one.event.seq] += 1
            self._incidents[one.event.incident] += 1

    def _release(self, receiver: str, ready: Sequence[Waiting]) -> None:
        gone = {id(one) for one in ready}
        left = [one for one in self._waiting.pop(receiver) if id(one) not in gone]
        if left:
            self._waiting[receiver] = left
        for one in ready:
            _one_less(self._held, (one.event.incident, one.event.seq))
            _one_less(self._incidents, one.event.incident)

    def _due_at(self, receiver: str, event: IncidentEvent, now: datetime) -> datetime:
        """When it may go out: now, or after digest, share and outage, and never within quiet hours."""
        ends = [
            _next(now, one.every) for one in self._settings.digest if receiver in one.to and event.tier in one.tiers
        ]
        ends += [self._over(receiver, now), self._down.get(receiver, now)]
        return self._not_quiet(receiver, event, max(now, *ends))

    def _not_quiet(self, receiver: str, event: IncidentEvent, at: datetime) -> datetime:
        """This time, or the end of the quiet hours in which it lies; red knows no quiet hours."""
        quiet = [] if event.tier is Tier.RED else [one.hours for one in self._settings.quiet if receiver in one.to]
        for _ in quiet:
            ends = [one.ends(at) for one in quiet if at.year < MAXYEAR and one.covers(at)]
            at = max([at, *ends])
        return at

    def _over(self, receiver: str, now: datetime) -> datetime:
        """When the receiver may get the next message: now, or later if it has had its share."""
        rate = self._settings.rate
        sent = self._sent.get(receiver)
        if rate is None or sent is None:
            return now
        while sent and sent[0] <= now - rate.per:
            sent.popleft()
        return sent[0] + rate.per if len(sent) >= rate.most else now

    def _count(self, receiver: str, now: datetime) -> None:
        if self._settings.rate is not None:
            self._sent.setdefault(receiver, deque(maxlen=self._settings.rate.most)).append(now)


def _next(now: datetime, every: timedelta) -> datetime:
    """The next whole multiple of ``every``."""
    return _EPOCH + ((now - _EPOCH) // every + 1) * every


def _before(one: IncidentEvent, event: IncidentEvent) -> bool:
    return one.incident == event.incident and one.seq < event.seq


def _one_less(counter: Counter[K], key: K) -> None:
    """Count down, and forget what is at nought."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
