"""The notifier killed at random: each change is told at least once, and again only if the kill fell between the
receiver's answer and its record."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from alerts.agents import NotifyStage
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Sent
from alerts.notify.render import Message
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import encode_mixed
from contracts.ports import Checkpoint, In, Out
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.alerts.given import NOON
from tests.unit.alerts.test_paging import event

KILLS = 50
MESSAGES = 400


class Killed(BaseException):
    """The process is gone."""


class Deadly:
    """Kills at chosen moments: before a receiver has answered, or after it and before the record."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.armed = True

    def pass_by(self, where: str) -> None:
        """Perhaps die here."""
        if self.armed and self.kills.total() < KILLS and self._random.random() < 0.1:
            self.kills[where] += 1
            raise Killed(where)


class Box:
    """A receiver that counts what it was told."""

    name = "terminal"

    def __init__(self, deadly: Deadly) -> None:
        self._deadly = deadly
        self.got: Counter[int] = Counter()

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """Take it, unless the process dies first."""
        self._deadly.pass_by("before the answer")
        self.got[message.event.seq] += 1
        return Sent()


class Log(MemoryLog):
    """A log at whose door the process may die."""

    def __init__(self, deadly: Deadly) -> None:
        super().__init__()
        self._deadly = deadly

    async def send(self, outs: Sequence[Out]) -> None:
        """Write down who was told, unless the process dies before."""
        self._deadly.pass_by("between answer and record")
        await super().send(outs)


@pytest.mark.parametrize("seed", range(3))
async def test_told_at_least_once_and_repeated_only_in_the_one_gap(seed: int) -> None:
    deadly = Deadly(seed)
    box, log = Box(deadly), Log(deadly)
    sent = [In(n, encode_mixed([event(n)])) for n in range(MESSAGES)]
    committed: Checkpoint | None = None
    while True:
        notifier = Notifier([box], ReceiverSettings(), ManualClock(NOON))
        part = await NotifyStage(notifier, log, log).open(0, committed)
        start = 0 if committed is None else committed.offset
        try:
            for place in range(start, MESSAGES, 7):
                await part.handle(sent[place : place + 7])
                committed = await part.checkpoint(0) or committed
            break
        except Killed:
            continue
    assert deadly.kills.total() == KILLS
    assert set(box.got) == set(range(MESSAGES)), "each is told at least once"
    repeats = sum(times - 1 for times in box.got.values())
    assert repeats == deadly.kills["between answer and record"]
    assert len(log.messages(Topic.NOTIFIED, 0)) == MESSAGES
