"""Each receiver that a route names is told of a change once."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.decide import DecideCore
from alerts.notify.build import build, http_client
from alerts.notify.by_apprise import Apprise
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier, receivers_of
from alerts.notify.outbox import Outbox
from alerts.notify.receivers import Answer, Receiver, Rejected, Retry, Sent, Terminal
from alerts.notify.render import Message, render
from alerts.notify.retry import Patience
from alerts.settings import AppriseSettings, ReceiverSettings, load_receivers
from contracts.clock import ManualClock
from contracts.errors import InvalidSettings
from tests.unit.alerts.given import NOON, POLICY, SHIPPED, signal

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""Apprise loads it while it loads its services."""

RED = DecideCore(POLICY).feed(signal(5, 4.0))[0]
BLUE = DecideCore(POLICY).feed(signal(5, 1.0))[0]


class Fixed:
    """Always gives the same answer and remembers what it was asked."""

    def __init__(self, name: str, answer: Answer) -> None:
        self.name = name
        self.answer = answer
        self.got: list[Message] = []

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        self.got.append(message)
        return self.answer


def settings(*routes: dict[str, Any]) -> ReceiverSettings:
    receivers = [{"name": name, "type": "terminal"} for name in ("a", "b")]
    return ReceiverSettings.model_validate({"receivers": receivers, "routes": routes})


def notifier(given: ReceiverSettings, *receivers: Receiver) -> Notifier:
    clock = ManualClock(NOON)

    async def sleep(wait: float) -> None:
        clock.advance(wait)

    return Notifier(receivers, given, clock, Patience(sleep=sleep))


@pytest.mark.parametrize(
    ("routes", "names"),
    [
        ([{"to": ["a"]}], ("a",)),
        ([{"to": ["a"], "tiers": ["blue"]}, {"to": ["b"], "tiers": ["red"]}], ("b",)),
        ([{"to": ["b"]}, {"to": ["a", "b"]}], ("b", "a")),
        ([{"to": ["a"], "events": ["resolved"]}], ()),
        ([{"to": ["a"], "brands": ["United"]}], ()),
        ([{"to": ["a"], "brands": ["Delta"]}], ("a",)),
    ],
)
def test_routes_choose_by_tier_event_and_brand(routes: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    assert receivers_of(RED, settings(*routes).routes) == names


def test_what_shall_not_notify_goes_nowhere() -> None:
    silent = RED.model_copy(update={"notify": False})
    assert receivers_of(silent, settings({"to": ["a"]}).routes) == ()


async def test_each_is_told_once_and_every_outcome_is_recorded() -> None:
    a, b = Fixed("a", Sent()), Fixed("b", Rejected("no such chat"))
    notify = notifier(settings({"to": ["a", "b"]}, {"to": ["a"]}), a, b)
    told = await notify.tell(RED)
    assert [(one.receiver, one.outcome, one.reason) for one in told] == [
        ("a", "sent", ""),
        ("b", "rejected", "no such chat"),
    ]
    assert [(one.incident, one.seq, one.brand) for one in told] == [(RED.incident, 0, "Delta")] * 2
    already = {(one.incident, one.seq, one.receiver) for one in told}
    assert await notify.tell(RED, already) == []
    assert (len(a.got), len(b.got)) == (1, 1)


async def test_who_has_not_been_told_yet_is_told_alone() -> None:
    a, b = Fixed("a", Sent()), Fixed("b", Sent())
    told = await notifier(settings({"to": ["a", "b"]}), a, b).tell(RED, {(RED.incident, 0, "a")})
    assert [one.receiver for one in told] == ["b"]
    assert a.got == []


async def test_a_receiver_that_is_down_is_given_up_in_time_and_holds_up_no_other() -> None:
    told_first = asyncio.Event()

    class Quick(Fixed):
        async def send(self, message: Message, deadline: Deadline) -> Answer:
            told_first.set()
            return Sent()

    class Down(Fixed):
        async def send(self, message: Message, deadline: Deadline) -> Answer:
            await told_first.wait()
            return Retry("down")

    notify = notifier(settings({"to": ["a", "b"]}), Down("a", Sent()), Quick("b", Sent()))
    told = await notify.tell(RED)
    assert [(one.outcome, one.reason) for one in told] == [("gave_up", "down"), ("sent", "")]
    assert told[0].told_at - NOON <= ReceiverSettings().give_up


async def test_times_are_shown_in_the_zone_of_the_settings() -> None:
    given = settings({"to": ["a"]}).model_copy(update={"zone": "Asia/Shanghai"})
    a = Fixed("a", Sent())
    await notifier(given, a).tell(RED)
    assert "2026-03-02 20:00:05 +0800" in a.got[0].text


def test_routes_to_nobody_are_refused() -> None:
    with pytest.raises(InvalidSettings, match="lead to b"):
        notifier(settings({"to": ["b"]}), Fixed("a", Sent()))


async def test_the_terminal_prints_the_line() -> None:
    lines: list[str] = []
    message = render(BLUE)
    deadline = Deadline(1, ManualClock(NOON).monotonic)
    assert await Terminal("t", lines.append).send(message, deadline) == Sent()
    assert lines == [message.line]


async def test_a_terminal_that_is_gone_rejects() -> None:
    def broken(line: str) -> None:
        raise BrokenPipeError

    answer = await Terminal("t", broken).send(render(BLUE), Deadline(1, ManualClock(NOON).monotonic))
    assert isinstance(answer, Rejected)


async def test_the_shipped_receivers_can_be_built() -> None:
    shipped = load_receivers(SHIPPED / "receivers.yaml")
    async with http_client() as client:
        built = build(shipped, client, ManualClock(NOON), lambda line: None)
    assert [one.name for one in built] == ["terminal"]
    assert receivers_of(BLUE, shipped.routes) == receivers_of(RED, shipped.routes) == ("terminal",)


async def test_every_type_of_receiver_can_be_built() -> None:
    given = ReceiverSettings.model_validate(
        {
            "receivers": [
                {"name": "t", "type": "terminal"},
                {"name": "chat", "type": "apprise", "url": "json://127.0.0.1:9/"},
                {"name": "hook", "type": "webhook", "url": "https://example.org/x", "allow_private": ["10.0.0.0/8"]},
            ],
            "routes": [],
        }
    )
    async with http_client() as client:
        assert [one.name for one in build(given, client, ManualClock(NOON), print)] == ["t", "chat", "hook"]


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("routes: [{to: [nobody]}]", "routes lead to nobody", 1),
        ("receivers:\n- {name: a, type: terminal}\n- {name: a, type: terminal}\nroutes: []", "share a name", 1),
        ("receivers:\n- {name: a, type: pigeon}", "receivers.0", 2),
        ("receivers:\n- {name: a, type: webhook, url: 'ftp://x'}", "must begin with https", 2),
        ("zone: Mars/Base", "no such time zone", 1),
        ("zone: ../../etc/passwd", "no such time zone", 1),
        ("attempt: 10m", "no longer than give_up", 1),
    ],
)
def test_wrong_receiver_settings_are_explained(tmp_path: Path, text: str, says: str, line: int) -> None:
    path = tmp_path / "receivers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSettings) as caught:
        load_receivers(path)
    assert says in str(caught.value)
    assert caught.value.line == line


