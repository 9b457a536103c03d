"""A receiver that is away again and again, and a worker that is killed at random: what it heard last of each incident
is how the incident stands, nothing comes twice, and nothing that is over is told as if it were new."""

from __future__ import annotations

import random

import pytest

from alerts.agents import NotifyStage
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Retry, Sent
from alerts.notify.render import Message
from alerts.notify.retry import Backoff, Patience
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import encode_mixed
from contracts.ports import Checkpoint, In
from contracts.records import IncidentEvent, IncidentEventKind, Tier
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.alerts.given import NOON
from tests.unit.alerts.test_paging import event

Kind = IncidentEventKind
INCIDENTS = 6
STEP = 20
"""Seconds between two events."""
ONCE = Patience(backoff=Backoff(first=3600, cap=3600))


class Ear:
    """Hears, unless it is away; what it heard is each change, the newest last."""

    name = "terminal"

    def __init__(self) -> None:
        self.away = False
        self.heard: list[IncidentEvent] = []

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """Take it, unless it is away."""
        if self.away:
            return Retry("no answer")
        self.heard += message.changes
        return Sent()


def courses(chance: random.Random, many: int) -> list[IncidentEvent]:
    """Events of several incidents that open, climb, fall, end and come back."""
    stands: dict[int, tuple[int, Tier | None]] = {one: (0, None) for one in range(INCIDENTS)}
    made = []
    for _ in range(many):
        one = chance.randrange(INCIDENTS)
        seq, tier = stands[one]
        if tier is None:
            kind, now = (Kind.REOPENED if seq else Kind.OPENED), chance.choice(list(Tier))
        elif chance.random() < 0.25:
            kind, now = Kind.RESOLVED, tier
        else:
            now = chance.choice([one for one in Tier if one is not tier])
            kind = Kind.PROMOTED if now.rank > tier.rank else Kind.DEMOTED
        made.append(event(seq, now, incident=f"{one:016x}", event=kind))
        stands[one] = (seq + 1, None if kind is Kind.RESOLVED else now)
    return made


@pytest.mark.parametrize("seed", range(12))
async def test_what_was_heard_last_is_how_it_stands(seed: int) -> None:
    chance, ear, log, clock = random.Random(seed), Ear(), MemoryLog(), ManualClock(NOON)
    events = courses(chance, 120)
    sent = [In(place, encode_mixed([one])) for place, one in enumerate(events)]
    committed: Checkpoint | None = None
    part = await NotifyStage(Notifier([ear], ReceiverSettings(), clock, ONCE), log, log).open(0, None)
    latest: dict[str, IncidentEvent] = {}
    for place, (one, message) in enumerate(zip(events, sent, strict=True)):
        clock.advance(STEP)
        if chance.random() < 0.1:
            ear.away = not ear.away
        before = len(ear.heard)
        if chance.random() < 0.05:
            stage = NotifyStage(Notifier([ear], ReceiverSettings(), clock, ONCE), log, log)
            part = await stage.open(0, committed)
            await part.handle(sent[0 if committed is None else committed.offset : place])
            again = [one for one in ear.heard[before:] if one != latest[one.incident]]
            assert not again, "nor is it when the log is read again"
        await part.handle([message])
        latest[one.incident] = one
        committed = await part.checkpoint(0) or committed
        assert all(told == latest[told.incident] for told in ear.heard[before:]), "only what is true is told"
    ear.away = False
    for _ in range(3):
        clock.advance(60)
        committed = await part.checkpoint(0) or committed
    assert committed == Checkpoint(len(events)), "nothing waits any more"
    keys = [(one.incident, one.seq) for one in ear.heard]
    assert len(set(keys)) == len(keys), "nothing came twice"
    last = {one.incident: one for one in ear.heard}
    for incident, stands in latest.items():
        if stands.event is not Kind.RESOLVED:
            assert last[incident] == stands
        elif incident in last:
            assert last[incident].event is Kind.RESOLVED
