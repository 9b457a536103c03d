"""Paging: channel after channel, person after person; what waits; who stands in; a restart forgets nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from alerts.agents import NotifyStage
from alerts.duty.settings import DutySettings
from alerts.notify.deadline import Deadline
from alerts.notify.links import Claim, Links
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Rejected, Sent
from alerts.notify.render import Message
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import encode_mixed
from contracts.ports import Checkpoint, In
from contracts.records import Detail, IncidentEvent, IncidentEventKind, SignalKind, Tier
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.alerts.given import NOON

DUTY = DutySettings.model_validate(
    {
        "people": [
            {"name": "lin", "channels": ["phone", "chat"]},
            {"name": "wang", "channels": ["chat"]},
            {"name": "chief", "channels": ["mail"]},
        ],
        "escalation": {
            "red": {
                "steps": [
                    {"after": "0s", "to": ["lin"]},
                    {"after": "5m", "to": ["wang", "lin"]},
                    {"after": "9m", "to": ["chief"]},
                ]
            }
        },
    }
)


class Box:
    """A receiver that writes down what it gets, and can be down."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.got: list[Message] = []
        self.down = False

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        if self.down:
            return Rejected("it is down")
        self.got.append(message)
        return Sent()


class Post:
    """Receivers, a clock and a notifier."""

    def __init__(self, duty: DutySettings | None = None, links: Links | None = None, **settings: Any) -> None:
        self.clock = ManualClock(NOON)
        self.boxes = {name: Box(name) for name in ("desk", "phone", "chat", "mail")}
        given = {
            "receivers": [{"name": name, "type": "terminal"} for name in self.boxes],
            "routes": [{"to": ["desk"]}],
            **settings,
        }
        self.settings = ReceiverSettings.model_validate(given)
        self.notifier = Notifier(list(self.boxes.values()), self.settings, self.clock, duty=duty, links=links)

    def counts(self) -> dict[str, int]:
        return {name: len(box.got) for name, box in self.boxes.items() if box.got}


def event(seq: int = 0, tier: Tier = Tier.RED, step: int | None = None, **fields: Any) -> IncidentEvent:
    given: dict[str, Any] = {
        "incident": "0123456789abcdef",
        "seq": seq,
        "event": IncidentEventKind.ESCALATED if step else IncidentEventKind.OPENED,
        "at": NOON,
        "tier": tier,
        "kind": SignalKind.VOLUME_SPIKE,
        "scope": {"brand": "Delta"},
        "reason": "threshold",
        "observed": 80.0,
        "expected": 10.0,
        "score": 4.0,
        "detail": Detail(step=step),
        **fields,
    }
    return IncidentEvent(**given)


async def test_the_first_step_pages_beside_the_routes() -> None:
    post = Post(DUTY)
    told = await post.notifier.tell(event(step=0))
    assert sorted((one.receiver, one.outcome) for one in told) == [("desk", "sent"), ("lin/phone", "sent")]
    assert post.counts() == {"desk": 1, "phone": 1}


async def test_a_later_step_is_for_those_it_pages_alone() -> None:
    post = Post(DUTY)
    told = await post.notifier.tell(event(step=1))
    assert [one.receiver for one in told] == ["wang/chat", "lin/phone"]


async def test_when_a_channel_is_down_the_next_is_tried() -> None:
    post = Post(DUTY)
    post.boxes["phone"].down = True
    told = await post.notifier.tell(event(step=0))
    assert [(one.receiver, one.outcome) for one in told if "/" in one.receiver] == [
        ("lin/phone", "rejected"),
        ("lin/chat", "sent"),
    ]


async def test_when_every_channel_is_down_the_next_person_is_tried_at_once() -> None:
    post = Post(DUTY)
    post.boxes["phone"].down = post.boxes["chat"].down = True
    told = await post.notifier.tell(event(step=0))
    tried = [(one.receiver, one.outcome) for one in told if "/" in one.receiver]
    assert tried[-1] == ("chief/mail", "sent")
    assert [name for name, _ in tried] == ["lin/phone", "lin/chat", "wang/chat", "chief/mail"]


async def test_people_of_one_step_are_paged_side_by_side() -> None:
    post = Post(DUTY)
    order: list[str] = []
    hung = asyncio.Event()

    class Hangs(Box):
        async def send(self, message: Message, deadline: Deadline) -> Answer:
            order.append(f"{self.name} asked")
            await hung.wait()
            order.append(f"{self.name} answers")
            return await super().send(message, deadline)

    class Quick(Box):
        async def send(self, message: Message, deadline: Deadline) -> Answer:
            order.append(f"{self.name} has it")
            hung.set()
            return await super().send(message, deadline)

    boxes = [Hangs("phone"), Quick("chat"), Box("mail"), Box("desk")]
    notifier = Notifier(boxes, post.settings, post.clock, duty=DUTY)
    told = await notifier.tell(event(step=1))
    assert order[-1] == "phone answers", "it hangs until somebody else has been paged"
    assert [(one.receiver, one.outcome) for one in told] == [("wang/chat", "sent"), ("lin/phone", "sent")]


async def test_whoever_was_reached_before_a_kill_is_not_paged_again() -> None:
    post = Post(DUTY)
    told = await post.notifier.tell(event(step=0))
    already = {(one.incident, one.seq, one.receiver) for one in told}
    assert await post.notifier.tell(event(step=0), already) == []


