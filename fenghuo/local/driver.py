"""What drives a fresh stack: a simulated past as history, then the last day faster than life, then live.

``up`` knows only :class:`Driver`. The one that it is given is made of the simulator (what was said), ``import-history``
(the past goes straight into Kafka and tells nobody) and intake's HTTP door (the day that is played).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
import orjson

from contracts.clock import Clock
from fenghuo.local.pace import Pace
from fenghuo.simulator import Scenario, Simulation, demo
from fenghuo.simulator.calendar import from_ms, to_ms
from fenghuo.simulator.http import HttpSink

DAY = timedelta(days=1)
TICK_SECONDS = 0.1
PROGRESS_SECONDS = 1.0
"""Wall seconds between two progress marks of a quiet source."""
BATCH = 2_000
RATE = 150.0
"""Mentions a day and brand: enough to judge by the hour, few enough that four weeks are read in seconds."""

Told = Callable[[datetime], None]
"""Hears how far event time has come."""


class Stopped(Exception):
    """The driver was told to stop."""


class Driver(Protocol):
    """Makes something happen in a stack. Methods block and are called in a thread; ``stop`` ends them soon."""

    def write_history(self, path: Path, told: Told) -> int:
        """Write the past as a file for ``import-history``; returns how many mentions it holds."""

    def play(self, start: datetime, speed: float, told: Told) -> None:
        """From ``start`` at ``speed`` until event time meets the clock, then with the clock, until stopped."""

    def stop(self) -> None:
        """End what runs."""


@dataclass
class DemoDriver:
    """The simulator's ``demo`` scenario.

    Parameters
    ----------
    until
        Where the scenario ends; the played day begins a day before. A second start gives the same ``until``.
    days
        Days of history before the played day.
    url, tokens
        Intake and the token of each simulated source (see :class:`~fenghuo.simulator.http.HttpSink`).
    """

    until: datetime
    days: int
    url: str
    tokens: Mapping[str, str] = field(repr=False)
    clock: Clock
    client: httpx.Client | None = field(default=None, repr=False)
    wait: Callable[[float], object] | None = field(default=None, repr=False)
    """Seams for tests: the connection, and how seconds pass."""
    _halt: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def day(self) -> datetime:
        """Where history ends and play begins."""
        return self.until - DAY

    def write_history(self, path: Path, told: Told) -> int:
        """See :class:`Driver`. An unfinished file never stands under its name."""
        scratch = path.with_suffix(".part")
        written = 0
        with scratch.open("wb") as file:
            for ms, record in self._past():
                file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
                written += 1
                if written % BATCH == 0:
                    self._check()
                    told(from_ms(ms))
        scratch.replace(path)
        told(self.day)
        return written

    def play(self, start: datetime, speed: float, told: Told) -> None:
        """See :class:`Driver`."""
        simulation = Simulation(self._scenario())
        sink = HttpFeed(self.url, self.tokens, simulation.alive, client=self.client, sleep=self._sleep)
        try:
            self._run(simulation.live(start), sink, Pace(start, speed), told)
        except Stopped:
            return
        finally:
            sink.close()

    def stop(self) -> None:
        """See :class:`Driver`."""
        self._halt.set()

    def _run(self, coming: Iterator[tuple[datetime, dict[str, Any]]], sink: HttpFeed, pace: Pace, told: Told) -> None:
        sink.progress(to_ms(pace.at(0.0, self.clock.now())))
        began = self.clock.monotonic()
        marked = -PROGRESS_SECONDS
        waiting = next(coming)
        while True:
            elapsed = self.clock.monotonic() - began
            upto = pace.at(elapsed, self.clock.now())
            lines: list[tuple[int, dict[str, Any]]] = []
            while waiting[0] <= upto and len(lines) < BATCH:
                lines.append((to_ms(waiting[0]), waiting[1]))
                waiting = next(coming)
            if lines:
                sink.send(lines)
            if waiting[0] <= upto:
                told(waiting[0])
                continue
            if upto < self.clock.now() - timedelta(seconds=PROGRESS_SECONDS) or elapsed - marked >= PROGRESS_SECONDS:
                sink.progress(to_ms(upto))
                told(upto)
                marked = elapsed
            self._sleep(TICK_SECONDS)

    def _past(self) -> Iterator[tuple[int, dict[str, Any]]]:
        scenario = self._scenario()
        if scenario.start >= self.day:
            return iter(())
        return Simulation(scenario.model_copy(update={"end": self.day, "incidents": ()})).lines()

    def _scenario(self) -> Scenario:
        whole = demo(self.until, rate=RATE)
        return whole.model_copy(update={"start": min(self.day - self.days * DAY, self.until - timedelta(hours=1))})

    def _sleep(self, seconds: float) -> None:
        (self.wait or self._halt.wait)(seconds)
        self._check()

    def _check(self) -> None:
        if self._halt.is_set():
            raise Stopped


class HttpFeed(HttpSink):
    """Posts mentions, and how far event time has come even when nobody says anything."""

    def progress(self, ms: int) -> None:
        """Every living source has come to this event time."""
        self._newest = max(self._newest, ms)
        body = orjson.dumps({"event_time": from_ms(self._newest).isoformat(timespec="milliseconds")})
        for source in self._tokens:
            if self._alive(source, self._newest):
                self._post("/v1/progress", source, body, "application/json")
