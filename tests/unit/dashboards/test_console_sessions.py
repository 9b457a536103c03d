"""Sessions of the console: how long they last, and that their end holds in every process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.clock import ManualClock
from contracts.errors import Unavailable
from dashboards.console.app import make_app
from dashboards.console.session import IDLE, LONGEST, LOOK
from fenghuo.adapters.endings import MemoryEndings
from tests.browser.house import Folk, parts_of
from tests.browser.town import Town
from tests.unit.dashboards.console_visit import asking, come_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


async def test_a_session_ends_when_unused_after_a_shift_and_by_signing_out(town: Town, tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    async with asking(make_app(parts_of(town, tmp_path, clock=clock))) as client:
        await come_in(client)
        for _ in range(int(LONGEST / (IDLE / 2))):
            assert (await client.get("/plans")).status_code == 200
            clock.advance((IDLE / 2).total_seconds())
        clock.advance(1)
        assert (await client.get("/plans")).status_code == 303
        token = await come_in(client)
        clock.advance(IDLE.total_seconds() + 1)
        assert (await client.post("/sign-out", data={"token": token})).status_code == 303
        part = await client.get(
            "/board", headers={"hx-request": "true", "hx-current-url": "http://console/cases?late=1"}
        )
        assert part.status_code == 401
        assert part.headers["hx-redirect"] == "/sign-in?over=1&next=%2Fcases%3Flate%3D1"
        token = await come_in(client)
        copy = dict(client.cookies)
        await client.post("/sign-out", data={"token": token})
        client.cookies.update(copy)
        assert (await client.get("/plans")).status_code == 303


async def test_signing_out_holds_in_every_process_within_a_second(town: Town, tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    shared = MemoryEndings(clock)
    here, there = (make_app(parts_of(town, tmp_path, clock=clock, endings=shared)) for _ in range(2))
    async with asking(here) as one, asking(there) as other:
        token = await come_in(one)
        other.cookies.update(dict(one.cookies))
        assert (await other.get("/plans")).status_code == 200
        assert (await one.post("/sign-out", data={"token": token})).headers["location"] == "/sign-in"
        clock.advance(LOOK)
        assert (await other.get("/plans")).status_code == 303
        other.cookies.clear()
        await come_in(other)
        assert (await other.get("/plans")).status_code == 200


class Away:
    """A memory of endings that nobody reaches."""

    async def end(self, session: str, length: timedelta) -> None:
        """Not now."""
        raise Unavailable("Redis is away")

    async def ended(self, session: str) -> bool:
        """Not now."""
        raise Unavailable("Redis is away")


async def test_without_their_common_memory_processes_go_on_and_signing_out_says_so(town: Town, tmp_path: Path) -> None:
    async with asking(make_app(parts_of(town, tmp_path, endings=Away()))) as client:
        token = await come_in(client)
        copy = dict(client.cookies)
        left = (await client.post("/sign-out", data={"token": token})).headers["location"]
        assert "其他控制台进程" in (await client.get(left)).text
        client.cookies.update(copy)
        assert (await client.get("/plans")).status_code == 303


async def test_a_person_who_was_removed_is_out_at_once(town: Town, tmp_path: Path) -> None:
    folk = Folk()
    async with asking(make_app(parts_of(town, tmp_path, people=folk))) as client:
        await come_in(client, "lin")
        del folk.roles["lin"]
        assert (await client.get("/")).status_code == 303
