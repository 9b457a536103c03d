"""One run of the local stack, from an empty folder to live warnings, and back down in good order.

Order: lock and disk, leftovers of a crashed run, Kafka and Valkey, topics, intake and workers, history, play, live.
Whatever goes wrong anywhere ends the run with its one sentence, after everything that was started has been ended.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from contracts.clock import Clock, SystemClock
from contracts.errors import FenghuoError, InvalidSettings, OutOfSpace, Unavailable
from contracts.records import IncidentEvent
from fenghuo.local import admin, incidents, ports, secrets, space, topics
from fenghuo.local.children import API_ONLY, Children
from fenghuo.local.driver import DAY, DemoDriver, Driver
from fenghuo.local.lock import hold
from fenghuo.local.process import tail
from fenghuo.local.server import Server
from fenghuo.local.source_tokens import simulated, source_token
from fenghuo.local.stack import Layout, Stack
from fenghuo.local.state import UpState, load, save
from fenghuo.local.supervisor import Supervisor, how
from fenghuo.settings import load_config

READY_SECONDS = 60.0
SPACE_SECONDS = 10.0
LEAST_SPACE = 200_000_000
"""Bytes below which a running stack stops while Kafka can still close its files."""
LONGEST_CATCH_UP = 3 * DAY


class Screen(Protocol):
    """Where a run tells what it does."""

    def say(self, sentence: str) -> None:
        """One line."""

    def warning(self, event: IncidentEvent) -> None:
        """An incident event that people are told of."""

    def progress(self, what: str, done: float, total: float) -> None:
        """A bar; done >= total ends it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line."""

    var: Path
    config: Path
    port: int
    partitions: int
    workers: int
    days: int
    speed: float

    def stack(self) -> Stack:
        """The stack with its secrets, made at the first start."""
        made = secrets.keep_all(Layout(self.var).secrets)
        return Stack(self.var, self.config, self.port, self.partitions, self.workers, made)


def demo_driver(stack: Stack, state: UpState, clock: Clock) -> Driver:
    """The simulator, with a token for each of its sources."""
    secret = stack.secrets["intake"]
    sources = simulated(load_config(stack.config).sources)
    tokens = {name: source_token(secret, name) for name in sources}
    return DemoDriver(state.until, state.days, stack.intake_url, tokens, clock)


@dataclass
class Run:
    """One run; :meth:`go` returns when it was told to stop and raises a FenghuoError when it failed."""

    options: Options
    screen: Screen
    children: Children = field(default_factory=Children)
    make_driver: Callable[[Stack, UpState, Clock], Driver] = demo_driver
    clock: Clock = field(default_factory=SystemClock)
    _driver: Driver | None = field(default=None, init=False)
    _writing: asyncio.Task[int] | None = field(default=None, init=False)

    async def go(self) -> None:
        """Everything; SIGINT, SIGTERM and SIGHUP end it in good order."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stopping.set)
        with hold(self.options.var):
            space.check(self.options.var)
            supervisor = Supervisor(Layout(self.options.var).run, self.screen.say)
            try:
                await _first(self._work(supervisor), supervisor.failed(), self._space(), stopping.wait())
            finally:
                if stopping.is_set():
                    self.screen.say("Stopping what was started here.")
                if self._driver is not None:
                    self._driver.stop()
                if self._writing is not None:
                    await asyncio.gather(self._writing, return_exceptions=True)
                await supervisor.stop()

    async def _work(self, supervisor: Supervisor) -> None:
        for name in await asyncio.to_thread(supervisor.clear):
            self.screen.say(f"{name} was left over from an earlier run that was killed, and was ended.")
        stack = self.options.stack()
        self._state = self._resume(stack)
        self._driver = self.make_driver(stack, self._state, self.clock)
        self._writing = asyncio.create_task(self._write_history(stack, self._driver))
        await self._servers(stack, supervisor)
        await self._children(stack, supervisor)
        showing = asyncio.create_task(self._show(stack))
        try:
            await asyncio.gather(self._drive(stack), self._console(stack, supervisor))
            await asyncio.Event().wait()
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    def _resume(self, stack: Stack) -> UpState:
        known = load(stack.var)
        if known is None:
            fresh = UpState(
                until=self.clock.now(),
                days=self.options.days,
                partitions=stack.partitions,
                port=stack.port,
                config=str(stack.config),
            )
            save(stack.var, fresh)
            return fresh
        if known.partitions != stack.partitions:
            raise InvalidSettings(
                str(stack.var),
                f"holds a stack with {known.partitions} partitions, but {stack.partitions} were asked for; say"
                f" --partitions {known.partitions}, or name another folder with --var",
            )
        self.screen.say(
            f"Resuming the stack in {stack.var} that was first started on {known.until:%Y-%m-%d %H:%M} UTC."
        )
        moved = known.model_copy(update={"port": stack.port, "config": str(stack.config)})
        save(stack.var, moved)
        return moved

    async def _servers(self, stack: Stack, supervisor: Supervisor) -> None:
        kafka, valkey = stack.kafka(), stack.valkey()
        servers: tuple[Server, ...] = (kafka, valkey)
        for port, name in [
            (stack.port, "intake"),
            (stack.port + 1, "the console"),
            *((port, one.name) for one in servers for port in one.ports()),
        ]:
            ports.claim(port, name)
        await asyncio.to_thread(kafka.fetch, self._bar("Fetching Kafka"))
        for server in servers:
            await asyncio.to_thread(server.prepare)
            server.adopt(supervisor.start(server.program()))
        await asyncio.gather(*(asyncio.to_thread(server.wait_ready, READY_SECONDS) for server in servers))
        made = await topics.ensure(stack.bootstrap, stack.partitions, prefix=stack.prefix)
        held = f"made {len(made)} topics" if made else "topics are there already, skipped"
        self.screen.say(f"Kafka ready on {stack.bootstrap} ({held}), Valkey on 127.0.0.1:{valkey.port}.")

    async def _children(self, stack: Stack, supervisor: Supervisor) -> None:
        supervisor.start(self.children.intake(stack))
        for number in range(1, stack.workers + 1):
            supervisor.start(self.children.worker(stack, number))
        watchdog = self.children.watchdog(stack)
        if watchdog is not None:
            supervisor.start(watchdog)
        await _listens(stack.port, "intake", stack.layout.logs / "intake.log")
        self.screen.say(f"Intake listens on {stack.intake_url}, {stack.workers} workers run.")

    async def _console(self, stack: Stack, supervisor: Supervisor) -> None:
        """Where people look: made ready while the past is read, which is what takes longest."""
        program = await asyncio.to_thread(self.children.console, stack)
        if program is None:
            return
        password = await asyncio.to_thread(admin.ensure, stack)
        supervisor.start(program)
        await _listens(stack.port + 1, "the console", program.log)
        kept = stack.layout.secrets / admin.NAME
        known = f"the password is {password} (kept in {kept})" if password else f"its first password is in {kept}"
        if API_ONLY in program.argv:
            self.screen.say("The console's pages need packages from npm that could not be fetched; the API runs alone.")
        self.screen.say(f"Console on {stack.console_url}: sign in as {admin.NAME}, {known}. The API is under /v1.")

    async def _drive(self, stack: Stack) -> None:
        driver = self._driver
        if driver is None:
            return
        await self._history(stack)
        start = self._start_of_play()
        self._where_next(stack)
        await asyncio.to_thread(driver.play, start, self.options.speed, _Told(self, start))

    async def _write_history(self, stack: Stack, driver: Driver) -> int:
        """The past as a file, made while the servers start."""
        if self._state.history or self._state.days == 0:
            return 0
        return await asyncio.to_thread(driver.write_history, stack.layout.history, lambda at: None)

    async def _history(self, stack: Stack) -> None:
        state = self._state
        place = stack.layout.history
        if state.history:
            place.unlink(missing_ok=True)
            self.screen.say(f"History of {state.days} days is there already, skipped.")
            return
        if state.days > 0:
            count = 0 if self._writing is None else await self._writing
            await self._import(stack, place)
            self.screen.say(f"History of {state.days} days is in: {count:,} mentions, nobody was told.")
        self._keep(history=True)
        place.unlink(missing_ok=True)  # it holds what people wrote, unmasked

    async def _import(self, stack: Stack, place: Path) -> None:
        program = self.children.import_history(stack, place)
        helper = Supervisor(stack.layout.run)
        process = helper.spawn(program)
        try:
            while (code := process.returncode()) is None:
                await asyncio.sleep(0.1)
        finally:
            await asyncio.to_thread(process.stop)
            helper.forget(program)
        if code:
            last = tail(program.log, 1) or "it said nothing"
            raise Unavailable(f"The history could not be imported ({how(code)}: {last}); see {program.log}.")

    def _start_of_play(self) -> datetime:
        state = self._state
        if state.played_until is None:
            self.screen.say(f"Playing the last 24 hours at {self.options.speed:g} times life's pace.")
            return state.until - DAY
        gap = self.clock.now() - state.played_until
        if gap > LONGEST_CATCH_UP:
            self.screen.say(f"The stack stood still for {gap.days} days: all but the last day of them is skipped.")
            return self.clock.now() - DAY
        self.screen.say(
            f"Played up to {state.played_until:%Y-%m-%d %H:%M:%S} UTC already, skipped; going on from there."
        )
        return state.played_until

    def _where_next(self, stack: Stack) -> None:
        place = stack.layout
        self.screen.say(
            f"Send your own mentions to {stack.intake_url}/v1/mentions (docs/send-mentions.md says how);"
            f" `fenghuo doctor --var {stack.var}` shows how each stage does; logs lie in {place.logs}. Ctrl-C ends it."
        )

    async def _show(self, stack: Stack) -> None:
        def seen(partition: int, offset: int) -> None:
            self._keep(shown={**self._state.shown, partition: offset})

        def show(event: IncidentEvent) -> None:
            if event.notify:
                self.screen.warning(event)

        shown = self._state.shown
        await incidents.follow(stack.bootstrap, stack.partitions, shown, show, seen, prefix=stack.prefix)

    async def _space(self) -> None:
        while True:
            await asyncio.sleep(SPACE_SECONDS)
            try:
                space.check(self.options.var, LEAST_SPACE)
            except OutOfSpace as error:
                raise OutOfSpace(f"{error} Everything was ended before the disk was full.") from None

    def _keep(self, **changes: Any) -> None:
        self._state = self._state.model_copy(update=changes)
        save(self.options.var, self._state)

    def _bar(self, what: str) -> Callable[[int, int], None]:
        return lambda done, total: self.screen.progress(what, done, total)


