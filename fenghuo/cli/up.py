"""``fenghuo up``: the local stack in one command, with warnings in the terminal."""

from __future__ import annotations

import asyncio
import logging
from datetime import tzinfo
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from alerts.notify import render
from contracts.clock import SystemClock
from contracts.records import IncidentEvent, IncidentEventKind, Tier
from fenghuo.cli.exits import sentences
from fenghuo.local.run import Options, Run
from fenghuo.local.stack import FIRST_PORT

STYLES = {Tier.BLUE: "bold blue", Tier.YELLOW: "bold yellow", Tier.ORANGE: "bold dark_orange", Tier.RED: "bold red"}


class Terminal:
    """A terminal, or a plain file: lines, warnings coloured by tier, one bar at a time."""

    def __init__(self, console: Console, zone: tzinfo | None) -> None:
        self._console = console
        self._zone = zone
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, sentence: str) -> None:
        """One line."""
        self._print(sentence, "")

    def warning(self, event: IncidentEvent) -> None:
        """One coloured line with tier, scope, reason and numbers."""
        calm = event.event in (IncidentEventKind.RESOLVED, IncidentEventKind.DEMOTED)
        text = render.line(event) if self._zone is None else render.line(event, self._zone)
        self._print(text, "green" if calm else STYLES[event.tier])

    def progress(self, what: str, done: float, total: float) -> None:
        """Move the bar; a full one goes away."""
        if done >= total:
            self._bar.stop()
            if self._task is not None:
                self._bar.remove_task(self._task)
                self._task = None
            return
        if self._task is None:
            self._task = self._bar.add_task(what, total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total, description=what)

    def _print(self, text: str, style: str) -> None:
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


@sentences
def up(
    speed: Annotated[float, typer.Option(min=1, help="How much faster than life the last day is played.")] = 600,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes, at most one for each partition.")] = 2,
    var: Annotated[Path, typer.Option(help="Folder of everything it keeps.")] = Path("var"),
    config: Annotated[Path, typer.Option(help="Folder of the settings.")] = Path("config"),
    days: Annotated[int, typer.Option(min=0, max=400, help="Days of simulated history before the day.")] = 28,
    partitions: Annotated[int, typer.Option(min=1, max=256, help="Partitions of every topic.")] = 6,
    port: Annotated[
        int, typer.Option(min=1024, max=65000, help="First of five ports in a row; intake's.")
    ] = FIRST_PORT,
) -> None:
    """Start real Kafka and Valkey, intake and workers; replay a day, then stay live until Ctrl-C."""
    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = Options(var.absolute(), config.absolute(), port, partitions, min(workers, partitions), days, speed)
    zone = SystemClock().now().astimezone().tzinfo
    with Terminal(console, zone) as screen:
        asyncio.run(Run(options, screen).go())
    console.print("Everything that was started here has ended.")
