"""``fenghuo import-history``: the past into the pipeline; it trains, fills dashboards, and tells nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fenghuo.cli.doctor import Var, runtime_of
from fenghuo.cli.exits import sentences
from fenghuo.cli.given import Brand, Channel, Columns, ConfigFolder, Encoding, Files, Tz

if TYPE_CHECKING:
    from fenghuo.settings import Runtime
    from streams.sources.load import Loaded


@sentences
def import_history(
    files: Files,
    columns: Columns = None,
    tz: Tz = None,
    encoding: Encoding = "auto",
    brand: Brand = None,
    channel: Channel = None,
    config: ConfigFolder = None,
    var: Var = Path("var"),
) -> None:
    """Send files into the running pipeline as history: detectors learn, dashboards fill, nobody is told.

    Import before sources go live: what lies behind the live watermark is shown as late and trains nothing.
    """
    import asyncio

    from rich.console import Console

    from contracts.clock import SystemClock
    from fenghuo.cli.configs import config_folder
    from fenghuo.cli.filework import load_files, options_from
    from fenghuo.settings import load_config

    runtime = runtime_of(var)
    runtime.secret_key()
    settings = load_config(config_folder(config, runtime))
    loaded = load_files(files, options_from(columns, tz, encoding, brand, channel), settings, runtime, SystemClock())
    asyncio.run(_send(loaded, runtime))
    Console().print(
        f"{len(loaded.rows):,} mentions sent as history, {len(loaded.letters):,} rows refused (fenghuo dead list)."
    )


async def _send(loaded: Loaded, runtime: Runtime) -> None:
    from contracts.clock import SystemClock
    from fenghuo.adapters.kafka import KafkaBus
    from fenghuo.cli.progress import bar
    from fenghuo.history import send_history

    bus = KafkaBus(runtime.kafka, runtime.prefix)
    try:
        with bar("importing", len(loaded.rows)) as told:
            await send_history(loaded, bus, runtime.partitions, SystemClock(), told)
    finally:
        await bus.stop()
