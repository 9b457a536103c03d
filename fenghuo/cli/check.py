"""``fenghuo check``: every mistake in the settings, with file and line where it has one."""

from __future__ import annotations

import typer

from fenghuo.cli.exits import FAILED, sentences
from fenghuo.cli.given import ConfigFolder


@sentences
def check(
    config: ConfigFolder = None,
) -> None:
    """Read all settings and explain what is wrong or contradicts itself; exit code 1 if anything does."""
    from rich.console import Console
    from rich.markup import escape

    from contracts.clock import SystemClock
    from fenghuo.cli.configs import config_folder
    from fenghuo.settings import Runtime, load_config, outside_problems, problems

    runtime = Runtime()
    folder = config_folder(config, runtime)
    settings = load_config(folder)
    found = [*problems(settings, SystemClock().now()), *outside_problems(runtime, settings)]
    console = Console(highlight=False, soft_wrap=True)
    for sentence in found:
        console.print(sentence, style="yellow", markup=False)
    if found:
        console.print(f"{len(found)} problems in {folder}", markup=False)
        raise typer.Exit(FAILED)
    console.print(f"[green]good:[/green] {escape(str(folder))}")
