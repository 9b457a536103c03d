"""Keeps children running: restarts what dies, gives up with one clear sentence, ends all of its own on the way out.

Workers end themselves on purpose when state and log disagree (FAUST.md), so that dying is part of their normal life.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contracts.clock import Clock, SystemClock
from contracts.errors import Unavailable
from fenghuo.local import pidfiles
from fenghuo.local.process import GRACE_SECONDS, Process, Program, tail
from fenghuo.local.restarts import Restarts

POLL_SECONDS = 0.05


@dataclass
class Child:
    """One supervised program and its present process."""

    program: Program
    process: Process
    rule: Restarts
    started: float
    watch: asyncio.Task[None] | None = field(default=None, repr=False)


class Supervisor:
    """Runs programs until :meth:`stop`.

    Parameters
    ----------
    folder
        For pid files; what an earlier run left there is ended by :meth:`clear`.
    say
        Called with a sentence when a child died and is started again.
    rule
        When to give up.
    """

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None] = lambda sentence: None,
        *,
        rule: Restarts | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.folder = folder
        self._say = say
        self._rule = rule or Restarts()
        self._clock = clock or SystemClock()
        self._children: dict[str, Child] = {}
        self._stopping = False
        self._failure: Unavailable | None = None
        self._failed = asyncio.Event()

    @property
    def children(self) -> dict[str, Child]:
        """By name, in order of start."""
        return dict(self._children)

    def clear(self, grace: float = GRACE_SECONDS) -> list[str]:
        """End what an earlier, crashed run left behind; returns the names."""
        return pidfiles.end_leftovers(self.folder, grace)

    def start(self, program: Program) -> Process:
        """Start a program and watch over it from now on."""
        process = self.spawn(program)
        child = Child(program, process, self._rule, self._clock.monotonic())
        self._children[program.name] = child
        child.watch = asyncio.create_task(self._watch(child), name=f"watch {program.name}")
        return process

    async def failed(self) -> None:
        """Wait until a child is given up; raises the Unavailable that says which and why."""
        await self._failed.wait()
        if self._failure is not None:
            raise self._failure

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End all, the last started first: SIGTERM each, then SIGKILL after ``grace`` seconds. Safe to call twice."""
        self._stopping = True
        for child in self._children.values():
            if child.watch is not None:
                child.watch.cancel()
        await asyncio.gather(*(c.watch for c in self._children.values() if c.watch is not None), return_exceptions=True)
        for rank in _ranks(list(self._children)):
            await asyncio.gather(*(self._end(self._children[name], grace) for name in rank))

    async def _end(self, child: Child, grace: float) -> None:
        await asyncio.to_thread(child.process.stop, grace)
        pidfiles.remove(self.folder, child.program.name)

    def spawn(self, program: Program) -> Process:
        """Start a program under a pid file without watching over it: for what is meant to end by itself."""
        try:
            process = Process(program)
        except OSError as error:
            raise Unavailable(f"{program.name} could not be started: {error.strerror or error}.") from error
        pidfiles.write(self.folder, program.name, process.pid)
        return process

    def forget(self, program: Program) -> None:
        """A program started by :meth:`spawn` has ended."""
        pidfiles.remove(self.folder, program.name)

    async def _watch(self, child: Child) -> None:
        while not self._stopping:
            code = await _ended(child.process)
            child.rule, delay = child.rule.after(self._clock.monotonic() - child.started)
            if delay is None:
                self._give_up(child, code)
                return
            child.process.kill()  # what it forked and left behind
            self._say(f"{child.program.name} ended ({how(code)}) and is started again.")
            await asyncio.sleep(delay)
            try:
                child.process = self.spawn(child.program)
            except Unavailable as error:
                self._fail(error)
                return
            child.started = self._clock.monotonic()

    def _give_up(self, child: Child, code: int) -> None:
        last = tail(child.program.log, 1) or "it said nothing"
        times = child.rule.quick_deaths
        name = child.program.name
        self._fail(Unavailable(f"{name} died {times} times in a row ({how(code)}: {last}); see {child.program.log}."))

    def _fail(self, error: Unavailable) -> None:
        if self._failure is None:
            self._failure = error
        self._failed.set()


async def _ended(process: Process) -> int:
    while (code := process.returncode()) is None:
        await asyncio.sleep(POLL_SECONDS)
    return code


def how(code: int) -> str:
    """How a process ended, in words.

    >>> how(-9), how(3)
    ('killed by signal 9', 'exit code 3')
    """
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _ranks(names: list[str]) -> list[list[str]]:
    """Which children end together: numbered ones of one kind at once, kinds in reverse order of start.

    >>> _ranks(["Kafka", "intake", "worker-1", "worker-2"])
    [['worker-1', 'worker-2'], ['intake'], ['Kafka']]
    """
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(name.rsplit("-", 1)[0], []).append(name)
    return list(reversed(kinds.values()))
