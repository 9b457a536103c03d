"""``fenghuo intake``: the door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fenghuo.cli.exits import sentences
from fenghuo.cli.given import ConfigFolder


@sentences
def intake(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the HTTP door.")] = 8710,
    host: Annotated[str, typer.Option(help="Address to listen on; beyond this machine only behind TLS.")] = "127.0.0.1",
    config: ConfigFolder = None,
    folder: Annotated[Path | None, typer.Option(help="A folder to watch for files.")] = None,
    folder_source: Annotated[str, typer.Option(help="The source that its files belong to.")] = "folder",
    bridge: Annotated[list[str] | None, typer.Option(help="TOPIC=SOURCE: a Kafka topic that others write.")] = None,
    heartbeat: Annotated[
        bool, typer.Option(help="Marks of its own; not while history or a simulation lags behind life.")
    ] = True,
) -> None:
    """Take mentions and case events by HTTP, from a watched folder and from other people's Kafka topics."""
    import asyncio
    import logging

    from fenghuo.cli.configs import config_folder
    from fenghuo.intake import IntakeOptions, run_intake
    from fenghuo.settings import Runtime, load_config

    runtime = Runtime()
    logging.basicConfig(level=runtime.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    pairs = tuple(_pair(one) for one in bridge or ())
    options = IntakeOptions(host, port, folder, folder_source, pairs, heartbeat)
    asyncio.run(run_intake(runtime, load_config(config_folder(config, runtime)), options))


def _pair(text: str) -> tuple[str, str]:
    topic, equals, source = text.partition("=")
    if not (topic and equals and source):
        raise typer.BadParameter(f"--bridge takes TOPIC=SOURCE, for instance crm.tickets=crm; got {text!r}")
    return topic, source