class _Told:
    """Keeps the state and the screen up with the play; called in the driver's thread."""

    def __init__(self, run: Run, start: datetime) -> None:
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._start = start
        self._kept = -1.0
        self._live = False

    def __call__(self, at: datetime) -> None:
        now = self._run.clock.monotonic()
        if now - self._kept >= 1.0 or not self._live:
            self._kept = now
            self._loop.call_soon_threadsafe(self._tell, at)

    def _tell(self, at: datetime) -> None:
        run = self._run
        run._keep(played_until=at)  # noqa: SLF001 - one class in two parts
        if self._live:
            return
        gap = run.clock.now() - at
        whole = (run.clock.now() - self._start).total_seconds()
        run.screen.progress(f"Playing {at:%m-%d %H:%M} UTC", whole - gap.total_seconds(), whole)
        if gap < timedelta(seconds=5):
            self._live = True
            run.screen.progress("", 1, 1)
            run.screen.say("Event time has met the clock: live from here.")


async def _first(*parts: Coroutine[Any, Any, Any]) -> None:
    """Run all until one ends; its error is raised, the others are cancelled and awaited."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*(task for task in tasks if task not in done), return_exceptions=True)
    errors = [error for task in done if (error := task.exception()) is not None]
    # A dead child is the cause of what fails around it.
    for error in sorted(errors, key=lambda error: not isinstance(error, FenghuoError)):
        raise error


async def _listens(port: int, name: str, log: Path) -> None:
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not ports.taken(port):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise Unavailable(f"{name} did not listen within {READY_SECONDS:.0f} s: {tail(log)} (log: {log}).") from None
