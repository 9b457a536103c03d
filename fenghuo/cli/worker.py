"""``fenghuo worker``: one worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.exits import sentences
from fenghuo.stages import STAGES


@sentences
def worker(
    config: Annotated[
        Path | None, typer.Option(help="Folder with rules/ and the *.yaml; FENGHUO_CONFIG otherwise.")
    ] = None,
    stages: Annotated[str, typer.Option(help="Stages to run, separated by commas.")] = ",".join(STAGES),
) -> None:
    """Count, detect, decide, notify, record and fill the live view: everything behind intake, for its partitions."""
    from fenghuo.settings import Runtime, load_config
    from fenghuo.worker import run_worker

    chosen = tuple(name.strip() for name in stages.split(","))
    unknown = sorted(set(chosen) - set(STAGES))
    if unknown:
        raise typer.BadParameter(f"no stage is called {', '.join(unknown)}; there are {', '.join(STAGES)}")
    runtime = Runtime()
    run_worker(runtime, load_config(config or runtime.config), chosen)
