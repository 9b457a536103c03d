"""What the local Kafka and Valkey have in common: start, wait until ready, kill, stop."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path

from contracts.errors import Unavailable
from fenghuo.local.ports import claim
from fenghuo.local.process import Process, Program, tail

HOST = "127.0.0.1"
POLL_SECONDS = 0.1


class Server(ABC):
    """A server on 127.0.0.1 that keeps its ports and data over a restart."""

    name: str
    log: Path

    def __init__(self) -> None:
        self._process: Process | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Write its settings and format its data once; everything needed before :meth:`program` can run."""

    @abstractmethod
    def program(self) -> Program:
        """The command that runs it."""

    @abstractmethod
    def ports(self) -> tuple[int, ...]:
        """The ports it will listen on."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it does its work, asked over the network."""

    @property
    def pid(self) -> int:
        """Its process; raises Unavailable when it was not started."""
        if self._process is None:
            raise Unavailable(f"{self.name} was not started.")
        return self._process.pid

    def start(self) -> None:
        """Start it; raises Conflict when a port is taken. Does not wait."""
        for port in self.ports():
            claim(port, self.name)
        self.prepare()
        self._process = Process(self.program())

    def adopt(self, process: Process) -> None:
        """Somebody else (the supervisor) started :meth:`program`; wait for that process."""
        self._process = process

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.alive()

    def wait_ready(self, deadline: float = 60.0) -> None:
        """Wait until it is ready; raises Unavailable after ``deadline`` seconds, or at once when it died."""
        until = time.monotonic() + deadline
        while not self.ready():
            if self._process is not None and not self._process.alive():
                raise Unavailable(f"{self.name} ended while it was starting: {self._last_words()}")
            if time.monotonic() > until:
                raise Unavailable(f"{self.name} did not answer within {deadline:.0f} s: {self._last_words()}")
            time.sleep(POLL_SECONDS)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()

    def stop(self, grace: float = 10.0) -> None:
        """End it in good order, or by force after ``grace`` seconds."""
        if self._process is not None:
            self._process.stop(grace)

    def restart(self, deadline: float = 60.0) -> None:
        """Start it again on the same ports and data after :meth:`kill` or :meth:`stop`, and wait until ready."""
        if self.alive():
            self.stop()
        self.start()
        self.wait_ready(deadline)

    def _last_words(self) -> str:
        return f"{tail(self.log) or 'it said nothing'} (log: {self.log})."
