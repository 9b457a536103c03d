"""Every route and every role, by a table; who is unknown gets nowhere, and who guesses is slowed down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.rest.app import make_api
from tests.unit.rest.house import ROLES, House

I, R = "0123456789abcdef", "outage-446cc91e"  # noqa: E741 - an incident
TABLE = {
    ("GET", "/me"): "viewer",
    ("GET", "/incidents"): "viewer",
    ("GET", "/incidents/{incident}"): "viewer",
    ("GET", "/incidents/{incident}/why"): "viewer",
    ("POST", "/incidents/{incident}/ack"): "duty",
    ("POST", "/incidents/{incident}/hand-over"): "duty",
    ("GET", "/silences"): "viewer",
    ("POST", "/silences"): "duty",
    ("DELETE", "/silences/{silence}"): "duty",
    ("GET", "/rota"): "viewer",
    ("GET", "/rota/shifts"): "viewer",
    ("GET", "/rota/{rota}.ics"): "viewer",
    ("GET", "/rota/swaps"): "viewer",
    ("POST", "/rota/swaps"): "duty",
    ("GET", "/plans"): "viewer",
    ("GET", "/plans/{plan}"): "viewer",
    ("GET", "/runs"): "viewer",
    ("POST", "/runs"): "duty",
    ("GET", "/runs/{run}"): "viewer",
    ("POST", "/runs/{run}/tasks/{task}"): "duty",
    ("POST", "/runs/{run}/close"): "duty",
    ("GET", "/runs/{run}/report"): "viewer",
    ("GET", "/cases"): "viewer",
    ("GET", "/cases/{brand}/{case}"): "viewer",
    ("GET", "/rules"): "viewer",
    ("GET", "/rules/versions"): "viewer",
    ("GET", "/rules/versions/{version}"): "viewer",
    ("POST", "/rules/check"): "viewer",
    ("PUT", "/rules"): "analyst",
    ("GET", "/feedback"): "viewer",
    ("POST", "/feedback"): "duty",
    ("DELETE", "/feedback/{word}"): "duty",
}
"""The least role of each route."""


def path_of(route: str) -> str:
    named = {
        "incident": I,
        "silence": "s1",
        "rota": "duty",
        "plan": "outage",
        "run": R,
        "task": "t",
        "brand": "Delta",
        "case": "c",
        "word": "w",
        "version": "v",
    }
    return route.format(**named)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def test_the_table_names_every_route(house: House) -> None:
    document = make_api(house.office).openapi()
    routes = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert routes == set(TABLE)


@pytest.mark.parametrize(("method", "route"), list(TABLE))
async def test_each_role_gets_as_far_as_the_table_says(house: House, method: str, route: str) -> None:
    least = ROLES.index(TABLE[(method, route)])
    nobody = await house.ask(method, path_of(route), role="")
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    for rank, role in enumerate(ROLES):
        answer = await house.ask(method, path_of(route), role)
        if rank < least:
            assert answer.status_code == 403
            assert f"needs the role {TABLE[(method, route)]}" in answer.json()["todo"]
        else:
            assert answer.status_code not in (401, 403, 405, 500)
    assert house.commands() == []


async def test_an_unknown_token_is_refused_and_guessing_is_slowed_down(tmp_path: Path) -> None:
    house = House(tmp_path)
    bad = {"Authorization": "Bearer guess"}
    answers = [(await house.ask("GET", "/me", "", headers=bad)).status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    slowed = await house.ask("GET", "/me", "", headers=bad)
    assert slowed.headers["retry-after"] == "300"
    assert (await house.ask("GET", "/me", "viewer")).status_code == 200
    assert (await house.ask("GET", "/me", "")).status_code == 401
    house.clock.advance(timedelta(minutes=5).total_seconds())
    assert (await house.ask("GET", "/me", "", headers=bad)).status_code == 401


@pytest.mark.parametrize("header", ["", "Basic bGluOmxpbg==", "Bearer", "bearer duty-", "Bearer \x00"])
async def test_strange_headers_are_no_token(house: House, header: str) -> None:
    answer = await house.ask("GET", "/me", "", headers={"Authorization": header})
    assert answer.status_code in (401, 429)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_me_says_what_i_may_do(house: House) -> None:
    seen = (await house.ask("GET", "/me", "duty")).json()
    assert seen == {
        "name": "lin",
        "role": "duty",
        "may": ["view", "ack", "silence", "plan", "feedback", "swap"],
        "reached": None,
    }