def test_addresses_and_secrets_are_never_shown() -> None:
    one = AppriseSettings.model_validate({"name": "a", "type": "apprise", "url": "slack://TOKEN"})
    assert "TOKEN" not in repr(one) + str(one) + one.model_dump_json()
    with pytest.raises(ValidationError) as caught:
        ReceiverSettings.model_validate({"receivers": [{"name": "a", "type": "webhook", "url": "tel:TOKEN"}]})
    assert "TOKEN" not in str(caught.value.errors(include_input=False, include_context=False))


def test_an_unknown_apprise_address_is_refused_without_showing_it(caplog: pytest.LogCaptureFixture) -> None:
    url = AppriseSettings.model_validate({"name": "a", "type": "apprise", "url": "nonsense://TOKEN"}).url
    with caplog.at_level(logging.DEBUG), pytest.raises(InvalidSettings) as caught:
        Apprise("a", url)
    assert "TOKEN" not in str(caught.value)
    assert "TOKEN" not in caplog.text


async def test_a_dead_receiver_delays_the_others_once_and_hears_of_all_when_it_is_back() -> None:
    dead, alive = Fixed("a", Retry("no answer")), Fixed("b", Sent())
    clock = ManualClock(NOON)

    async def sleep(wait: float) -> None:
        clock.advance(wait)

    given = settings({"to": ["a", "b"]})
    speaker = Notifier((dead, alive), given, clock, Patience(sleep=sleep))
    outbox = Outbox(given)
    events = [BLUE.model_copy(update={"incident": f"{number:016x}"}) for number in range(20)]
    took = []
    for event in [*events, RED]:
        begun = clock.monotonic()
        await speaker.tell(event, (), outbox)
        took.append(clock.monotonic() - begun)
    assert Patience().attempt < took[0] <= given.give_up.total_seconds()
    assert took[1:-1] == [0.0] * 19
    assert 0 < took[-1] <= Patience().attempt
    assert len(alive.got) == 21
    dead.answer = Sent()
    clock.advance(given.give_up.total_seconds())
    told = await speaker.flush(outbox)
    assert [one.outcome for one in told] == ["sent"] * 21, "what it gave up on as well, red as well"
    assert "21 changes" in dead.got[-1].title
    assert outbox.empty
