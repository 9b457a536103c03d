"""``fenghuo doctor``: how every part does, as a table; exit code 1 and a sentence for each problem."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from fenghuo.cli.exits import FAILED, sentences

if TYPE_CHECKING:
    from fenghuo.health import Health
    from fenghuo.settings import Runtime


Var = Annotated[Path, typer.Option(help="Folder of a local stack; not needed with FENGHUO_KAFKA set.")]


@sentences
def doctor(var: Var = Path("var")) -> None:
    """Lag, last mark and last snapshot of each stage; Kafka, topics, Redis, store, disk."""
    from contracts.clock import SystemClock
    from dashboards.store.opened import open_store
    from fenghuo.adapters.snapshots import FileSnapshots
    from fenghuo.health import examine
    from fenghuo.settings import load_config

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    runtime, clock = runtime_of(var), SystemClock()
    panes = load_config(runtime.config).panes
    snapshots = FileSnapshots(runtime.snapshot_folder, runtime.secret_key())
    health = asyncio.run(examine(runtime, panes, lambda: open_store(runtime.store, clock), snapshots, clock))
    show(health, Console())
    if health.problems:
        raise typer.Exit(FAILED)


def runtime_of(var: Path) -> Runtime:
    """The environment's settings where they name a Kafka; otherwise those of the local stack in ``var``. The folder of
    settings is found from anywhere, as by :func:`~fenghuo.cli.configs.config_folder`."""
    from fenghuo.cli.configs import config_folder
    from fenghuo.local.children import settings
    from fenghuo.local.stack import Stack
    from fenghuo.settings import Runtime

    runtime = Runtime()
    stack = None if "kafka" in runtime.model_fields_set else Stack.known(var.absolute())
    if stack is not None:
        return Runtime(**settings(stack))
    return runtime.model_copy(update={"config": config_folder(None, runtime)})


def show(health: Health, console: Console) -> None:
    """Two tables and the problems."""
    parts = Table("part", "found", "")
    for part in health.parts:
        parts.add_row(part.name, part.found, "[red]problem[/red]" if part.problem else "[green]good[/green]")
    console.print(parts)
    if health.stages:
        stages = Table("stage", "partition", "lag", "last mark", "last snapshot")
        for one in health.stages:
            stages.add_row(one.stage, str(one.partition), f"{one.lag:,}", _short(one.mark), (one.snapshot or "-")[:12])
        console.print(stages)
    for problem in health.problems:
        console.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)


def _short(mark: str) -> str:
    """A time that fits a narrow terminal."""
    return f"{datetime.fromisoformat(mark):%m-%d %H:%M:%S}" if mark else "-"
