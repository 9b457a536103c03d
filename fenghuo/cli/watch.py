"""``fenghuo watch``: the duty board in a terminal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, leave, sentences

if TYPE_CHECKING:
    from contracts.clock import Clock
    from contracts.errors import Recoverable
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
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    var: Var = Path("var"),
) -> None:
    """Show what is open, live: tier, why, since when, how far from usual, who has it, what is due. Ctrl-C ends it."""
    from contracts.clock import SystemClock
    from fenghuo.wiring import make_view

    if lang not in ("zh", "en"):
        leave(f"{lang} is no language here; choose zh or en", BAD_INPUT)
    logging.disable(logging.CRITICAL)  # what would be logged is said on the board
    runtime, console = runtime_of(var), Console(highlight=False)
    with suppress(KeyboardInterrupt):
        asyncio.run(_watch(boards(make_view(runtime), brand, SystemClock(), lang), console, once=once))


async def _watch(told: AsyncIterator[Board | Recoverable], console: Console, *, once: bool) -> None:
    """Draw boards as they come; ``once`` ends after the first, and raises what kept it away."""
    last: Board | None = None
    if once or not console.is_terminal:
        async for one in told:
            if isinstance(one, Exception):
                if once:
                    raise one
            elif last is None or one.incidents != last.incidents:
                show(one, console)
                last = one
            if once:
                return
        return
    with Live(console=console, auto_refresh=False, screen=True) as live:
        held: RenderableType = Text("…")
        async for one in told:
            if isinstance(one, Exception):
                live.update(Group(Text(f"{one}; what follows is how it was", style="bold red"), held), refresh=True)
            else:
                held = drawn(one, console.width)
                live.update(held, refresh=True)


async def boards(
    view: LiveView, brand: str | None, clock: Clock, lang: str = "zh"
) -> AsyncGenerator[Board | Recoverable, None]:
    """The board, and again whenever something changed or a second has passed; an error while the view is away."""
    from contracts.errors import Recoverable
    from fenghuo.board import Pace, board, read

    pace, changed = Pace(), asyncio.Event()
    listening = asyncio.create_task(_listen(view, changed))
    try:
        while True:
            try:
                held = await read(view, brand)
                yield board(held, pace.now(held.reached, clock.now()), "en" if lang == "en" else "zh")
            except Recoverable as error:
                yield error
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
        "\t".join(
            (row.tier.value, row.scope, row.what, row.numbers, row.since, row.who, "; ".join(row.due), row.incident)
        )
        for row in seen.rows
    ]
    return [*rows, _title(seen), *seen.notes]


def drawn(seen: Board, width: int) -> RenderableType:
    """The board for a terminal of this width."""
    zh = seen.lang == "zh"
    heads: tuple[str, ...] = (
        ("范围", "为何", "实际 / 预期", "自", "谁", "下一步")
        if zh
        else ("scope", "why", "seen / usual", "since", "who", "next")
    )
    if width < NARROW:
        heads = ("事件", "谁") if zh else ("incident", "who")
    table = Table("", *heads, expand=True)
    table.columns[0].no_wrap = True
    for row in seen.rows:
        name = HANZI[row.tier.value] if zh else row.tier.value.upper()
        tier = Text(f" {name} ", style=STYLES[row.tier.value])
        table.add_row(tier, *(_short(row) if width < NARROW else _long(row)))
    head = Text(_title(seen), style="bold")
    foot = [Text(note, style="red" if "down" in note or "中断" in note else "dim") for note in seen.notes]
    return Group(head, table, *foot) if seen.rows else Group(head, *foot)


def _title(seen: Board) -> str:
    zh = seen.lang == "zh"
    if not seen.rows:
        return "烽火 · 无警" if zh else "Fenghuo · all quiet"
    counts = "  ".join(f"{HANZI[tier.value] if zh else tier.value} {count}" for tier, count in seen.by_tier.items())
    return f"{'烽火' if zh else 'Fenghuo'} · {counts}"


def _long(row: Row) -> list[Text]:
    numbers = Text(row.numbers, justify="right", no_wrap=True)
    return [Text(row.scope, style="bold"), Text(row.what), numbers, Text(row.since), _who(row), _next(row)]


def _short(row: Row) -> list[Text]:
    return [Text("\n".join((f"{row.scope}  {row.numbers}", row.what, row.since, *row.due))), _who(row)]


def _who(row: Row) -> Text:
    return Text(row.who, style="" if row.held else "bold red")


def _next(row: Row) -> Text:
    return Text("\n".join(row.due))
