"""The duty board in a terminal: what stands on it, live, narrow and plain, and when the view is away."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from contracts.errors import Unavailable
from contracts.records import SignalKind
from contracts.view import Change, IncidentCard
from fenghuo.board import Seen, age, board, read
from fenghuo.cli.watch import _watch, boards, lines, show
from tests.unit.alerts.given import at, mark, signal
from tests.unit.rest.house import House


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, height=40, legacy_windows=False)


def plain() -> Console:
    return Console(file=io.StringIO(), width=80)


def printed(console: Console) -> str:
    page = console.file
    assert isinstance(page, io.StringIO)
    return page.getvalue()


async def busy(folder: Path) -> House:
    """One red incident that nobody has, one blue that somebody has, a silence, a dead source."""
    house = House(folder)
    await house.tell(signal(5, 30.0, observed=4000.0, support=900), mark(60))
    await house.tell(signal(65, 1.0, brand="American", kind=SignalKind.SENTIMENT_SHIFT, observed=0.4166, expected=0.2))
    body = {"brand": "Delta", "for": "2h", "comment": "x", "upto": "blue"}
    assert (await house.ask("POST", "/silences", json=body)).status_code == 202
    cards = (await house.ask("GET", "/incidents")).json()["items"]
    mine = next(one["incident"] for one in cards if one["brand"] == "American")
    assert (await house.ask("POST", f"/incidents/{mine}/ack", json={})).status_code == 202
    await house.settle()
    await house.tell(mark(120, "weibo"))
    return house


async def test_the_board_says_what_a_person_on_duty_needs(tmp_path: Path) -> None:
    house = await busy(tmp_path)
    seen = board(await read(house.view), at(120), "en")
    red, low = seen.rows
    assert (red.tier, red.scope, red.numbers) == ("red", "Delta", "4,000 / 10")
    assert red.what == "volume spike · stale: a source is down, so silence means nothing"
    assert red.since == "03-02 12:00 UTC (1m)"
    assert (red.who, red.held, low.held) == ("nobody, step 1", False, True)
    assert red.due[0] == "next page 3m"
    assert red.due[-1].startswith("plan complaint-surge 0/")
    assert (low.scope, low.who, low.numbers) == ("American", "lin", "0.42 / 0.20")
    assert list(seen.by_tier.values()) == [1, 0, 0, 1]
    assert any("source down: weibo (Delta)" in note for note in seen.notes)
    assert any("silences: 1, 1 match nothing" in note for note in seen.notes)
    assert seen.notes[-1].endswith("2026-03-02 12:02:00 UTC")


async def test_one_brand_alone(tmp_path: Path) -> None:
    house = await busy(tmp_path)
    assert [row.scope for row in board(await read(house.view, "American"), at(120)).rows] == ["American"]


def test_an_empty_view_is_said_to_be_quiet() -> None:
    empty = board(Seen(), at(0))
    assert lines(empty) == ["烽火 · 无警", "事件时间: 空"]
    assert lines(board(Seen(), at(0), "en")) == ["Fenghuo · all quiet", "event time: empty"]
    wide = terminal(140)
    show(empty, wide)
    assert "无警" in printed(wide)


async def test_once_at_a_terminal_wide_and_narrow(tmp_path: Path) -> None:
    house = await busy(tmp_path)
    for width in (140, 60):
        page = terminal(width)
        await _watch(boards(house.view, None, house.clock), page, once=True)
        text = printed(page)
        assert "\x1b[" in text
        for word in (" 红 ", "Delta", "4,000", "无人", "weibo"):
            assert word in text
        assert max(map(len, Console(width=width).render_str(text).plain.splitlines())) < 2 * width + 200


async def test_plain_lines_without_colours_where_it_is_no_terminal(tmp_path: Path) -> None:
    house = await busy(tmp_path)
    page = plain()
    await _watch(boards(house.view, None, house.clock), page, once=True)
    text = printed(page)
    assert "\x1b" not in text
    first = text.splitlines()[0].split("\t")
    assert (first[0], first[1], first[3], len(first)) == ("red", "Delta", "4,000 / 10", 8)


async def test_a_change_is_drawn_without_being_asked(tmp_path: Path) -> None:
    house = await busy(tmp_path)
    async with aclosing(boards(house.view, None, house.clock)) as told:
        before = await anext(told)
        assert not isinstance(before, Exception)
        await house.tell(signal(185, 30.0, brand="Third", observed=4000.0, support=900))
        after = await anext(told)
        assert not isinstance(after, Exception)
    assert len(after.rows) == len(before.rows) + 1


class Away:
    """A view that is away at every second question."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.asked = 0

    async def open_incidents(self, brand: str | None = None) -> list[IncidentCard]:
        self.asked += 1
        if self.asked % 2 == 0:
            raise Unavailable("Redis at 127.0.0.1 does not answer")
        return await self.house.view.open_incidents(brand)

    async def changes(self) -> AsyncIterator[Change]:
        async for one in self.house.view.changes():
            yield one

    def __getattr__(self, name: str) -> object:
        return getattr(self.house.view, name)


async def test_a_view_that_went_away_is_said_and_shown_again_when_it_is_back(tmp_path: Path) -> None:
    away = Away(await busy(tmp_path))
    async with aclosing(boards(away, None, away.house.clock)) as told:  # type: ignore[arg-type]
        seen = [await anext(told) for _ in range(3)]
    assert [isinstance(one, Unavailable) for one in seen] == [False, True, False]
    assert str(seen[1]) == "Redis at 127.0.0.1 does not answer"


async def test_once_ends_with_the_sentence_when_the_view_is_away(tmp_path: Path) -> None:
    away = Away(await busy(tmp_path))
    away.asked = 1
    with pytest.raises(Unavailable, match="does not answer"):
        await _watch(boards(away, None, away.house.clock), plain(), once=True)  # type: ignore[arg-type]


def test_ages_never_run_backwards() -> None:
    assert age(timedelta(seconds=-5)) == "0s"
