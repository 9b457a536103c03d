"""``fenghuo rebuild``: empties the live view in Redis and fills it again from the log in Kafka."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from fenghuo.cli.doctor import runtime_of
from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from fenghuo.settings import Runtime

Var = Annotated[Path, typer.Option(help="Folder of a local stack; not needed with FENGHUO_KAFKA set.")]


@sentences
def rebuild(var: Var = Path("var")) -> None:
    """Forget what console and API show, and read it again from the log; nobody is told anything."""
    taken, shown = asyncio.run(_rebuilt(runtime_of(var)))
    Console().print(f"{taken:,} records read; {shown:,} open incidents in the live view", highlight=False)


async def _rebuilt(runtime: Runtime) -> tuple[int, int]:
    from redis.asyncio import Redis
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from fenghuo.adapters.kafka import KafkaLog
    from fenghuo.adapters.view_redis import redis_view
    from fenghuo.viewing import rebuild as fill

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} records"))
    async with Redis.from_url(runtime.redis.get_secret_value()) as redis:
        view = redis_view(redis, runtime.prefix)
        with Progress(*columns, transient=True, console=Console(stderr=True)) as progress:
            task = progress.add_task("reading the log", total=None)
            log = KafkaLog(runtime.kafka, runtime.prefix)
            taken = await fill(view, log, runtime.partitions, lambda done: progress.advance(task, done))
        return taken, len(await view.open_incidents())
