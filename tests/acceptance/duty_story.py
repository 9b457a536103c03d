"""A duty night told as a story: real rules, a rota, people with channels that can be down, and what each heard.

It adds to :class:`tests.acceptance.story.Story` people who are paged. Deciding and telling are the real parts; the
notify stage is the real stage over a log in memory, so quiet hours, digests and restarts are what they will be.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from alerts.agents import NotifyStage
from alerts.decide import DecideCore
from alerts.duty.settings import DutySettings
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message
from alerts.notify.retry import Backoff, Patience
from alerts.settings import DecidePolicy, ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import decode, encode_mixed
from contracts.ports import Checkpoint, In
from contracts.records import Command, CommandKind, IncidentEvent, Mark, Signal, Told
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from tests.acceptance.story import seconds
from tests.unit.alerts.given import NOON, PANE, command, mark, shipped, signal

PEOPLE = DutySettings.model_validate(
    {
        "zone": "UTC",
        "people": [
            {"name": "lin", "channels": ["lin-phone", "chat"]},
            {"name": "wang", "channels": ["wang-phone"]},
            {"name": "chief", "channels": ["chief-phone"]},
        ],
        "rotas": [{"name": "duty", "order": ["lin", "wang"], "begin": "2026-03-02", "handover": ["09:00"], "every": 1}],
        "escalation": {
            "red": {
                "steps": [
                    {"after": "0s", "to": ["duty"]},
                    {"after": "5m", "to": ["wang"]},
                    {"after": "10m", "to": ["chief"]},
                ],
                "remind": "15m",
                "remind_most": 2,
            }
        },
    }
)


@dataclass
class Phone:
    """A receiver that writes down what it hears and when, and may be down for a while."""

    clock: ManualClock
    name: str
    down: list[tuple[int, int]] = field(default_factory=list)
    """It refuses."""
    away: list[tuple[int, int]] = field(default_factory=list)
    """It does not answer."""
    heard: list[tuple[int, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """Take it, unless it is down."""
        now = int((self.clock.now() - NOON).total_seconds())
        if any(begin <= now < end for begin, end in self.down):
            return Rejected("it is down")
        if any(begin <= now < end for begin, end in self.away):
            return Retry("no answer")
        self.titles.append(message.title)
        self.texts.append(message.text)
        self.heard.append((now, message.event.event.value, message.event.tier.value))
        return Sent()


def phones_of(duty: DutySettings, clock: ManualClock) -> dict[str, Phone]:
    """The desk, and every channel of the people on duty."""
    names = ["desk", *dict.fromkeys(name for one in duty.people for name in one.channels)]
    return {name: Phone(clock, name) for name in names}


def notifier_of(phones: dict[str, Phone], duty: DutySettings, clock: ManualClock, **receivers: Any) -> Notifier:
    """Tells the desk of everything, unless ``receivers`` say otherwise, and pages by the rota; who does not answer is
    given up after one attempt."""
    given = {
        "receivers": [{"name": name, "type": "terminal", "wakes": name != "desk"} for name in phones],
        "routes": [{"to": ["desk"]}],
        **receivers,
    }
    once = Patience(backoff=Backoff(first=3600, cap=3600))
    return Notifier(list(phones.values()), ReceiverSettings.model_validate(given), clock, once, duty=duty)


class Night:
    """Collects what happens, then plays it pane by pane; ``shift`` moves the whole story on the wall clock."""

    def __init__(
        self,
        duty: DutySettings = PEOPLE,
        policy: DecidePolicy | None = None,
        shift: timedelta = timedelta(0),
        **receivers: Any,
    ) -> None:
        self.policy = (policy or shipped()).model_copy(update={"escalation": duty.escalation})
        self.core = DecideCore(self.policy)
        self.clock = ManualClock(NOON + shift)
        self.start = NOON + shift
        self.phones = phones_of(duty, self.clock)
        self.notifier = notifier_of(self.phones, duty, self.clock, **receivers)
        self.log = MemoryLog()
        self.events: list[IncidentEvent] = []
        self.sent: list[bytes] = []
        self._given: dict[int, list[tuple[str, Any]]] = {}
        self._down: list[tuple[int, int]] = []
        self._kills: set[int] = set()
        self._committed: Checkpoint | None = None

    def push(self, at: str, score: float, brand: str = "Delta", **fields: Any) -> Night:
        """At this time a detector notices something."""
        self._given.setdefault(seconds(at), []).append(("signal", (score, brand, fields)))
        return self

    def says(self, at: str, kind: CommandKind, **args: Any) -> Night:
        """Somebody commands something; ``incident`` may be ``open``, the one that is open then."""
        self._given.setdefault(seconds(at), []).append(("command", (kind, args)))
        return self

    def down(self, begin: str, end: str) -> Night:
        """The source is dead."""
        self._down.append((seconds(begin), seconds(end)))
        return self

    def broken(self, phone: str, begin: str, end: str) -> Night:
        """A receiver is down."""
        self.phones[phone].down.append((seconds(begin), seconds(end)))
        return self

    def away(self, phone: str, begin: str, end: str) -> Night:
        """A receiver does not answer."""
        self.phones[phone].away.append((seconds(begin), seconds(end)))
        return self

    def killed(self, *when: str) -> Night:
        """The worker is killed at these times and goes on from its last snapshot and commit."""
        self._kills |= {seconds(one) for one in when}
        return self

    async def play(self, until: str) -> Night:
        """Play it."""
        part = await NotifyStage(self.notifier, self.log, self.log).open(0, None)
        for second in range(PANE, seconds(until) + 1, PANE):
            self.clock.advance(PANE)
            if second in self._kills:
                self.core = pickle.loads(pickle.dumps(self.core))  # noqa: S301 - our own bytes
                part = await NotifyStage(self.notifier, self.log, self.log).open(0, self._committed)
                start = 0 if self._committed is None else self._committed.offset
                await part.handle([In(start + n, value) for n, value in enumerate(self.sent[start:])])
            events = [event for record in self._records(second) for event in self.core.feed(record)]
            if events:
                self.events += events
                self.sent.append(encode_mixed(events))
                await part.handle([In(len(self.sent) - 1, self.sent[-1])])
            self._committed = await part.checkpoint(0) or self._committed
        return self

    def heard(self, phone: str) -> list[str]:
        """What somebody heard: ``12:05 promoted red``, minutes and seconds after the start."""
        shift = int((self.start - NOON).total_seconds())
        told = ((at - shift, what, tier) for at, what, tier in self.phones[phone].heard)
        return [f"{at // 60}:{at % 60:02} {what} {tier}" for at, what, tier in told]

    def outcomes(self, phone: str) -> list[str]:
        """What the notification log has of a receiver."""
        told = [decode(Told, one.value) for one in self.log.messages(Topic.NOTIFIED, 0)]
        return [one.outcome for one in told if one.receiver.split("/")[-1] == phone]

    def _records(self, second: int) -> list[Signal | Mark | Command]:
        made: list[Signal | Mark | Command] = []
        stale = ("weibo",) if any(begin <= second < end for begin, end in self._down) else ()
        later = int((self.start - NOON).total_seconds()) + second
        given = self._given.get(second, [])
        brands = {
            "Delta",
            *(one[1][1] for all_given in self._given.values() for one in all_given if one[0] == "signal"),
        }
        index = 0
        for what, (score, brand, fields) in [one for one in given if one[0] == "signal"]:
            assert what == "signal"
            made.append(signal(later, score, index, brand, **fields))
            index += 1
        made += [mark(later, *stale, brand=brand) for brand in sorted(brands)]
        for number, (_, (kind, args)) in enumerate(one for one in given if one[0] == "command"):
            made.append(self._command(kind, f"{second}-{number}", args))
        return made

    def _command(self, kind: CommandKind, name: str, args: dict[str, Any]) -> Command:
        given = dict(args)
        if given.get("incident") == "open":
            (one,) = self.core.open_incidents()
            given["incident"] = one.incident
        if isinstance(given.get("lasts"), int):
            given["until"] = (self.clock.now() + timedelta(seconds=given.pop("lasts"))).isoformat()
        return command(kind, name, **given)
