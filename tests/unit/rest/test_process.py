"""What the console process serves where: the API, the pages, a sign of life; one set of people and one log behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from contracts.access import Role
from contracts.desk import Stand
from contracts.errors import Invalid
from contracts.records import CommandKind, Verdict, feedback_of
from fenghuo.console import Desk, compose
from fenghuo.desk.papers import RULES, ConfigPapers
from fenghuo.desk.pen import ConsoleCommands
from fenghuo.people.book import Account
from fenghuo.settings import Runtime
from tests.unit.alerts.given import SHIPPED, at, mark, signal
from tests.unit.rest.house import House


async def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client:
        return await client.get(path, headers=headers)


async def test_the_api_lies_under_v1_and_the_rest_is_for_people(tmp_path: Path) -> None:
    house = House(tmp_path)
    pages = FastAPI()

    @pages.get("/")
    async def board() -> str:
        return "the duty board"

    whole = compose(house.app, pages)
    whole.mount("/", pages)
    assert (await get(whole, "/healthz")).json() == {"status": "ok"}
    assert (await get(whole, "/")).json() == "the duty board"
    assert (await get(whole, "/v1/me", authorization="Bearer viewer-lin")).json()["name"] == "lin"
    assert (await get(whole, "/v1/openapi.json")).json()["info"]["title"] == "Fenghuo"
    lost = await get(whole, "/v1/nowhere")
    assert (lost.status_code, lost.json()["what"]) == (404, "GET /v1/nowhere is no route of this API")
    alone = await get(compose(house.app, None), "/")
    assert (alone.status_code, alone.headers["location"]) == (307, "/v1/openapi.json")


async def test_the_office_of_a_runtime_knows_its_people_and_its_duty(tmp_path: Path) -> None:
    house = House(tmp_path)
    runtime = Runtime(var=tmp_path, config=SHIPPED, key=SecretStr("k" * 32), partitions=2)
    desk = Desk.over(runtime, house.config, house.log, house.view, house.clock)
    desk.people.change(lambda book: book.put(Account(name="lin", role=Role.DUTY)))
    desk.people.change(lambda book: book.with_token("lin", "t", "secret", house.clock.now()))
    office = desk.office()
    found = office.tokens.holder("secret")
    assert found is not None
    assert (found.name, list(office.tokens.colleagues())) == ("lin", ["lin"])
    assert office.duty == house.config.duty
    assert office.plans == house.config.plans


async def test_what_the_console_does_is_the_same_command_as_over_the_api(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    (card,) = await house.view.open_incidents()
    hand = ConsoleCommands(house.pen, house.clock)
    name = await hand.give(CommandKind.ACK, "Delta", "lin", {"incident": card.incident, "by": "lin"}, "on it")
    await house.settle()
    (entry,) = house.ledger("command.ack")
    assert (entry.actor, entry.body["id"]) == ("lin", name)
    word = await hand.feedback(card.incident, Verdict.NOISE, "lin", comment="bots")
    (said,) = [one for one in house.commands() if one.id == word]
    found = feedback_of(said)
    assert found is not None
    assert (found.verdict, said.reason) == (Verdict.NOISE, "bots")


async def test_papers_show_what_holds_and_save_what_is_checked(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(mark(60))
    papers = ConfigPapers(SHIPPED, house.config, house.books, house.pen, house.clock)
    shown = {one.name: one for one in papers.papers()}
    assert shown[RULES].editable
    assert not shown["duty.yaml"].editable
    assert not any("receivers" in name or "sources" in name for name in shown)
    assert list(papers.problems(RULES, shown[RULES].text)) == []
    assert "line 1" in papers.problems(RULES, "rules: [{name: a, match: {kind: [nothing]}}]")[0]
    assert papers.problems("duty.yaml", "")[0].startswith("duty.yaml: only rules/in-force.yaml and plans")
    text = "rules:\n- {name: any, match: {}, steps: [{tier: blue, score: 1}]}\n"
    told = await papers.save(RULES, text, "ana", "fewer")
    assert told.startswith("1 rules hold from the next bucket")
    await house.settle()
    await house.books.deciding()
    assert "name: any" in next(one.text for one in papers.papers() if one.name == RULES)
    assert [one.name for one in papers.plans()] == sorted(one.name for one in house.config.plans.plans)
    assert {one.person for one in papers.shifts(at(0), at(86_400))} == {"lin", "wang"}
    with pytest.raises(Invalid, match="not YAML"):
        await papers.save(RULES, "rules: [", "ana", "x")


async def test_a_plan_is_changed_in_the_console_for_runs_that_start_from_then_on(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(mark(60))
    papers = ConfigPapers(SHIPPED, house.config, house.books, house.pen, house.clock)
    paper = next(one for one in papers.papers() if one.name == "plans/outage.yaml")
    assert paper.editable and list(papers.problems(paper.name, paper.text)) == []
    changed = paper.text.replace("name: outage", "name: other", 1)
    assert "the plan is called outage" in papers.problems(paper.name, changed)[0]
    assert "line 1" in papers.problems(paper.name, "name: outage")[0]
    text = paper.text.replace("remind: 5m", "remind: 7m", 1)
    told = await papers.save(paper.name, text, "ana", "later")
    assert told.startswith("plan outage: runs that start from now on follow it")
    await house.settle()
    await house.books.deciding()
    assert "remind: 7m" in next(one.text for one in papers.papers() if one.name == paper.name)
    assert (await house.ask("GET", "/plans/outage", "viewer-lin")).json()["remind"] == "PT7M"
    (entry, *_) = house.ledger("command.plans")
    assert (entry.actor, entry.body["reason"]) == ("ana", "later")
    assert house.ledger("plan.refused") == []


async def test_a_duty_is_swapped_in_the_console(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(mark(60))
    papers = ConfigPapers(SHIPPED, house.config, house.books, house.pen, house.clock)
    rota = house.config.duty.rotas[0].name
    now = house.clock.now()
    stand = Stand("lin", "wang", now, now + timedelta(days=1))
    for wrong, words in (
        (replace(stand, into="nobody"), "nobody in duty.yaml"),
        (replace(stand, end=now), "ends after it starts"),
        (replace(stand, start=now - timedelta(days=2), end=now - timedelta(days=1)), "over already"),
    ):
        with pytest.raises(Invalid, match=words):
            await papers.swap(rota, wrong, "ana", "dentist")
    assert house.commands() == []
    await papers.swap(rota, stand, "ana", "dentist")
    await house.settle()
    await house.books.deciding()
    assert papers.roster().swaps == [(rota, stand, "ana", "dentist")]
    assert house.ledger("command.swap")[0].body["reason"] == "dentist"
    assert {one.person for one in papers.shifts(now, now + timedelta(hours=1)) if one.rota == rota} == {"wang"}
    with pytest.raises(Invalid, match="lin has no duty on duty in that time; on duty then: wang"):
        await papers.swap(rota, stand, "ana", "again")
    await papers.swap(rota, replace(stand, out="wang", into="lin"), "ana", "back again")
    await house.settle()
    await house.books.deciding()
    assert {one.person for one in papers.shifts(now, now + timedelta(hours=1)) if one.rota == rota} == {"lin"}
