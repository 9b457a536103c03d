"""Swaps on duty by command: passed on once, and followed by what is paged after them, whoever owns the partition."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from typing import Any

from alerts.agents import DecideMessages, NotifyStage
from alerts.duty.rota import on_duty
from alerts.duty.settings import DutySettings
from alerts.duty.swaps import MOST, KnownSwap, SwapFollower, Swaps, swap_of, with_swaps
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Sent
from alerts.notify.render import Message
from alerts.settings import DecidePolicy, ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Checkpoint, In
from contracts.records import Command, CommandKind, Detail, IncidentEvent, IncidentEventKind, SignalKind, Tier
from contracts.records.incident import rfc3339
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.alerts.given import NOON, mark

DUTY = DutySettings.model_validate(
    {
        "people": [{"name": name, "channels": [name]} for name in ("lin", "wang", "zhao")],
        "rotas": [
            {
                "name": "duty",
                "order": ["lin"],
                "swaps": [{"out": "lin", "into": "zhao", "start": NOON, "end": NOON + timedelta(days=9)}],
            },
            {"name": "desk", "order": ["lin"]},
        ],
        "escalation": {"red": {"steps": [{"after": "0s", "to": ["duty"]}]}},
    }
)


def swap(name: str = "s1", into: str = "wang", hours: float = 8, rota: object = "duty", **args: Any) -> Command:
    given = {
        "rota": rota,
        "out": "lin",
        "into": into,
        "start": rfc3339(NOON),
        "end": rfc3339(NOON + timedelta(hours=hours)),
    }
    return Command(
        id=name,
        kind=CommandKind.SWAP,
        brand="*",
        author="chief",
        issued_at=NOON,
        reason="dentist",
        args={**given, **args},
    )


def red(seconds: float, number: int = 0) -> IncidentEvent:
    return IncidentEvent(
        incident="0123456789abcdef",
        seq=number,
        event=IncidentEventKind.OPENED,
        at=NOON + timedelta(seconds=seconds),
        tier=Tier.RED,
        kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": "Delta"},
        reason="threshold",
        observed=1,
        expected=0,
        score=1,
        detail=Detail(step=0),
    )


class Box:
    def __init__(self, name: str) -> None:
        self.name = name
        self.got: list[Message] = []

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        self.got.append(message)
        return Sent()


def notifier() -> tuple[Notifier, dict[str, Box]]:
    boxes = {name: Box(name) for name in ("terminal", "lin", "wang", "zhao")}
    return Notifier(list(boxes.values()), ReceiverSettings(), ManualClock(NOON), duty=DUTY), boxes


def test_what_cannot_be_followed_is_no_swap() -> None:
    good = swap_of(swap())
    assert good is not None
    assert (good.id, good.rota, good.author, good.swap.into, good.swap.comment) == (
        "s1",
        "duty",
        "chief",
        "wang",
        "dentist",
    )
    wrong = [
        swap(hours=0),
        swap(hours=-1),
        swap(hours=61 * 24),
        swap(rota=None),
        swap().model_copy(update={"args": {}}),
        swap(rota=7),
        swap(start="soon"),
        swap(start="2026-03-02T12:00:00"),
        swap(more=1),
        swap().model_copy(update={"kind": CommandKind.ACK}),
    ]
    assert [swap_of(one) for one in wrong] == [None] * len(wrong)
    assert swap_of(swap(hours=60 * 24)) is not None


def test_a_commanded_swap_goes_before_the_settings_and_a_later_one_before_an_earlier() -> None:
    def who(when: datetime, rota: int, *commands: Command) -> str | None:
        swaps = Swaps()
        assert [swaps.heed(one) for one in commands] == [True] * len(commands)
        return on_duty(with_swaps(DUTY, swaps.known).rotas[rota], when)

    later = NOON + timedelta(hours=7)
    assert who(later, 0) == "zhao"
    assert who(later, 0, swap()) == "wang"
    assert who(later, 0, swap(), swap("s2", "lin")) == "lin"
    assert who(NOON + timedelta(hours=8), 0, swap()) == "zhao"
    assert who(later, 1, swap()) == "lin"
    assert who(later, 0, swap("s3", "nobody")) == "zhao"
    assert who(later, 0, swap("s4", rota="no such rota")) == "zhao"


def test_a_swap_is_heard_once_and_forgotten_when_it_is_over() -> None:
    swaps = Swaps()
    assert [swaps.heed(swap()), swaps.heed(swap())] == [True, False]
    swaps.forget(NOON + timedelta(hours=8) - timedelta(microseconds=1))
    assert list(swaps.known) == ["s1"]
    swaps.forget(NOON + timedelta(hours=8))
    assert swaps.known == {}
    for number in range(MOST + 3):
        swaps.heed(swap(f"n{number}"))
    assert len(swaps.known) == MOST
    assert next(iter(swaps.known)) == "n3"
    assert isinstance(next(iter(swaps.known.values())), KnownSwap)


def test_deciding_passes_each_swap_on_once_and_remembers_it_over_a_snapshot() -> None:
    worker = DecideMessages(0, DecidePolicy(), (SwapFollower(),))
    outs = worker.take(encode_mixed([swap()]))
    assert [(one.topic, one.key, decode_mixed(one.value)) for one in outs] == [(Topic.INCIDENTS, "*", [swap()])]
    assert worker.adopt(DecideMessages(0, DecidePolicy(), (SwapFollower(),)))
    again = pickle.loads(pickle.dumps(worker))  # noqa: S301 - our own bytes
    assert again.take(encode_mixed([swap()])) == []
    follower = again.followers[0]
    assert isinstance(follower, SwapFollower)
    assert list(follower.swaps.known) == ["s1"]
    again.take(encode_mixed([mark(9 * 3600)]))
    assert follower.swaps.known == {}
    assert again.take(encode_mixed([swap("s2", hours=0)])) == []


async def test_who_stands_in_is_paged_from_the_swap_on() -> None:
    one, boxes = notifier()
    log = MemoryLog()
    partition = await NotifyStage(one, log, log).open(0, None)
    await partition.handle([In(0, encode_mixed([red(60)])), In(1, encode_mixed([swap()]))])
    await partition.handle([In(2, encode_mixed([red(120, 1)]))])
    assert [len(boxes[name].got) for name in ("lin", "wang", "zhao")] == [0, 1, 1]


async def test_a_new_owner_of_the_partition_knows_the_swap() -> None:
    from contracts.ports import Out

    one, boxes = notifier()
    log = MemoryLog()
    sent = [encode_mixed([swap()]), encode_mixed([red(60)]), encode_mixed([red(120, 1)])]
    await log.send([Out(Topic.INCIDENTS, "decide", payload, 0) for payload in sent])
    partition = await NotifyStage(one, log, log).open(0, Checkpoint(2))
    await partition.handle(log.messages(Topic.INCIDENTS, 0, 2))
    assert [len(boxes[name].got) for name in ("lin", "wang", "zhao")] == [0, 1, 0]
