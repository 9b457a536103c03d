"""The intake process: the HTTP door, a watched folder, and a bridge from other people's Kafka topics."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from contracts.clock import Clock, SystemClock
from contracts.codec import encode
from contracts.errors import Conflict, InvalidSettings
from contracts.ports import Bus, Out
from contracts.records import DeadLetter
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.acknowledging import ack_pages
from fenghuo.adapters.bridge import Bridge
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.doors import file_tools
from fenghuo.local.source_tokens import with_tokens
from fenghuo.settings import Config, Runtime
from streams.batch import outs
from streams.door import Deps, Door
from streams.sources.arrange import play
from streams.sources.files import FileOptions
from streams.sources.folder import Folder
from streams.sources.http import create_app
from streams.sources.load import load
from streams.sources.mapping import shown_name
from streams.subjects import SubjectFinder
from streams.text.mask import Masker, pseudonym

log = logging.getLogger("fenghuo.intake")

GRACE_SECONDS = 3
"""For so long requests that wait for the log are waited for at the end; then their senders hear nothing."""


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What was asked on the command line."""

    host: str
    port: int
    folder: Path | None = None
    folder_source: str = "folder"
    bridges: tuple[tuple[str, str], ...] = ()
    """(topic, source) pairs."""
    heartbeat: bool = True


def dead_sink(bus: Bus, partitions: int) -> Callable[[Sequence[DeadLetter]], Awaitable[None]]:
    """Keeps dead letters in their topic."""

    async def keep(letters: Sequence[DeadLetter]) -> None:
        await bus.send([Out(Topic.DEAD, one.id, encode(one), partition_of(one.id, partitions)) for one in letters])

    return keep


def make_deps(runtime: Runtime, config: Config, bus: Bus, clock: Clock, *, heartbeat: bool) -> Deps:
    """What the door needs, from settings."""
    key = runtime.secret_key()
    sources = config.sources
    if runtime.simulator_token is not None:
        sources = with_tokens(sources, runtime.simulator_token.get_secret_value())
    return Deps(
        sources=sources,
        mask=Masker(key),
        pseudonym=partial(pseudonym, key),
        finder=SubjectFinder(config.subjects),
        bus=bus,
        dead=dead_sink(bus, runtime.partitions),
        clock=clock,
        partitions=runtime.partitions,
        heartbeat=heartbeat,
    )


def listen(host: str, port: int, name: str = "intake") -> socket.socket:
    """A socket that listens there; raises Conflict."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = f"{name} cannot listen on {host} port {port} ({error.strerror}); choose another --host or --port"
        raise Conflict(reason) from error


def quiet_server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """Serves ``app`` without a line for each request, and ends within :data:`GRACE_SECONDS`."""
    waits = GRACE_SECONDS
    return uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=waits
        )
    )


async def run_intake(runtime: Runtime, config: Config, options: IntakeOptions) -> None:
    """Serve until a signal; what was acknowledged is in Kafka. Raises Conflict when the port cannot be had."""
    with listen(options.host, options.port) as listening:
        await _serve(runtime, config, options, listening)


async def _serve(runtime: Runtime, config: Config, options: IntakeOptions, listening: socket.socket) -> None:
    clock = SystemClock()
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    deps = make_deps(runtime, config, bus, clock, heartbeat=options.heartbeat)
    app = create_app(deps)
    pages = ack_pages(runtime, bus, clock)
    if pages is not None:
        app.include_router(pages)
    server = quiet_server(app, options.host, options.port)
    beside = _beside(runtime, config, options, app.state.door, bus, clock)
    tasks: list[asyncio.Task[None]] = [asyncio.create_task(one) for one in beside]

    def ended(task: asyncio.Task[None]) -> None:
        """A bridge or a folder never ends by itself: then the process ends, and whoever supervises it hears why."""
        server.should_exit = True

    for task in tasks:
        task.add_done_callback(ended)
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in tasks:
            task.cancel()
        try:
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
        finally:
            await bus.stop()


def _beside(
    runtime: Runtime, config: Config, options: IntakeOptions, door: Door, bus: Bus, clock: Clock
) -> list[Coroutine[Any, Any, None]]:
    running: list[Coroutine[Any, Any, None]] = []
    for topic, source in options.bridges:
        if source not in door.guests:
            raise InvalidSettings("sources.yaml", f"has no source {source}, which the bridge from {topic} needs")
        running.append(Bridge(runtime.kafka, f"{runtime.prefix}bridge", topic, source, door).run())
    if options.folder is not None:
        if options.folder_source not in door.guests:
            raise InvalidSettings("sources.yaml", f"has no source {options.folder_source}, which the folder needs")
        running.append(Folder(options.folder, FolderTaker(runtime, config, options.folder_source, bus, clock)).run())
    return running


class FolderTaker:
    """Reads one dropped file into the log: all of it, or again at the next look."""

    def __init__(self, runtime: Runtime, config: Config, source: str, bus: Bus, clock: Clock) -> None:
        self._runtime = runtime
        self._config = config
        self._source = next(one for one in config.sources.sources if one.name == source)
        self._bus = bus
        self._clock = clock
        self._dead = dead_sink(bus, runtime.partitions)

    async def __call__(self, path: Path) -> None:
        """Load in a thread, then send row by row group; raises InvalidFile or Recoverable."""
        given = self._source
        key = self._runtime.secret_key()
        options = FileOptions(
            tz=given.tz, brand=given.brand, channel=given.channel, extra=given.extra, key=key, source=given.name
        )
        tools = file_tools(self._config, key)
        most = self._config.sources.intake.max_brands
        now = self._clock.now()
        loaded = await asyncio.to_thread(load, path, options, tools, at=now, max_brands=most)
        await self._dead(loaded.letters)
        for placed in play(loaded.rows, loaded.source, self._runtime.partitions):
            await self._bus.send(outs(placed))
        log.info("%s: %d mentions taken, %d rows refused", shown_name(path.name), len(loaded.rows), len(loaded.letters))
