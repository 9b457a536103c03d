"""``fenghuo plan list|show|start|done|skip|close|drill|report``: response plans (应急预案)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.doctor import Var
from fenghuo.cli.exits import BAD_INPUT, leave, sentences
from fenghuo.cli.plan_args import (
    ConfigFolder,
    author,
    brand_of,
    level_of,
    plan_of,
    plans_of,
    proof,
    run_of,
    runtime_at,
    send,
    write_report,
    zone_of,
)

if TYPE_CHECKING:
    from rich.console import Console

    from alerts.plans.settings import Level, Plan, Start

plan = typer.Typer(help="Response plans (应急预案): who does what by when.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the plan; see fenghuo plan list.")]
RunName = Annotated[str, typer.Argument(help="Id of the run (its beginning).")]
TaskName = Annotated[str, typer.Argument(help="Name of the task.")]
By = Annotated[str | None, typer.Option(help="Who did it; you, if not given.")]
Note = Annotated[str, typer.Option(help="What is to be remembered of it.")]
LevelOption = Annotated[str, typer.Option(help="I, II, III or IV; I is the gravest.")]


@plan.command("list")
@sentences
def list_plans(config: ConfigFolder = None) -> None:
    """All plans, with what starts them."""
    from rich.console import Console
    from rich.table import Table

    table = Table("plan", "title", "tasks", "started by")
    for one in plans_of(config).plans:
        starts = "\n".join(map(_start_words, one.starts))
        table.add_row(one.name, one.title.both, str(len(one.tasks)), starts or "hand alone")
    Console().print(table)


@plan.command("show")
@sentences
def show_plan(name: Name, level: LevelOption = "I", config: ConfigFolder = None) -> None:
    """One plan: tasks of a level with owner, deadline and checklist, clocks, templates."""
    from rich.console import Console

    _show(plan_of(plans_of(config), name), level_of(level), Console(highlight=False, soft_wrap=True))


@plan.command("start")
@sentences
def start_plan(
    name: Name,
    brand: Annotated[str | None, typer.Option(help="Brand it is for; that of the incident, if not given.")] = None,
    incident: Annotated[str | None, typer.Option(help="Open incident that carries it and tells of it.")] = None,
    level: LevelOption = "II",
    as_drill: Annotated[bool, typer.Option("--drill", help="Tell nobody outside.")] = False,
    by: By = None,
    note: Note = "",
    config: ConfigFolder = None,
    var: Var = Path("var"),
) -> None:
    """Start a plan in the running pipeline; every step stands in the ledger from then."""
    from alerts.plans.fellow import run_id
    from contracts.records import CommandKind
    from fenghuo.commands import new_command

    chosen, grade = plan_of(plans_of(config), name), level_of(level)
    runtime, clock = runtime_at(var)
    args = {"do": "start", "plan": name, "level": grade.value, "drill": as_drill, "incident": incident or ""}
    who = brand or brand_of(incident, runtime)
    command = new_command(CommandKind.PLAN, who, author(by), clock, args, note)
    send(command, runtime)
    _begun(chosen, run_id(name, command.id), grade.value)


@plan.command("done")
@sentences
def task_done(run: RunName, task: TaskName, by: By = None, note: Note = "", var: Var = Path("var")) -> None:
    """A task of a run is done."""
    _step("done", run, task, by, note, var)


@plan.command("skip")
@sentences
def task_skipped(run: RunName, task: TaskName, by: By = None, note: Note = "", var: Var = Path("var")) -> None:
    """A task of a run is not needed this time; say why with --note."""
    _step("skip", run, task, by, note, var)


@plan.command("close")
@sentences
def close_run(run: RunName, by: By = None, note: Note = "", var: Var = Path("var")) -> None:
    """A run is over."""
    _step("close", run, "", by, note, var)


@plan.command("drill")
@sentences
def drill_plan(
    name: Name,
    brand: Annotated[str, typer.Option(help="Brand that is practised for.")] = "drill",
    level: LevelOption = "I",
    script: Annotated[Path | None, typer.Option(help="Steps, a line each: +12m done TASK PERSON NOTE.")] = None,
    by: By = None,
    tz: Annotated[str | None, typer.Option(help="Zone of the times, like Asia/Shanghai.")] = None,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("var/plans"),
    config: ConfigFolder = None,
) -> None:
    """Practise a plan on paper: no pipeline runs and nobody is told; the report shows every step, time and person.

    Without a script each task is done by its owner at its deadline.
    """
    import secrets

    from alerts.plans.machine import Begin
    from contracts.clock import SystemClock
    from fenghuo.runs import drill, read_script

    chosen = plan_of(plans_of(config), name)
    steps = None if script is None else read_script(script, chosen)
    now = SystemClock().now().replace(microsecond=0)
    begin = Begin(f"{name}-drill-{secrets.token_hex(3)}", brand, level_of(level), now, author(by), drill=True)
    events = drill(chosen, begin, steps)
    write_report(events, zone_of(tz, config), out)


@plan.command("report")
@sentences
def report_run(
    run: Annotated[str | None, typer.Argument(help="Id of the run (its beginning); the newest, if not given.")] = None,
    tz: Annotated[str | None, typer.Option(help="Zone of the times, like Asia/Shanghai.")] = None,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("var/plans"),
    config: ConfigFolder = None,
    var: Var = Path("var"),
) -> None:
    """Write what happened in a run, as a page and as Markdown: every step, time and person, as the ledger has them."""
    runtime, _ = runtime_at(var)
    write_report(run_of(run, runtime), zone_of(tz, config), out, proof(runtime))


def _start_words(start: Start) -> str:
    from contracts.records import SignalKind

    kinds = "any kind" if len(start.kind) == len(SignalKind) else ", ".join(start.kind)
    where = "".join(f", {name} {' or '.join(values)}" for name, values in start.where.items())
    return f"{start.tier.value}: {kinds}{where}"


def _step(what: str, run: str, task: str, by: str | None, note: str, var: Path) -> None:
    from rich.console import Console

    from contracts.records import CommandKind
    from fenghuo.commands import new_command

    runtime, clock = runtime_at(var)
    first = run_of(run, runtime)[0]
    known = {sheet.name for event in run_of(run, runtime) for sheet in event.tasks}
    if task and task not in known:
        leave(f"run {first.run} has no task {task}; it has: {', '.join(sorted(known))}", BAD_INPUT)
    who = author(by)
    args = {"do": what, "run": first.run, "task": task, "by": who}
    send(new_command(CommandKind.PLAN, first.brand, who, clock, args, note), runtime)
    Console().print(f"sent: {what} {task} of {first.run}", markup=False, highlight=False)


def _begun(chosen: Plan, run: str, level: str) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{chosen.title.both}: run {run} at level {level}", markup=False)
    console.print(f"next: fenghuo plan done {run} TASK; fenghuo plan report {run}", markup=False)


def _show(chosen: Plan, level: Level, console: Console) -> None:
    from alerts.plans.report import length

    console.print(f"{chosen.title.both}\n{chosen.purpose.both}\n", markup=False)
    for task in chosen.tasks:
        if level.covers(task.level):
            owner = chosen.role(task.owner)
            who = owner.title.both if owner else task.owner
            console.print(f"{length(task.within):>12}  {task.name}: {task.title.both} · {who}", markup=False)
            for item in task.checklist:
                console.print(f"{'':14}□ {item.both}", markup=False)
    for clock in chosen.clocks:
        if level in clock.levels:
            text = f"{length(clock.within):>12}  {clock.title.both} ← {clock.met_by}"
            console.print(text, markup=False, style="yellow")
    for template in chosen.templates:
        console.print(f"\n{template.title.both} ({template.name})\n{template.zh}\n{template.en}", markup=False)
