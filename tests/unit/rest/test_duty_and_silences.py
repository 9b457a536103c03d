"""Silences, rota and swaps over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alerts.duty.ical import from_ical
from tests.unit.alerts.given import mark, signal
from tests.unit.rest.house import House

SWAP: dict[str, Any] = {
    "rota": "duty",
    "out": "lin",
    "into": "wang",
    "start": "2026-03-02T09:00:00Z",
    "end": "2026-03-03T09:00:00Z",
    "comment": "dentist",
}


async def house_of(folder: Path) -> House:
    house = House(folder)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    return house


async def test_a_silence_begins_by_the_brands_time_is_listed_and_ends(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    body = {"brand": "Delta", "for": "2h", "comment": "campaign", "where": {"category": "refund"}, "upto": "orange"}
    begun = await house.ask("POST", "/silences", json=body)
    assert begun.status_code == 202
    await house.settle()
    (card,) = (await house.ask("GET", "/silences?brand=Delta&idle=true")).json()["items"]
    one = card["silence"]
    assert (one["id"], one["until"], one["upto"]) == (begun.json()["command"], "2026-03-02T14:01:00Z", "orange")
    assert (one["author"], one["comment"], one["where"]) == ("lin", "campaign", {"category": "refund"})
    ended = await house.ask("DELETE", f"/silences/{one['id']}?comment=over")
    assert ended.status_code == 202
    await house.settle()
    assert (await house.ask("GET", "/silences")).json()["items"] == []
    assert (await house.ask("DELETE", f"/silences/{one['id']}")).status_code == 404
    assert [entry.actor for entry in house.ledger("command.silence") + house.ledger("command.unsilence")] == ["lin"] * 2


async def test_a_silence_sent_again_later_is_the_same_silence(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    key = {"Idempotency-Key": "silence-0001"}
    body = {"brand": "Delta", "for": "2h", "comment": "campaign"}
    assert (await house.ask("POST", "/silences", json=body, headers=key)).status_code == 202
    await house.tell(mark(600))
    assert (await house.ask("POST", "/silences", json=body, headers=key)).status_code == 202
    await house.settle()
    (card,) = (await house.ask("GET", "/silences")).json()["items"]
    assert card["silence"]["until"] == "2026-03-02T14:01:00Z"


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"for": "31d"}, "body.until"),
        ({"until": "2026-03-02T12:00:30Z"}, "body.until"),
        ({"until": "2026-03-02T14:00:00"}, "body.until"),
        ({}, "body"),
        ({"for": "2h", "until": "2026-03-02T14:00:00Z"}, "body"),
        ({"for": "soon"}, "body.for"),
        ({"for": "2h", "where": {"mood": "bad"}}, "body"),
        ({"for": "2h", "upto": "purple"}, "body.upto"),
        ({"for": "2h", "brand": "Nobody"}, "body.brand"),
        ({"for": "2h", "comment": ""}, "body.comment"),
    ],
)
async def test_a_silence_that_cannot_hold_is_refused(tmp_path: Path, more: dict[str, Any], where: str) -> None:
    house = await house_of(tmp_path)
    answer = await house.ask("POST", "/silences", json={"brand": "Delta", "comment": "campaign", **more})
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert answer.json()["todo"]
    assert house.commands() == []


async def test_who_is_on_duty_and_whom_each_tier_pages(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    seen = (await house.ask("GET", "/rota")).json()
    assert seen["on"] == [{"rota": "duty", "person": "lin"}]
    assert [(one["tier"], one["step"], one["people"]) for one in seen["paged"]] == [
        ("red", 0, ["lin"]),
        ("red", 1, ["wang"]),
    ]
    tomorrow = (await house.ask("GET", "/rota?at=2026-03-03T09:00:00Z")).json()
    assert tomorrow["on"][0]["person"] == "wang"
    shifts = (await house.ask("GET", "/rota/shifts?start=2026-03-02T09:00:00Z&days=2")).json()
    assert [(one["person"], one["end"]) for one in shifts] == [
        ("lin", "2026-03-03T09:00:00Z"),
        ("wang", "2026-03-04T09:00:00Z"),
    ]
    assert (await house.ask("GET", "/rota/shifts?rota=none")).json() == []


async def test_a_swap_is_shown_by_rota_and_shifts_and_stands_in_the_ledger(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    assert (await house.ask("POST", "/rota/swaps", json=SWAP)).status_code == 202
    await house.settle()
    assert (await house.ask("GET", "/rota")).json()["on"][0]["person"] == "wang"
    (one,) = (await house.ask("GET", "/rota/swaps")).json()
    assert (one["out"], one["into"], one["author"], one["comment"]) == ("lin", "wang", "lin", "dentist")
    (shift,) = (await house.ask("GET", "/rota/shifts?start=2026-03-02T09:00:00Z&days=2")).json()
    assert (shift["person"], shift["end"]) == ("wang", "2026-03-04T09:00:00Z")
    assert {entry.body["reason"] for entry in house.ledger("command.swap")} == {"dentist"}


async def swapped(house: House, headers: dict[str, str] | None = None, **more: str) -> Any:
    answer = await house.ask("POST", "/rota/swaps", json={**SWAP, **more}, headers=headers or {})
    await house.settle()
    return answer


async def on_duty(house: House) -> str:
    return str((await house.ask("GET", "/rota")).json()["on"][0]["person"])


async def test_a_swap_is_taken_back_by_the_other_way_round(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    assert (await swapped(house)).status_code == 202
    assert await on_duty(house) == "wang"
    assert (await swapped(house, out="wang", into="lin")).status_code == 202
    assert await on_duty(house) == "lin"
    assert (await swapped(house)).status_code == 202
    assert await on_duty(house) == "wang"


async def test_a_swap_of_somebody_who_is_not_on_duty_says_who_is(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    assert (await swapped(house)).status_code == 202
    again = await swapped(house)
    assert (again.status_code, again.json()["where"]) == (422, "body.out")
    assert (again.json()["what"], again.json()["todo"]) == (
        "lin has no duty on duty in that time",
        "on duty then: wang",
    )


async def test_a_swap_sent_again_under_its_key_is_done_once(tmp_path: Path) -> None:
    house, key = await house_of(tmp_path), {"Idempotency-Key": "swap-0001"}
    assert [(await swapped(house, key)).status_code for _ in range(2)] == [202, 202]
    assert len((await house.ask("GET", "/rota/swaps")).json()) == 1
    house.office.keys.clear()  # another process
    assert (await swapped(house, key)).status_code == 202
    assert (len(house.commands()), await on_duty(house)) == (1, "wang")


async def test_a_rota_goes_into_everybodys_calendar(tmp_path: Path) -> None:
    house = await house_of(tmp_path)
    await swapped(house)
    answer = await house.ask("GET", "/rota/duty.ics?start=2026-03-02T09:00:00Z&days=3", "viewer")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    shifts = from_ical(answer.content, "duty.ics", "UTC")
    assert [(one.person, one.start.day, one.end.day) for one in shifts] == [("wang", 2, 4), ("lin", 4, 5)]
    assert len(from_ical((await house.ask("GET", "/rota/duty.ics")).content, "duty.ics", "UTC")) > 80
    strange = await house.ask("GET", "/rota/night.ics")
    assert (strange.status_code, strange.json()["todo"]) == (404, "one of: duty")


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"rota": "desk"}, "body.rota"),
        ({"out": "chief"}, "body.out"),
        ({"into": "chief"}, "body.into"),
        ({"end": SWAP["start"]}, "body.end"),
        ({"end": "2026-06-01T09:00:00Z"}, "body.end"),
        ({"start": "2026-03-01T09:00:00Z", "end": "2026-03-02T10:00:00Z"}, "body.end"),
        ({"start": "tomorrow"}, "body.start"),
        ({"into": "lin"}, "body.into"),
        ({"out": "wang", "into": "lin"}, "body.out"),
    ],
)
async def test_a_swap_that_cannot_be_is_refused(tmp_path: Path, more: dict[str, Any], where: str) -> None:
    house = await house_of(tmp_path)
    answer = await house.ask("POST", "/rota/swaps", json={**SWAP, **more})
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert house.commands() == []
