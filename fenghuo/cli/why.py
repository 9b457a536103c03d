"""``fenghuo why``: why was I (not) told? What became of each signal of an incident or a brand."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences

if TYPE_CHECKING:
    from alerts.why import Answer


@sentences
def why(
    incident: Annotated[str | None, typer.Argument(help="The beginning of the incident's id.")] = None,
    scope: Annotated[str | None, typer.Option(help="A brand instead: all its last signals, told or not.")] = None,
    replayed: Annotated[Path | None, typer.Option("--replay", help="Of a replay: the folder of its --out.")] = None,
    most: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    var: Var = Path("var"),
) -> None:
    """Why was I (not) told? Each signal with its rule, its tier, what it changed, and what kept it from being told."""
    if (incident is None) == (scope is None):
        leave("give the id of an incident, or --scope BRAND", BAD_INPUT)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    if replayed is not None:
        answers, brands = _replayed(incident, scope, replayed / "why.ndjson")
    else:
        answers, brands = asyncio.run(_answers(incident, scope, var))
    if not answers:
        named = f"incident {incident}" if incident else f"brand {scope}"
        hint = f"; it is a brand: give it as --scope {incident}" if incident in brands else ""
        leave(f"no signal of {named} is remembered{hint}; brands with signals: {', '.join(brands) or 'none'}", FAILED)
    show(answers[-most:], Console(highlight=False, soft_wrap=True))


async def _answers(incident: str | None, scope: str | None, var: Path) -> tuple[list[Answer], list[str]]:
    from fenghuo.live import Live, connected

    async with connected(runtime_of(var)) as (deps, _):
        live = await Live.look(deps)
    brand = (scope or "").removeprefix("brand=")
    return (live.about(incident) if incident else live.answers(brand)), live.brands()


def _replayed(incident: str | None, scope: str | None, path: Path) -> tuple[list[Answer], list[str]]:
    from alerts.why import WhyBook

    book = WhyBook.read(path.read_bytes(), str(path))
    brand = (scope or "").removeprefix("brand=")
    return (book.about(incident) if incident else book.of(brand)), book.brands()


def show(answers: Sequence[Answer], console: Console) -> None:
    """One line a signal, then how often each reason came."""
    for one in answers:
        console.print(f"{one.at:%Y-%m-%d %H:%M:%S} {one.series} {one.sentence()}", markup=False)
    reasons = Counter(one.reason.value for one in answers)
    counted = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    console.print(f"{len(answers)} signals, {sum(one.told for one in answers)} told: {counted}", markup=False)