async def test_a_page_carries_a_link_and_the_routes_do_not() -> None:
    links = Links(b"k" * 16, "https://fenghuo.example.org/")
    post = Post(DUTY, links)
    await post.notifier.tell(event(step=0))
    (page,), (told,) = post.boxes["phone"].got, post.boxes["desk"].got
    assert page.link.startswith("https://fenghuo.example.org/ack/") and page.link in page.text
    claim = links.read(page.link.rsplit("/", 1)[1], NOON)
    assert isinstance(claim, Claim)
    assert (claim.incident, claim.brand, claim.person, claim.step) == ("0123456789abcdef", "Delta", "lin", 0)
    assert told.link == "" and "/ack/" not in told.text


async def test_a_receiver_that_is_down_is_stood_in_for() -> None:
    receivers = [
        {"name": "desk", "type": "terminal", "instead": ["chat", "mail"]},
        *({"name": name, "type": "terminal"} for name in ("phone", "chat", "mail")),
    ]
    post = Post(receivers=receivers)
    post.boxes["desk"].down = post.boxes["chat"].down = True
    told = await post.notifier.tell(event())
    assert [(one.receiver, one.outcome) for one in told] == [
        ("desk", "rejected"),
        ("chat", "rejected"),
        ("mail", "sent"),
    ]


QUIET: dict[str, Any] = {"quiet": [{"to": ["desk"], "hours": {"from": "11:00", "to": "13:00"}}]}


async def stage(post: Post, log: MemoryLog, committed: Checkpoint | None = None) -> Any:
    return await NotifyStage(post.notifier, log, log).open(0, committed)


async def test_quiet_hours_hold_back_all_but_red_and_a_restart_forgets_nothing() -> None:
    post, log = Post(**QUIET), MemoryLog()
    part = await stage(post, log)
    waits = [event(0, Tier.BLUE), event(1, Tier.ORANGE, event=IncidentEventKind.PROMOTED)]
    await part.handle([In(0, encode_mixed(waits)), In(1, encode_mixed([event(2)]))])
    assert [one.title for one in post.boxes["desk"].got] == [post.boxes["desk"].got[0].title]
    assert post.boxes["desk"].got[0].event.tier is Tier.RED
    assert await part.checkpoint(0) is None, "no commit may pass what waits"
    part = await stage(post, log)
    await part.handle([In(0, encode_mixed(waits)), In(1, encode_mixed([event(2)]))])
    assert len(post.boxes["desk"].got) == 1
    post.clock.advance(3600)
    assert await part.checkpoint(1) == Checkpoint(2)
    grouped = post.boxes["desk"].got[1]
    assert "2 项变化 2 changes" in grouped.title
    assert len(grouped.text.splitlines()) == 3
    assert len(log.messages(Topic.NOTIFIED, 0)) == 3


async def test_blue_comes_as_a_digest() -> None:
    post, log = Post(digest=[{"to": ["desk"], "every": "1h"}]), MemoryLog()
    part = await stage(post, log)
    await part.handle([In(0, encode_mixed([event(0, Tier.BLUE), event(1, Tier.YELLOW)]))])
    assert [one.event.tier for one in post.boxes["desk"].got] == [Tier.YELLOW]
    post.clock.advance(3600)
    assert await part.checkpoint(1) == Checkpoint(1)
    assert [one.event.tier for one in post.boxes["desk"].got] == [Tier.YELLOW, Tier.BLUE]


async def test_more_than_the_rate_comes_grouped_and_nothing_is_lost() -> None:
    post, log = Post(rate={"most": 2, "per": "10m"}), MemoryLog()
    part = await stage(post, log)
    many = [event(seq, Tier.YELLOW) for seq in range(6)]
    await part.handle([In(0, encode_mixed(many))])
    assert len(post.boxes["desk"].got) == 2
    await part.handle([In(1, encode_mixed([event(6)]))])
    assert post.boxes["desk"].got[-1].event.tier is Tier.RED
    post.clock.advance(600)
    assert await part.checkpoint(1) == Checkpoint(2)
    assert "4 changes" in post.boxes["desk"].got[-1].title
    assert len(log.messages(Topic.NOTIFIED, 0)) == 7


@pytest.mark.parametrize(
    "settings",
    [
        {"quiet": [{"to": ["nobody"], "hours": {}}]},
        {"digest": [{"to": ["desk"], "tiers": ["red"]}]},
        {"receivers": [{"name": "desk", "type": "terminal", "instead": ["desk"]}]},
        {"rate": {"most": 0}},
    ],
)
def test_settings_that_contradict_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="nobody|red|itself|greater than"):
        Post(**settings)


def test_a_link_expires() -> None:
    links = Links(b"k" * 16, "https://x.example", timedelta(hours=1))
    token = links.make(event(step=0), "lin", NOON).rsplit("/", 1)[1]
    assert links.read(token, NOON + timedelta(hours=1)) == "expired"
    assert links.read("", NOON) == links.read("ä", NOON) == links.read("A" * 3000, NOON) == "forged"
    assert Links(b"j" * 16, "https://x.example").read(token, NOON) == "forged"
    with pytest.raises(ValueError, match="16 bytes"):
        Links(b"short", "https://x.example")
