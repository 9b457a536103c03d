"""Plans, their runs, and case clocks over the API."""

from __future__ import annotations

from pathlib import Path

from tests.unit.alerts.cases.given import event
from tests.unit.alerts.given import mark, signal
from tests.unit.rest.house import House


async def started(folder: Path) -> tuple[House, str]:
    """A house in which somebody has started the plan for outages by hand."""
    house = House(folder)
    await house.tell(mark(60))
    body = {"plan": "outage", "brand": "Delta", "level": "II", "comment": "checkout is down"}
    given = await house.ask("POST", "/runs", json=body, headers={"Idempotency-Key": "run-00001"})
    assert given.status_code == 202
    await house.settle()
    return house, given.json()["run"]


async def test_plans_are_listed_and_shown(tmp_path: Path) -> None:
    house = House(tmp_path)
    names = [one["name"] for one in (await house.ask("GET", "/plans")).json()]
    assert names == sorted(names)
    assert "outage" in names
    plan = (await house.ask("GET", "/plans/outage")).json()
    assert plan["tasks"][0]["title"]["zh"]
    lost = await house.ask("GET", "/plans/flood")
    assert (lost.status_code, "outage" in lost.json()["todo"]) == (404, True)


async def test_a_plan_is_started_ticked_closed_and_told_of(tmp_path: Path) -> None:
    house, run = await started(tmp_path)
    card = (await house.ask("GET", f"/runs/{run}")).json()
    assert (card["plan"], card["brand"], card["level"], card["by"]) == ("outage", "Delta", "II", "lin")
    free = next(one["name"] for one in card["tasks"] if not one["needs"])
    waiting = next((one for one in card["tasks"] if free in one["needs"]), None)
    if waiting is not None:
        early = await house.ask("POST", f"/runs/{run}/tasks/{waiting['name']}", json={})
        assert (early.status_code, early.json()["todo"]) == (409, "do or skip that first")
    assert (await house.ask("POST", f"/runs/{run}/tasks/{free}", json={"comment": "seen"})).status_code == 202
    await house.settle()
    tasks = {one["name"]: one for one in (await house.ask("GET", f"/runs/{run}")).json()["tasks"]}
    assert (tasks[free]["state"], tasks[free]["by"], tasks[free]["note"]) == ("done", "lin", "seen")
    twice = await house.ask("POST", f"/runs/{run}/tasks/{free}", name="wang", json={})
    assert twice.status_code == 409
    assert (await house.ask("POST", f"/runs/{run}/tasks/nothing", json={})).status_code == 404
    page = await house.ask("GET", f"/runs/{run}/report")
    assert page.headers["content-type"].startswith("text/html")
    assert "checkout is down" in page.text
    assert "script" not in page.text
    plain = await house.ask("GET", f"/runs/{run}/report?format=markdown")
    assert plain.text.startswith("# ")
    assert (await house.ask("GET", "/runs")).json()["items"][0]["run"] == run
    assert (await house.ask("POST", f"/runs/{run}/close", json={"comment": "over"})).status_code == 202
    await house.settle()
    assert (await house.ask("GET", "/runs")).json()["items"] == []
    assert len((await house.ask("GET", "/runs?closed=true")).json()["items"]) == 1
    again = await house.ask("POST", f"/runs/{run}/close", json={})
    assert (again.status_code, "lin" in again.json()["what"]) == (409, True)


async def test_a_start_sent_twice_is_one_run(tmp_path: Path) -> None:
    house, run = await started(tmp_path)
    body = {"plan": "outage", "brand": "Delta", "level": "II", "comment": "checkout is down"}
    again = await house.ask("POST", "/runs", json=body, headers={"Idempotency-Key": "run-00001"})
    await house.settle()
    assert again.json()["run"] == run
    assert len((await house.ask("GET", "/runs?closed=true")).json()["items"]) == 1


async def test_a_start_that_cannot_be_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    (card,) = (await house.ask("GET", "/incidents")).json()["items"]
    name = card["incident"]
    tried = [
        ({"plan": "flood", "brand": "Delta"}, 422, "body.plan"),
        ({"plan": "outage"}, 422, "body.brand"),
        ({"plan": "outage", "incident": "ffffffffffffffff"}, 404, "path.incident"),
        ({"plan": "outage", "incident": name, "brand": "United"}, 422, "body.brand"),
        ({"plan": "outage", "incident": name, "level": "V"}, 422, "body.level"),
    ]
    for body, status, where in tried:
        answer = await house.ask("POST", "/runs", json=body)
        assert (answer.status_code, answer.json()["where"]) == (status, where)
    assert (await house.ask("POST", "/runs", json={"plan": "outage", "incident": name})).status_code == 202
    await house.tell(mark(90_000))
    over = await house.ask("POST", "/runs", json={"plan": "outage", "incident": name})
    assert over.status_code == 409
    assert (await house.ask("GET", "/runs/nothing")).status_code == 404
    assert (await house.ask("GET", "/runs/nothing/report")).status_code == 404


async def test_cases_come_by_what_runs_out_first(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.tell(
        event(0, "opened", "late"),
        event(1, "opened", "fresh", department="finance"),
        event(1.05, "waiting", "fresh"),
        event(0.5, "opened", "over"),
        event(0.6, "resolved", "over"),
        mark(3600 * 25 + 60),
    )
    cards = (await house.ask("GET", "/cases")).json()["items"]
    assert [one["case"] for one in cards] == ["late", "fresh"]
    late, fresh = cards
    clocks = {one["name"]: one["state"] for one in late["clocks"]}
    assert clocks["first-reply"] == "escalated"
    assert clocks["answer"] == "overdue"
    assert clocks["solution"] == "running"
    assert (late["overdue"], fresh["overdue"], fresh["waiting"]) == (True, False, True)
    assert {one["name"]: one["state"] for one in fresh["clocks"]}["answer"] == "paused"
    assert [one["case"] for one in (await house.ask("GET", "/cases?overdue=true")).json()["items"]] == ["late"]
    assert [one["case"] for one in (await house.ask("GET", "/cases?department=finance")).json()["items"]] == ["fresh"]
    assert (await house.ask("GET", "/cases/Delta/late")).json() == late
    assert (await house.ask("GET", "/cases/Delta/over")).status_code == 404
    page = (await house.ask("GET", "/cases?limit=1")).json()
    assert (await house.ask("GET", f"/cases?cursor={page['next']}")).json()["items"] == [fresh]
