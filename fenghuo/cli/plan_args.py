"""What the commands of ``fenghuo plan`` share: finding plans, runs and brands, sending, writing a report."""

from __future__ import annotations

import asyncio
import getpass
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.doctor import runtime_of
from fenghuo.cli.exits import BAD_INPUT, leave

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from alerts.plans.events import PlanEvent
    from alerts.plans.settings import Level, Plan, PlanBook
    from contracts.clock import Clock
    from contracts.records import Command
    from fenghuo.settings import Runtime

ConfigFolder = Annotated[Path | None, typer.Option(help="Folder with plans/ and the other *.yaml.")]


def plans_of(config: Path | None) -> PlanBook:
    """The plans of the settings folder."""
    from alerts.plans.settings import load_plans
    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime

    return load_plans(config_folder(config, Runtime()) / "plans")


def plan_of(book: PlanBook, name: str) -> Plan:
    """The plan of that name, if nothing in it contradicts itself."""
    from alerts.plans.lint import problems_of

    chosen = book.plan(name)
    if chosen is None:
        known = ", ".join(one.name for one in book.plans)
        leave(f"no plan is called {name}; known: {known or 'none'}", BAD_INPUT)
    found = problems_of(chosen, book.places)
    if found:
        more = f" (and {len(found) - 1} more; see fenghuo check)" if len(found) > 1 else ""
        leave(f"{found[0]}{more}", BAD_INPUT)
    return chosen


def level_of(text: str) -> Level:
    """The level that was typed."""
    from alerts.plans.settings import Level

    if text.upper() not in tuple(Level):
        leave("the level must be I, II, III or IV; I is the gravest", BAD_INPUT)
    return Level(text.upper())


def zone_of(tz: str | None, config: Path | None) -> ZoneInfo:
    """The zone that was given, or the one of the receivers."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime, load_config

    if tz is None:
        return ZoneInfo(load_config(config_folder(config, Runtime())).receivers.zone)
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        leave(f"no time zone is called {tz}; write one like Asia/Shanghai", BAD_INPUT)


def author(by: str | None) -> str:
    """Who gives the command."""
    try:
        return (by or getpass.getuser())[:200]
    except (OSError, KeyError):
        return "unknown"


def runtime_at(var: Path) -> tuple[Runtime, Clock]:
    """The settings and the clock; of a folder without a local stack, what is kept in that folder."""
    from contracts.clock import SystemClock

    runtime = runtime_of(var)
    if "var" not in runtime.model_fields_set:
        runtime = runtime.model_copy(update={"var": var})
    return runtime, SystemClock()


def brand_of(incident: str | None, runtime: Runtime) -> str:
    """The brand of an incident, from the series store."""
    from contracts.clock import SystemClock
    from dashboards.store.opened import open_store
    from dashboards.store.refuse import EARLIEST, LATEST

    if incident is None:
        leave("name the brand (--brand) or the incident (--incident)", BAD_INPUT)
    store = open_store(runtime.store, SystemClock())
    found = {one.brand for one in store.incidents(EARLIEST, LATEST) if one.incident == incident}
    store.close()
    if len(found) != 1:
        leave(f"no incident {incident} is recorded; name the brand with --brand", BAD_INPUT)
    return found.pop()


def run_of(name: str | None, runtime: Runtime) -> list[PlanEvent]:
    """The events of one run, as the ledger has them; the newest without a name."""
    from fenghuo.following import ledger_store
    from fenghuo.runs import runs_of

    runs = runs_of(list(ledger_store(runtime).read()))
    if not runs:
        leave("the ledger knows of no run; start one with fenghuo plan start, or name its folder with --var", BAD_INPUT)
    if name is None:
        return runs[list(runs)[-1]]
    fitting = [one for one in runs if one.startswith(name)]
    if name in runs:
        fitting = [name]
    if len(fitting) != 1:
        known = ", ".join(list(runs)[-5:])
        leave(f"{len(fitting)} runs have an id that begins with {name}; the newest: {known}", BAD_INPUT)
    return runs[fitting[0]]


def send(command: Command, runtime: Runtime) -> None:
    """Into the log of its brand."""
    from fenghuo.adapters.kafka import KafkaBus
    from fenghuo.commands import give

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

    async def sending() -> None:
        bus = KafkaBus(runtime.kafka, runtime.prefix)
        try:
            await give(command, bus, runtime.partitions)
        finally:
            await bus.stop()

    asyncio.run(sending())


def proof(runtime: Runtime) -> str:
    """Whether the ledger that a report is made of can be trusted."""
    from alerts.ledger.verify import verify
    from contracts.errors import InvalidSettings
    from fenghuo.following import head_file, ledger_key, ledger_store

    try:
        key = ledger_key(runtime)
    except InvalidSettings:
        return "未核验 not verified: no key here"
    heads, spoiled = head_file(runtime).read()
    verdict = verify([*ledger_store(runtime).read(), *spoiled], heads, key)
    if verdict.good:
        return f"已核验 verified: {verdict.entries:,} entries"
    return f"异常 {len(verdict.findings)} findings: see fenghuo ledger verify"


def write_report(events: Sequence[PlanEvent], zone: ZoneInfo, out: Path, ledger: str = "") -> None:
    """The report of one run as two files, and its Markdown on the screen."""
    from rich.console import Console

    from alerts.plans.report import html, markdown, report

    told = report(events, zone, [("台账 ledger", ledger)] if ledger else [])
    text = markdown(told)
    out.mkdir(parents=True, exist_ok=True)
    page, plain = out / f"{events[0].run}.html", out / f"{events[0].run}.md"
    page.write_text(html(told), encoding="utf-8")
    plain.write_text(text, encoding="utf-8")
    console = Console(highlight=False, soft_wrap=True)
    console.print(text, markup=False)
    console.print(f"written: {page} and {plain}", markup=False)
