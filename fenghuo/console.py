"""The console process: the pages, the REST API under ``/v1``, and the acknowledgement page, over the running pipeline.

It decides nothing and keeps nothing: reads come from the live view, the series store and the log, writes become
commands in the log. Any number of these processes may run side by side.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from redis.asyncio import Redis
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from alerts.plans.events import PlanEvent
from alerts.rest.app import make_api
from alerts.rest.office import Office
from contracts.clock import Clock, SystemClock
from contracts.ports import Bus
from contracts.view import LiveView
from fenghuo.acknowledging import ack_pages
from fenghuo.adapters.endings import RedisEndings
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.desk.books import LiveBooks
from fenghuo.desk.cases import LiveCases
from fenghuo.desk.letters import LogLetters
from fenghuo.desk.moves import LogMoves
from fenghuo.desk.papers import ConfigPapers
from fenghuo.desk.pen import ConsoleCommands, LogPen
from fenghuo.desk.texts import LogTexts
from fenghuo.desk.vocabulary import vocabulary
from fenghuo.following import ledger_store
from fenghuo.intake import listen, quiet_server
from fenghuo.live import deps_of
from fenghuo.people.file import PeopleFile
from fenghuo.people.telling import keep_telling
from fenghuo.runs import runs_of
from fenghuo.settings import Config, Runtime
from fenghuo.wiring import make_view

log = logging.getLogger("fenghuo.console")


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """What was asked on the command line."""

    host: str
    port: int
    pages: bool = True
    """Whether it has pages for people beside the API."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What API and pages share."""

    runtime: Runtime
    config: Config
    view: LiveView
    people: PeopleFile
    books: LiveBooks
    pen: LogPen
    clock: Clock

    @classmethod
    def over(cls, runtime: Runtime, config: Config, bus: Bus, view: LiveView, clock: Clock) -> Desk:
        """Over a running pipeline."""
        books = LiveBooks(partial(deps_of, runtime, config), partial(ledger_runs, runtime))
        pen = LogPen(bus, runtime.partitions, books, clock)
        return cls(runtime, config, view, PeopleFile(runtime.people_file), books, pen, clock)

    def office(self) -> Office:
        """What the API is made of."""
        return Office(
            view=self.view,
            tokens=self.people,
            pen=self.pen,
            books=self.books,
            clock=self.clock,
            duty=self.config.duty,
            plans=self.config.plans,
            zone=self.config.receivers.zone,
        )


def ledger_runs(runtime: Runtime) -> dict[str, list[PlanEvent]]:
    """Runs of plans as the ledger has them."""
    return runs_of(list(ledger_store(runtime).read()))


def make_pages(desk: Desk) -> FastAPI:
    """The pages for people; raises Unavailable when the browser's libraries cannot be fetched."""
    from dashboards.console.app import make_app
    from dashboards.console.libraries import fetch
    from dashboards.console.parts import Parts
    from dashboards.store.opened import open_store
    from fenghuo.tuning.desk import TuningDesk

    runtime, config = desk.runtime, desk.config
    password = runtime.var / "secrets" / "admin"
    store = open_store(runtime.store, desk.clock)
    commands = ConsoleCommands(desk.pen, desk.clock)
    moves = LogMoves(desk.pen, desk.books, config.panes, desk.clock)
    known_for = timedelta(hours=config.detect.copies_hours)
    return make_app(
        Parts(
            view=desk.view,
            store=store,
            people=desk.people,
            commands=commands,
            clock=desk.clock,
            key=hashlib.blake2b(runtime.secret_key(), digest_size=32, person=b"console").digest(),
            libraries=fetch(runtime.var / "console"),
            vocabulary=vocabulary(config.taxonomy),
            papers=ConfigPapers(runtime.config, config, desk.books, desk.pen, desk.clock),
            letters=LogLetters(runtime),
            texts=LogTexts(KafkaLog(runtime.kafka, runtime.prefix), runtime.partitions, known_for=known_for),
            casework=LiveCases(desk.books),
            endings=RedisEndings(Redis.from_url(runtime.redis.get_secret_value(), socket_timeout=5), runtime.prefix),
            tuning=TuningDesk(config.detect, store, moves, desk.clock),
            zone=ZoneInfo(config.receivers.zone),
            secure=runtime.url.startswith("https://"),
            hint=f"admin · {password}" if password.exists() else "",
        )
    )


def compose(
    api: ASGIApp, pages: ASGIApp | None, living: Callable[[], AbstractAsyncContextManager[None]] | None = None
) -> FastAPI:
    """One application: ``/v1`` is the API, ``/healthz`` says that the process answers, the rest is for people.

    ``living`` is entered while it serves.
    """

    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[None]:
        async with living() if living is not None else nullcontext():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=whole)

    @app.get("/healthz")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    app.mount("/v1", api)
    if pages is None:

        @app.get("/")
        async def front() -> Response:
            return RedirectResponse("/v1/openapi.json")

    return app


@asynccontextmanager
async def _at_work(desk: Desk, bus: KafkaBus) -> AsyncIterator[None]:
    """What goes on beside the answering: changes of people go into the ledger; the log is let go of at the end."""
    telling = asyncio.create_task(keep_telling(desk.people, bus, desk.runtime.partitions))
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await bus.stop()


async def run_console(runtime: Runtime, config: Config, options: ConsoleOptions) -> None:
    """Serve until a signal. Raises Conflict when the port cannot be had, Unavailable without the pages' libraries."""
    clock = SystemClock()
    with listen(options.host, options.port, "the console") as listening:
        bus = KafkaBus(runtime.kafka, runtime.prefix)
        desk = Desk.over(runtime, config, bus, make_view(runtime), clock)
        pages = make_pages(desk) if options.pages else None
        app = compose(make_api(desk.office()), pages, lambda: _at_work(desk, bus))
        links = ack_pages(runtime, bus, clock)
        if links is not None:
            app.include_router(links)
        if pages is not None:
            app.mount("/", pages)
        if not desk.people.book().people:
            log.warning("nobody can come in yet: fenghuo people add NAME --role admin")
        server = quiet_server(app, options.host, options.port)
        await server.serve(sockets=[listening])
