"""``fenghuo page test``: proves a route by really telling its receivers and people."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fenghuo.cli.exits import BAD_INPUT, FAILED, leave, sentences

if TYPE_CHECKING:
    from alerts.duty.settings import DutySettings
    from contracts.records import IncidentEvent, Told
    from fenghuo.settings import Config

page = typer.Typer(help="Paging: prove that a warning reaches people.", no_args_is_help=True)


@page.callback()
def _group() -> None:
    """Keep sub-commands even while there is one."""


@page.command("test")
@sentences
def test(
    tier: Annotated[str, typer.Option(help="Tier of the test: blue, yellow, orange or red.")] = "red",
    brand: Annotated[str, typer.Option(help="Brand of the test; routes may depend on it.")] = "Test",
    step: Annotated[int, typer.Option(min=0, help="Step of the escalation.")] = 0,
    at: Annotated[str | None, typer.Option(help="Who would be paged at this time (ISO 8601, with zone)?")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only show who would be told.")] = False,
    config: Annotated[Path | None, typer.Option(help="Folder with receivers.yaml and duty.yaml.")] = None,
) -> None:
    """Tell the receivers and people of a tier that this is a test; exit code 1 if somebody cannot be reached."""
    from contracts.clock import SystemClock
    from contracts.records import Tier
    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime, load_config

    if tier not in tuple(Tier):
        leave(f"{tier} is no tier; choose {', '.join(Tier)}", BAD_INPUT)
    settings = load_config(config_folder(config, Runtime()))
    event = made(Tier(tier), brand, step, _time(at) or SystemClock().now(), settings.duty)
    console = Console(highlight=False, soft_wrap=True)
    reached = _planned(event, settings, console)
    if dry:
        if not reached:
            leave("this warning would reach nobody; add a route or an escalation", FAILED)
        return
    told = asyncio.run(_told(event, settings))
    show(told, console)
    if not told or not all(any(_of(one) == _of(other) and other.outcome == "sent" for other in told) for one in told):
        raise typer.Exit(FAILED)


@page.command("calendar")
@sentences
def calendar(
    rota: Annotated[str, typer.Argument(help="Name of a rota in duty.yaml.")],
    out: Annotated[Path, typer.Option(help="The iCalendar file to be written.")],
    days: Annotated[int, typer.Option(min=1, max=800, help="How many days from now.")] = 90,
    config: Annotated[Path | None, typer.Option(help="Folder with duty.yaml.")] = None,
) -> None:
    """Write a rota as iCalendar, so that everybody has their duty in their own calendar."""
    from datetime import timedelta

    from alerts.duty.ical import to_ical
    from alerts.duty.load import load_duty
    from contracts.clock import SystemClock
    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime

    duty = load_duty(config_folder(config, Runtime()) / "duty.yaml")
    found = next((one for one in duty.rotas if one.name == rota), None)
    if found is None:
        leave(f"duty.yaml has no rota {rota}; known: {', '.join(one.name for one in duty.rotas) or 'none'}", BAD_INPUT)
    begin = SystemClock().now().replace(second=0, microsecond=0)
    payload = to_ical(found, begin, begin + timedelta(days=days))
    out.write_bytes(payload)
    Console(highlight=False).print(f"{payload.count(b'BEGIN:VEVENT')} shifts in {out}", markup=False)


def made(tier: object, brand: str, step: int, at: datetime, duty: DutySettings) -> IncidentEvent:
    """An event that is plainly a test."""
    from contracts.records import Detail, IncidentEvent, IncidentEventKind, SignalKind, Tier

    wanted = Tier(str(tier))
    paged = step if wanted in duty.escalation else None
    kind = IncidentEventKind.ESCALATED if step else IncidentEventKind.OPENED
    return IncidentEvent(
        incident=f"test{at:%Y%m%d%H%M%S}",
        seq=0,
        event=kind,
        at=at,
        tier=wanted,
        kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": brand, "test": "测试 TEST"},
        reason="by_person",
        observed=0,
        expected=0,
        score=0,
        detail=Detail(note="这是一次测试，没有发生任何事情。This is a test; nothing has happened.", step=paged),
    )


def _time(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        when = datetime.fromisoformat(given)
    except ValueError:
        leave(f"{given} is no time; write 2026-03-02T03:00:00+08:00", BAD_INPUT)
    if when.tzinfo is None:
        leave(f"{given} has no zone; write 2026-03-02T03:00:00+08:00", BAD_INPUT)
    return when


def _planned(event: IncidentEvent, settings: Config, console: Console) -> bool:
    """Say who is meant; whether anybody is."""
    from alerts.duty.rota import paged_first
    from alerts.notify.notifier import receivers_of

    names = receivers_of(event, settings.receivers.routes)
    people = paged_first(settings.duty, event.tier, event.detail.step or 0, event.at)
    console.print(f"{event.tier.value} of {event.brand} goes to: {', '.join(names) or 'no receiver'}", markup=False)
    for one in people:
        console.print(f"and pages {one.name} by {', then '.join(one.channels)}", markup=False)
    return bool(names or people)


async def _told(event: IncidentEvent, settings: Config) -> list[Told]:
    from contracts.clock import SystemClock
    from fenghuo.wiring import make_notifier

    return await make_notifier(settings, SystemClock()).tell(event)


def _of(told: Told) -> str:
    """The person or receiver that an attempt was for."""
    return told.receiver.split("/")[0]


def show(told: list[Told], console: Console) -> None:
    """Every attempt in a row."""
    table = Table("receiver", "outcome", "reason")
    for one in told:
        table.add_row(*map(escape, (one.receiver, one.outcome, one.reason)))
    console.print(table)
