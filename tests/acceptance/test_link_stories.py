"""Links of pages through a whole house: opened by machines, pressed by people, tried by strangers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI

from alerts.api import AckPage, ack_router
from alerts.notify.links import Links
from alerts.once import OnceInMemory
from contracts.codec import decode_mixed
from contracts.records import Command, LedgerEntry
from contracts.topics import Topic
from fenghuo.acknowledging import recorder
from fenghuo.commands import outs
from tests.acceptance.house_story import PARTITIONS, House
from tests.unit.alerts.given import NOON, PANE

KEY = b"k" * 16


class Door:
    """The page of a house, as chat programs, mail scanners and people reach it."""

    def __init__(self, house: House) -> None:
        self.house = house
        links, record = Links(KEY, "http://fenghuo.test"), recorder(self.send, house.clock)
        page = AckPage(links, self.send, house.clock, OnceInMemory(), house.view, record, self.wait)
        app = FastAPI()
        app.include_router(ack_router(page))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app))

    async def send(self, command: Command) -> None:
        """Into the log."""
        await self.house.log.send(outs(command, PARTITIONS))

    async def wait(self, seconds: float) -> None:
        """A pane passes."""
        await self.play(PANE)

    async def play(self, seconds: float) -> None:
        """Play on so many seconds."""
        then = int((self.house.clock.now() - NOON).total_seconds() + seconds)
        await self.house.play(f"{then // 60}:{then % 60:02}")

    def link(self, person: str, lasts: timedelta = timedelta(hours=12)) -> str:
        """The link of the last page to this person."""
        links = Links(KEY, "http://fenghuo.test", lasts)
        return links.make(self.house.events()[-1], person, self.house.clock.now())

    def ledger(self, what: str) -> list[LedgerEntry]:
        """Entries of this kind, each once."""
        found = {
            (one.book, one.seq): one
            for number in range(PARTITIONS)
            for message in self.house.log.messages(Topic.SERIES, number)
            for one in decode_mixed(message.value)
            if isinstance(one, LedgerEntry) and one.what == what
        }
        return list(found.values())


async def test_a_link_opened_by_a_scanner_acknowledges_nothing_and_its_button_does(tmp_path: Path) -> None:
    house = await House(tmp_path).push("1:00", 4.0).play("2:00")
    door = Door(house)
    link = door.link("lin")
    for agent in ("DingTalkBot", "MicroMessenger", "Mimecast"):
        answer = await door.client.get(link, headers={"User-Agent": agent})
        assert answer.status_code == 200 and "<button" in answer.text
    await house.play("7:00")
    assert house.heard("wang-phone") == ["6:00 escalated red"], "nobody has taken it on"
    assert door.ledger("command.ack") == []
    pressed = await door.client.post(link)
    assert (pressed.status_code, "lin has taken it on" in pressed.text) == (200, True)
    await house.play("50:00")
    assert house.heard("chief-phone") == []
    (entry,) = door.ledger("command.ack")
    assert entry.actor == "lin"
    (card,) = (await house.view.ended())[:1]
    assert card.owner == "lin"
    seen = await door.client.get(link)
    assert (seen.status_code, "<button" in seen.text, "is over" in seen.text) == (409, False, True)


async def test_two_are_paged_and_the_second_hears_that_the_first_has_it(tmp_path: Path) -> None:
    house = await House(tmp_path).push("1:00", 4.0).play("7:00")
    door = Door(house)
    lin, wang = door.link("lin"), door.link("wang")
    assert (await door.client.post(lin)).status_code == 200
    answer = await door.client.post(wang)
    assert (answer.status_code, "lin has taken it on already" in answer.text) == (409, True)
    (card,) = await house.view.open_incidents()
    assert (card.owner, len(door.ledger("command.ack"))) == ("lin", 1)


async def test_links_that_were_refused_stand_in_the_ledger_without_their_token(tmp_path: Path) -> None:
    house = await House(tmp_path).push("1:00", 4.0).play("2:00")
    door = Door(house)
    link = door.link("lin", timedelta(minutes=5))
    forged = link[:-4] + "AAAA"
    for _ in range(3):
        assert (await door.client.get(forged)).status_code == 404
    assert [(await door.client.post(link)).status_code for _ in range(2)] == [200, 409]
    await house.play("8:00")
    assert [(await door.client.get(link)).status_code for _ in range(2)] == [410, 410]
    await door.play(PANE)
    told = door.ledger("command.link")
    assert [one.body["args"]["why"] for one in told] == ["forged", "used", "expired"]  # type: ignore[index, call-overload]
    assert [one.subject for one in told] == ["", house.events()[0].incident, house.events()[0].incident]
    assert {one.actor for one in told} == {"somebody"}
    tokens = [one.rsplit("/", 1)[1] for one in (link, forged)]
    assert not any(token in one.model_dump_json() for one in told for token in tokens)
