"""Swaps on duty by command: passed on once, and followed by what is paged after them, whoever owns the partition."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from typing import Any

from alerts.agents import DecideMessages, NotifyStage
from alerts.duty.rota import on_duty
from alerts.duty.settings import DutySettings, Swap
from alerts.duty.swaps import MOST, KnownSwap, SwapFollower, Swaps, made_before, refusal, swap_of, with_swaps
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


def swap(
    name: str = "s1", into: str = "wang", hours: float = 8, rota: object = "duty", out: str = "zhao", **args: Any
) -> Command:
    given = {
        "rota": rota,
        "out": out,
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
        swap(into="zhao"),
        swap(start="soon"),
        swap(start="2026-03-02T12:00:00"),
        swap(more=1),
        swap().model_copy(update={"kind": CommandKind.ACK}),
    ]
    assert [swap_of(one) for one in wrong] == [None] * len(wrong)
    assert swap_of(swap(hours=60 * 24)) is not None


def who(when: datetime, rota: int, *commands: Command) -> str | None:
    swaps = Swaps()
    assert [swaps.heed(one) for one in commands] == [True] * len(commands)
    return on_duty(with_swaps(DUTY, swaps.known).rotas[rota], when)


LATER = NOON + timedelta(hours=7)


def test_commanded_swaps_follow_those_of_the_settings_and_a_later_one_the_earlier_ones() -> None:
    assert who(LATER, 0) == "zhao"
    assert who(LATER, 0, swap()) == "wang"
    assert who(NOON + timedelta(hours=8), 0, swap()) == "zhao"
    assert who(LATER, 0, swap(), swap("s2", "lin", out="wang")) == "lin", "a stand-in can be replaced"
    assert who(LATER, 0, swap(), swap("s2", "lin", hours=7.5)) == "wang", "zhao is not on duty any more"
    assert who(LATER, 1, swap()) == "lin"
    assert who(LATER, 0, swap("s3", "nobody")) == "zhao"
    assert who(LATER, 0, swap("s4", rota="no such rota")) == "zhao"


def test_the_other_way_round_for_the_same_time_takes_a_swap_back() -> None:
    back = swap("s2", "zhao", out="wang")
    assert who(LATER, 0, swap(), back) == "zhao"
    assert who(LATER, 0, swap(), back, swap("s3")) == "wang", "and it can be made again"
    part = swap("s2", "zhao", out="wang", hours=7.5)
    assert [who(LATER + timedelta(minutes=minutes), 0, swap(), part) for minutes in (0, 30)] == ["zhao", "wang"]


def test_what_is_taken_back_gives_the_stand_in_his_own_turn_again() -> None:
    two = DutySettings.model_validate(
        {
            "people": [{"name": name, "channels": [name]} for name in ("lin", "wang", "zhao")],
            "rotas": [{"name": "duty", "order": ["lin", "wang"], "begin": NOON.date(), "every": 1}],
        }
    )
    swaps = Swaps()
    tomorrow = NOON + timedelta(days=1)
    for one in (swap("a", out="lin", hours=48), swap("b", "lin", out="wang", hours=48)):
        swaps.heed(one)
    assert [on_duty(with_swaps(two, swaps.known).rotas[0], at) for at in (NOON, tomorrow)] == ["lin", "wang"]


def asked(command: Command, *before: Command, now: datetime = NOON) -> tuple[str, str, str] | None:
    swaps = Swaps()
    for one in before:
        swaps.heed(one)
    wanted, rota = command.args, str(command.args["rota"])
    times = [datetime.fromisoformat(str(wanted[name])) for name in ("start", "end")]
    out, into = str(wanted["out"]), str(wanted["into"])
    one_swap = Swap.model_construct(out=out, into=into, start=times[0], end=times[1])
    return refusal(with_swaps(DUTY, swaps.known), rota, one_swap, now)


def test_a_swap_that_would_change_nothing_is_refused_with_who_is_on_duty() -> None:
    assert asked(swap()) is None
    assert asked(swap("b", "zhao", out="wang"), swap()) is None
    assert asked(swap(into="zhao")) == ("into", "zhao cannot stand in for zhao", "name two people")
    off = "lin has no duty on duty in that time"
    assert asked(swap(out="lin")) == ("out", off, "on duty then: zhao")
    assert asked(swap("b"), swap()) == ("out", "zhao has no duty on duty in that time", "on duty then: wang")
    part = swap("b", "lin", hours=7.5)
    assert asked(part, swap()) is not None
    assert asked(swap("b", "lin", hours=9), swap()) is None, "the last hour is still his"
    gone = asked(swap("b", "lin", hours=9), swap(), now=NOON + timedelta(hours=8.5))
    assert gone is None
    assert asked(swap("b", "lin", out="wang", hours=9), swap(), now=NOON + timedelta(hours=8.5)) is not None


def refused(
    rota: str = "desk", out: str = "lin", into: str = "wang", hours: float = 8, now: float = 0.0
) -> tuple[str, str, str] | None:
    one = Swap(out=out, into=into, start=NOON, end=NOON + timedelta(hours=hours))
    return refusal(DUTY, rota, one, NOON + timedelta(hours=now))


def test_a_refusal_says_which_field_what_is_wrong_and_what_would_do() -> None:
    assert refused("dusk") == ("rota", "no rota is called dusk", "one of: duty, desk")
    assert refused(out="lee") == ("out", "nobody in duty.yaml is called lee", "one of: lin, wang, zhao")
    assert refused(into="lee") == ("into", "nobody in duty.yaml is called lee", "one of: lin, wang, zhao")
    assert refused(out="wang", into="zhao") == ("out", "wang has no duty on desk in that time", "on duty then: lin")
    nobody = DUTY.model_copy(update={"rotas": ()})
    one = Swap(out="lin", into="wang", start=NOON, end=NOON + timedelta(hours=1))
    assert refusal(nobody, "desk", one, NOON) == (
        "rota",
        "no rota is called desk",
        "one of: none",
    )


def test_a_swap_lasts_some_time_at_most_sixty_days_and_is_not_over() -> None:
    lasts = ("end", "a swap ends after it starts and lasts at most 60 days", "mend it")
    over = ("end", "it would be over already", "later")
    assert refused(hours=24 * 60) is None
    assert refused(hours=24 * 60 + 1) == lasts
    backwards = Swap.model_construct(out="lin", into="wang", start=NOON, end=NOON)
    assert refusal(DUTY, "desk", backwards, NOON - timedelta(hours=1)) == lasts
    assert [refused(now=7.9), refused(now=8), refused(now=9)] == [None, over, over]
    assert swap_of(swap(hours=0)) is None


def test_what_was_made_before_a_swap_is_known_by_its_command() -> None:
    swaps = Swaps()
    for name in ("a", "b", "c"):
        swaps.heed(swap(name))
    assert [list(made_before(swaps.known, name)) for name in ("a", "c", "other", None)] == [
        [],
        ["a", "b"],
        ["a", "b", "c"],
        ["a", "b", "c"],
    ]


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
