"""The page behind a link: opening it changes nothing, its button acknowledges once, everything else is refused."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from alerts.api import OnceInMemory, ack_router
from alerts.decide import DecideCore
from alerts.notify.links import Claim, Links
from contracts.clock import ManualClock
from contracts.errors import Unavailable
from contracts.records import Command, IncidentEventKind
from tests.unit.alerts.given import NOON, POLICY, signal

LINKS = Links(b"k" * 16, "http://test")
CLAIM = Claim("0123456789abcdef", "<b>Delta", "lin", 1, NOON + timedelta(hours=1))


class Door:
    """The page over a log that can be down."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOON)
        self.sent: list[Command] = []
        self.refused: list[str] = []
        self.down = False
        app = FastAPI()
        app.include_router(
            ack_router(LINKS, self.send, self.clock, OnceInMemory(), lambda why, claim: self.refused.append(why))
        )
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")

    async def send(self, command: Command) -> None:
        if self.down:
            raise Unavailable("Kafka does not answer")
        self.sent.append(command)


async def test_opening_a_link_shows_a_button_and_changes_nothing() -> None:
    door = Door()
    for _ in range(5):
        answer = await door.client.get(f"/ack/{LINKS.token(CLAIM)}")
        assert answer.status_code == 200
        assert "<button" in answer.text and "&lt;b&gt;Delta" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    await door.client.head(f"/ack/{LINKS.token(CLAIM)}")
    assert door.sent == []


async def test_the_button_acknowledges_once() -> None:
    door = Door()
    answers = [(await door.client.post(f"/ack/{LINKS.token(CLAIM)}")).status_code for _ in range(2)]
    assert answers == [200, 409]
    (command,) = door.sent
    assert (command.kind.value, command.author, command.args["incident"]) == ("ack", "lin", CLAIM.incident)
    assert door.refused == ["used"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_forged_and_expired_links_are_refused_and_recorded(method: str) -> None:
    door = Door()
    forged = await door.client.request(method, "/ack/AAAA")
    door.clock.advance(3600)
    expired = await door.client.request(method, f"/ack/{LINKS.token(CLAIM)}")
    assert (forged.status_code, expired.status_code) == (404, 410)
    assert "0123456789abcdef" not in forged.text + expired.text
    assert door.refused == ["forged", "expired"]
    assert door.sent == []


async def test_a_log_that_is_down_leaves_the_link_good() -> None:
    door = Door()
    door.down = True
    assert (await door.client.post(f"/ack/{LINKS.token(CLAIM)}")).status_code == 503
    door.down = False
    assert (await door.client.post(f"/ack/{LINKS.token(CLAIM)}")).status_code == 200


async def test_the_log_takes_a_pressed_button_once_even_when_the_page_forgot() -> None:
    core = DecideCore(POLICY)
    (opened,) = core.feed(signal(5, 4.0))
    claim = Claim(opened.incident, "Delta", "lin", 0, CLAIM.expires)
    told = []
    for _ in range(2):
        door = Door()
        await door.client.post(f"/ack/{LINKS.token(claim)}")
        told += [event for command in door.sent for event in core.feed(command)]
    assert [one.event for one in told] == [IncidentEventKind.ACKNOWLEDGED]
