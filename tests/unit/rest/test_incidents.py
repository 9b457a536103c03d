"""Incidents over the API: what is open, why, taking on and handing over, each write once and in the ledger."""

from __future__ import annotations

from pathlib import Path

from contracts.records import CommandKind
from tests.unit.alerts.given import mark, signal
from tests.unit.rest.house import House


async def with_red(folder: Path) -> tuple[House, str]:
    house = House(folder)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    (card,) = (await house.ask("GET", "/incidents")).json()["items"]
    return house, card["incident"]


async def test_what_is_open_is_listed_and_shown_whole(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    (card,) = (await house.ask("GET", "/incidents")).json()["items"]
    assert (card["brand"], card["tier"], card["owner"], card["observed"]) == ("Delta", "red", "", 4000.0)
    assert (await house.ask("GET", "/incidents?brand=United")).json() == {"items": [], "next": None}
    assert (await house.ask("GET", "/incidents?state=ended")).json()["items"] == []
    file = (await house.ask("GET", f"/incidents/{name}")).json()
    assert [one["event"] for one in file["events"]] == ["opened", "plan_started"]
    assert file["steps"][0]["step"] == 0
    assert {one["kind"] for one in file["timers"]} >= {"page"}
    assert (await house.ask("GET", "/me")).json()["reached"] == "2026-03-02T12:00:05Z"


async def test_why_was_somebody_told(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    (answer,) = (await house.ask("GET", f"/incidents/{name}/why")).json()["items"]
    assert (answer["tier"], answer["told"], answer["event"], answer["observed"]) == ("red", True, "opened", 4000.0)
    assert "deserves red" in answer["sentence"]
    assert (await house.ask("GET", "/incidents/00000000/why")).status_code == 404


async def test_taking_on_stops_the_paging_and_stands_in_the_ledger(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    given = await house.ask("POST", f"/incidents/{name}/ack", json={"comment": "calling"})
    assert given.status_code == 202
    await house.settle()
    card = (await house.ask("GET", f"/incidents/{name}")).json()["card"]
    assert (card["owner"], card["step"]) == ("lin", None)
    (entry,) = house.ledger("command.ack")
    assert (entry.actor, entry.body["id"], entry.body["reason"]) == ("lin", given.json()["command"], "calling")
    other = await house.ask("POST", f"/incidents/{name}/ack", name="wang", json={})
    assert other.status_code == 409
    assert other.json()["what"] == "lin has taken it on already"


async def test_handing_over_needs_somebody_who_may_take_it(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    nobody = await house.ask("POST", f"/incidents/{name}/hand-over", json={"to": "nobody"})
    assert nobody.status_code == 422
    assert nobody.json()["todo"] == "one of lin, wang"
    assert (await house.ask("POST", f"/incidents/{name}/hand-over", json={"to": "wang"})).status_code == 202
    await house.settle()
    assert (await house.ask("GET", f"/incidents/{name}")).json()["card"]["owner"] == "wang"


async def test_a_write_with_a_key_is_done_once(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    key = {"Idempotency-Key": "phone-0001"}
    first = await house.ask("POST", f"/incidents/{name}/ack", json={}, headers=key)
    await house.settle()
    again = await house.ask("POST", f"/incidents/{name}/ack", json={}, headers=key)
    await house.settle()
    assert first.json() == again.json()
    assert [one.id for one in house.commands()] == ["phone-0001"]
    assert len(house.ledger("command.ack")) == len(house.ledger("incident.acknowledged")) == 1
    other = await house.ask("POST", f"/incidents/{name}/hand-over", json={"to": "wang"}, headers=key)
    assert other.status_code == 409
    short = await house.ask("POST", f"/incidents/{name}/ack", json={}, headers={"Idempotency-Key": "x"})
    assert short.status_code == 422
    assert "Idempotency-Key" in short.json()["where"]


async def test_an_incident_that_is_over_or_unknown_cannot_be_taken_on(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    unknown = await house.ask("POST", "/incidents/ffffffffffffffff/ack", json={})
    assert unknown.status_code == 404
    assert "GET /v1/incidents" in unknown.json()["todo"]
    await house.tell(mark(40_000))
    assert (await house.ask("GET", "/incidents?state=ended")).json()["items"][0]["incident"] == name
    over = await house.ask("POST", f"/incidents/{name}/ack", json={})
    assert (over.status_code, over.json()["what"]) == (409, f"incident {name} is over")


async def test_pages_go_on_where_the_last_one_ended_also_when_something_came_between(tmp_path: Path) -> None:
    house = House(tmp_path)
    for number in range(5):
        await house.tell(signal(5, 30.0, brand=f"Brand{number}", observed=4000.0, support=900))
    first = (await house.ask("GET", "/incidents?limit=2")).json()
    assert len(first["items"]) == 2
    assert first["next"]
    await house.tell(signal(65, 30.0, brand="Newer", observed=4000.0, support=900))
    rest = (await house.ask("GET", f"/incidents?limit=9&cursor={first['next']}")).json()
    names = [one["brand"] for one in (*first["items"], *rest["items"])]
    assert sorted(names) == [f"Brand{number}" for number in range(5)]
    assert rest["next"] is None
    for wrong in ("nonsense", "W10", "WyJhIl0"):
        answer = await house.ask("GET", f"/incidents?cursor={wrong}")
        assert (answer.status_code, answer.json()["where"]) == (422, "query.cursor")
    assert (await house.ask("GET", "/incidents?limit=0")).status_code == 422


async def test_a_log_that_is_away_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    house.log.down = True
    key = {"Idempotency-Key": "phone-0002"}
    away = await house.ask("POST", f"/incidents/{name}/ack", json={}, headers=key)
    assert (away.status_code, away.headers["retry-after"]) == (503, "7")
    assert "same Idempotency-Key" in away.json()["todo"]
    assert (await house.ask("GET", f"/incidents/{name}")).status_code == 200
    house.log.down = False
    assert (await house.ask("POST", f"/incidents/{name}/ack", json={}, headers=key)).status_code == 202
    assert [one.kind for one in house.commands()] == [CommandKind.ACK]


async def test_what_cannot_be_read_is_refused_with_place_and_advice(tmp_path: Path) -> None:
    house, name = await with_red(tmp_path)
    path = f"/incidents/{name}/hand-over"
    wrong = await house.ask("POST", path, content=b"{", headers={"content-type": "application/json"})
    assert wrong.status_code == 400
    missing = (await house.ask("POST", path, json={})).json()
    assert (missing["status"], missing["where"]) == (422, "body.to")
    more = await house.ask("POST", path, json={"to": "wang", "tier": "blue"})
    assert more.json()["where"] == "body.tier"
    lost = await house.ask("GET", "/nowhere")
    assert (lost.status_code, lost.headers["content-type"]) == (404, "application/problem+json")
    assert (await house.ask("DELETE", "/incidents")).status_code == 405
    assert house.commands() == []
