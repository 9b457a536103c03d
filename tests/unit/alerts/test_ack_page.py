"""The page behind a link: opening it changes nothing, its button acknowledges once, and what it says is so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from alerts.api import BETWEEN, LOOKS, AckPage, ack_router
from alerts.decide import DecideCore
from alerts.notify.links import Claim, Links
from alerts.once import OnceInMemory
from alerts.refused import EVERY, MOST, RefusedLinks
from alerts.view.shelf import FoldedView
from contracts.clock import ManualClock
from contracts.errors import Unavailable
from contracts.records import Command, CommandKind, IncidentEventKind, Signal
from contracts.view import IncidentFile
from fenghuo.acknowledging import recorder
from fenghuo.adapters.view_memory import memory_view
from fenghuo.commands import outs
from tests.unit.alerts.given import NOON, POLICY, mark, signal

LINKS = Links(b"k" * 16, "http://test")
CLAIM = Claim("0123456789abcdef", "<b>Delta", "lin", 1, NOON + timedelta(hours=1))


class Door:
    """The page over a log, a core that decides and a view, each of which can be away."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOON)
        self.core = DecideCore(POLICY)
        self.view: FoldedView = memory_view()
        self.sent: list[Command] = []
        self.refused: list[tuple[str, str]] = []
        self.down = self.blind = False
        self.slow = 0
        """So many looks later the view shows what was commanded."""
        self.waited = 0.0
        page = AckPage(LINKS, self.send, self.clock, OnceInMemory(), self, self.refuse, self.wait)
        app = FastAPI()
        app.include_router(ack_router(page))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")

    async def send(self, command: Command) -> None:
        if self.down:
            raise Unavailable("Kafka does not answer")
        self.sent.append(command)
        if not self.slow:
            await self.feed(command)

    async def refuse(self, why: str, claim: Claim | None) -> None:
        self.refused.append((why, "" if claim is None else claim.person))

    async def wait(self, seconds: float) -> None:
        self.waited += seconds
        await asyncio.sleep(0)
        self.slow -= 1
        if self.slow == 0:
            for command in self.sent:
                await self.feed(command)

    async def incident(self, incident: str) -> IncidentFile | None:
        if self.blind:
            raise Unavailable("Redis does not answer")
        return await self.view.incident(incident)

    async def feed(self, record: Signal | Command) -> None:
        """Decided, and shown."""
        await self.view.take(self.core.feed(record), 0)

    async def open(self, *people: str) -> list[str]:
        """An incident opens; a link for each."""
        await self.feed(signal(5, 4.0))
        (one,) = self.core.open_incidents()
        claims = [Claim(one.incident, "Delta", person, 0, CLAIM.expires) for person in people]
        return [f"/ack/{LINKS.token(claim)}" for claim in claims]

    async def see(self, link: str) -> tuple[int, bool, str]:
        answer = await self.client.get(link)
        return answer.status_code, "<button" in answer.text, answer.text

    async def press(self, link: str) -> tuple[int, str]:
        answer = await self.client.post(link)
        assert "<button" not in answer.text
        return answer.status_code, answer.text


async def test_opening_a_link_shows_a_button_and_changes_nothing() -> None:
    door = Door()
    for _ in range(5):
        answer = await door.client.get(f"/ack/{LINKS.token(CLAIM)}")
        assert answer.status_code == 200
        assert "<button" in answer.text and "&lt;b&gt;Delta" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    await door.client.head(f"/ack/{LINKS.token(CLAIM)}")
    assert (len(door.sent), len(door.refused)) == (0, 0)


async def test_the_button_acknowledges_once_and_then_there_is_none() -> None:
    door = Door()
    (link,) = await door.open("lin")
    assert (await door.see(link))[:2] == (200, True)
    first, second = await door.press(link), await door.press(link)
    assert (first[0], second[0]) == (200, 409)
    assert "lin has taken it on" in first[1] and "used already" in second[1] and "lin has taken it on" in second[1]
    (command,) = door.sent
    assert (command.kind.value, command.author, command.args["by"]) == ("ack", "lin", "lin")
    assert door.refused == [("used", "lin")]
    status, button, text = await door.see(link)
    assert (status, button) == (200, False) and "lin has taken it on" in text


async def test_who_comes_second_hears_who_has_it() -> None:
    door = Door()
    lin, wang = await door.open("lin", "wang")
    await door.press(lin)
    for status, text in (await door.press(wang), (await door.see(wang))[::2]):
        assert status == 409 and "lin has taken it on already" in text and "wang" not in text
    assert (await door.see(wang))[1] is False
    assert len(door.sent) == 1 and door.refused == []


