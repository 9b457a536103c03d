"""``fenghuo watch``: the duty board in a terminal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from contracts.clock import Clock
    from contracts.view import LiveView
    from fenghuo.board import Board, Row

LOOK_SECONDS = 1.0
"""Ages and what is due are drawn anew at least so often."""
GATHER_SECONDS = 0.2
"""Notices that come so close together are drawn at once."""
STYLES = {"blue": "white on blue", "yellow": "black on yellow", "orange": "black on dark_orange", "red": "white on red"}
HANZI = {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红"}
NARROW = 110
"""Below so many columns a row takes two lines."""


@sentences
def watch(
    brand: Annotated[str | None, typer.Argument(help="Only this brand.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Print the board and end.")] = False,
    var: Var = Path("var"),
) -> None:
    """Show what is open, live: tier, why, since when, how far from usual, who has it, what is due. Ctrl-C ends it."""
    from contracts.clock import SystemClock
    from fenghuo.wiring import make_view

    logging.getLogger("redis").setLevel(logging.CRITICAL)
    runtime, console = runtime_of(var), Console(highlight=False)
    with suppress(KeyboardInterrupt):
        asyncio.run(_watch(make_view(runtime), brand, console, SystemClock(), once=once))


async def _watch(view: LiveView, brand: str | None, console: Console, clock: Clock, *, once: bool) -> None:
    from fenghuo.board import Pace, board, read

    if once:
        seen = await read(view, brand)
        show(board(seen, Pace().now(seen.reached, clock.now())), console)
        return
    if not console.is_terminal:
        last: Board | None = None
        async for told in boards(view, brand, clock):
            if not isinstance(told, str) and told.incidents != (last.incidents if last else None):
                show(told, console)
                last = told
        return
    with Live(console=console, auto_refresh=False, screen=True) as live:
        held: RenderableType = Text("…")
        async for told in boards(view, brand, clock):
            if isinstance(told, str):
                live.update(Group(Text(told, style="bold red"), held), refresh=True)
            else:
                held = drawn(told, console.width)
                live.update(held, refresh=True)


async def boards(view: LiveView, brand: str | None, clock: Clock) -> AsyncIterator[Board | str]:
    """The board, and again whenever something changed or a second has passed; a sentence while the view is away."""
    from contracts.errors import Recoverable
    from fenghuo.board import Pace, board, read

    pace, changed = Pace(), asyncio.Event()
    listening = asyncio.create_task(_listen(view, changed))
    try:
        while True:
            try:
                held = await read(view, brand)
                yield board(held, pace.now(held.reached, clock.now()))
            except Recoverable as error:
                yield f"{error}; what follows is how it was"
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
            changed.clear()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _listen(view: LiveView, changed: asyncio.Event) -> None:
    async for _ in view.changes():
        changed.set()


def show(seen: Board, console: Console) -> None:
    """Once: as a table at a terminal, as plain lines elsewhere."""
    if console.is_terminal:
        console.print(drawn(seen, console.width))
        return
    console.file.writelines(f"{line}\n" for line in lines(seen))
    console.file.flush()


def lines(seen: Board) -> list[str]:
    """The board as lines, a row each, parts separated by tabs."""
    rows = [
        "\t".join((row.tier.value, row.scope, row.what, row.numbers, row.since, row.who, row.due, row.incident))
        for row in seen.rows
    ]
    return [*rows, _title(seen), *seen.notes]


def drawn(seen: Board, width: int) -> RenderableType:
    """The board for a terminal of this width."""
    table = Table(
        "", "品牌 scope", "为何 why", "实际/预期\nobserved/expected", "自 since", "谁 who", "下一步 next", expand=True
    )
    table.columns[0].no_wrap = True
    if width < NARROW:
        table = Table("", "事件 incident", "谁 who", expand=True)
    for row in seen.rows:
        tier = Text(f" {HANZI[row.tier.value]} {row.tier.value.upper()} ", style=STYLES[row.tier.value])
        table.add_row(tier, *(_short(row) if width < NARROW else _long(row)))
    head = Text(_title(seen), style="bold")
    foot = [Text(note, style="red" if "down" in note else "dim") for note in seen.notes]
    return Group(head, table, *foot) if seen.rows else Group(head, *foot)


def _title(seen: Board) -> str:
    counts = "  ".join(f"{HANZI[tier.value]} {tier.value} {count}" for tier, count in seen.by_tier.items())
    return f"烽火 Fenghuo  {counts}" if seen.rows else "烽火 Fenghuo  无警 all quiet"


def _long(row: Row) -> list[Text]:
    return [
        Text(row.scope, style="bold"),
        Text(row.what),
        Text(row.numbers, justify="right"),
        Text(row.since),
        Text(row.who, style="" if "nobody" not in row.who else "bold red"),
        Text(row.due),
    ]


def _short(row: Row) -> list[Text]:
    told = f"{row.scope}  {row.numbers}\n{row.what}\n{row.since}  {row.due}"
    return [Text(told), Text(row.who, style="" if "nobody" not in row.who else "bold red")]
