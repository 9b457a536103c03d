"""``fenghuo up``: the local stack in one command, with warnings in the terminal."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.exits import sentences
from fenghuo.local.ports import FIRST_PORT


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
    from rich.console import Console

    from contracts.clock import SystemClock
    from fenghuo.local.run import Options, Run
    from fenghuo.local.terminal import Terminal

    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = Options(var.absolute(), config.absolute(), port, partitions, min(workers, partitions), days, speed)
    zone = SystemClock().now().astimezone().tzinfo
    with Terminal(console, zone) as screen:
        asyncio.run(Run(options, screen).go())
    console.print("Everything that was started here has ended.")