async def test_of_two_who_press_at_once_one_hears_of_the_other() -> None:
    door = Door()
    lin, wang = await door.open("lin", "wang")
    door.slow = 3
    both = await asyncio.gather(door.press(lin), door.press(wang))
    (one,) = door.core.open_incidents()
    assert sorted(status for status, _ in both) == [200, 409]
    assert all(f"{one.owner} has taken it on" in text for _, text in both)
    assert len(door.sent) == 2


async def test_an_incident_that_is_over_is_taken_on_by_nobody() -> None:
    door = Door()
    (link,) = await door.open("lin")
    await door.view.take(door.core.feed(mark(7200)), 0)
    assert door.core.open_incidents() == []
    for status, text in (await door.press(link), (await door.see(link))[::2]):
        assert status == 409 and "is over" in text
    assert door.sent == []


async def test_what_the_view_does_not_show_is_not_said_to_be_so() -> None:
    door = Door()
    (link,) = await door.open("lin")
    door.slow = 9999
    status, text = await door.press(link)
    assert (status, len(door.sent)) == (202, 1)
    assert "handed in" in text and "has taken it on" not in text
    assert door.waited == pytest.approx(LOOKS * BETWEEN)
    status, button, text = await door.see(link)
    assert (status, button) == (409, False) and "used already" in text
    unknown = f"/ack/{LINKS.token(CLAIM)}"
    status, button, text = await door.see(unknown)
    assert (status, button) == (200, True) and "does not know this incident" in text
    assert (await door.press(unknown))[0] == 202


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_forged_and_expired_links_are_refused_and_recorded(method: str) -> None:
    door = Door()
    forged = await door.client.request(method, "/ack/AAAA")
    door.clock.advance(3600)
    expired = await door.client.request(method, f"/ack/{LINKS.token(CLAIM)}")
    assert (forged.status_code, expired.status_code) == (404, 410)
    assert "0123456789abcdef" not in forged.text + expired.text
    assert door.refused == [("forged", ""), ("expired", "lin")]
    assert door.sent == []


async def test_a_log_that_is_down_leaves_the_link_good() -> None:
    door = Door()
    (link,) = await door.open("lin")
    door.down = True
    assert (await door.press(link))[0] == 503
    assert (await door.see(link))[:2] == (200, True)
    door.down = False
    assert (await door.press(link))[0] == 200


async def test_a_view_that_is_away_is_no_reason_to_guess() -> None:
    door = Door()
    (link,) = await door.open("lin")
    door.blind = True
    assert ((await door.press(link))[0], (await door.see(link))[:2]) == (503, (503, False))
    assert door.sent == []
    door.blind = False
    assert (await door.press(link))[0] == 200


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


def test_the_ledger_hears_once_of_each_link_and_never_its_token() -> None:
    refused = RefusedLinks("a")
    told = [refused.note(why, CLAIM, NOON) for why in ("expired", "expired", "used")]
    assert told[1] is None
    first, last = told[0], told[2]
    assert first is not None and last is not None and first.id != last.id
    assert (first.kind, first.brand, first.author) == (CommandKind.LINK, "*", "somebody")
    assert first.args == {
        "why": "expired",
        "link": CLAIM.id,
        "incident": CLAIM.incident,
        "of": "<b>Delta",
        "for": "lin",
        "step": 1,
        "expires": "2026-03-02T13:00:00Z",
    }
    assert LINKS.token(CLAIM) not in first.model_dump_json()
    again = RefusedLinks("b").note("expired", CLAIM, NOON)
    assert again is not None and again.id == first.id, "another process tells the same"
    assert len(outs(first, 8)) == 1


def test_a_flood_of_forged_links_makes_few_entries() -> None:
    refused = RefusedLinks("a")
    told = [refused.note("forged", None, NOON + timedelta(seconds=second)) for second in range(1500)]
    made = [one for one in told if one is not None]
    assert [one.args["times"] for one in made] == [1, 600, 600]
    assert len({one.id for one in made}) == 3
    assert made[1].issued_at - made[0].issued_at == EVERY


def test_what_is_remembered_of_refused_links_is_bounded() -> None:
    refused = RefusedLinks("a")
    for step in range(MOST + 1):
        refused.note("used", Claim("0123456789abcdef", "Delta", "lin", step, CLAIM.expires), NOON)
    first = Claim("0123456789abcdef", "Delta", "lin", 0, CLAIM.expires)
    assert refused.note("used", first, NOON) is not None
    assert refused.note("used", first, NOON) is None


async def test_a_refusal_that_the_log_does_not_take_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    door = Door()
    record = recorder(door.send, door.clock)
    await record("forged", None)
    door.down = True
    await record("expired", CLAIM)
    assert [one.args["why"] for one in door.sent] == ["forged"]
    assert "the ledger does not know of a refused acknowledgement link: Kafka does not answer" in caplog.text
