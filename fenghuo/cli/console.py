"""``fenghuo console``: pages for people and the REST API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import sentences
from fenghuo.cli.given import ConfigFolder


@sentences
def console(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of pages and API.")] = 8700,
    host: Annotated[str, typer.Option(help="Address to listen on; beyond this machine only behind TLS.")] = "127.0.0.1",
    config: ConfigFolder = None,
    api_only: Annotated[bool, typer.Option("--api-only", help="No pages, only the REST API under /v1.")] = False,
    var: Var = Path("var"),
) -> None:
    """Serve the duty console and the REST API over the running pipeline."""
    import asyncio
    import logging

    from fenghuo.cli.configs import config_folder
    from fenghuo.console import ConsoleOptions, run_console
    from fenghuo.settings import load_config

    runtime = runtime_of(var)
    logging.basicConfig(level=runtime.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    folder = config_folder(config, runtime)
    runtime = runtime.model_copy(update={"config": folder})
    options = ConsoleOptions(host, port, pages=not api_only)
    asyncio.run(run_console(runtime, load_config(folder), options))
