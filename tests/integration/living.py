"""A real intake as a process, and waiting for a stream that does not end."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import orjson

from contracts.topics import Topic
from fenghuo.local.ports import free_ports
from tests.integration.stack import Pipeline, WorkerProcess


class IntakeProcess:
    """``fenghuo intake`` of a pipeline; started again by :meth:`start`, with other settings if they changed."""

    def __init__(self, pipeline: Pipeline, *words: str) -> None:
        self._pipeline = pipeline
        self._words = words
        self._port = free_ports(1)[0]
        self._process: WorkerProcess | None = None

    @property
    def log(self) -> Path:
        """Everything it said."""
        return self._pipeline.folder / "intake.log"

    def start(self) -> None:
        command = [sys.executable, "-m", "fenghuo", "intake", "--port", str(self._port), "--no-heartbeat", *self._words]
        environment = {**self._pipeline.environment(), "FENGHUO_LOG_LEVEL": "DEBUG"}
        self._process = WorkerProcess("intake", command, environment, self.log)
        self._process.start()

    def stop(self) -> None:
        """SIGTERM; raises AssertionError when that does not end it."""
        if self._process is not None:
            code = self._process.stop(30)
            self._process = None
            assert code != -signal.SIGKILL, self.log.read_text()

    async def post(
        self, path: str, content: bytes, token: str, kind: str = "application/json", **headers: str
    ) -> httpx.Response:
        """Post, waiting for an intake that is on its way up."""
        sent = {"Authorization": f"Bearer {token}", "Content-Type": kind, **headers}
        deadline = time.monotonic() + 60
        async with httpx.AsyncClient(timeout=60) as client:
            while True:
                try:
                    return await client.post(f"http://127.0.0.1:{self._port}{path}", content=content, headers=sent)
                except httpx.TransportError:
                    assert time.monotonic() < deadline, self.log.read_text()
                    await asyncio.sleep(0.2)


def command(pipeline: Pipeline, words: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Run ``fenghuo``; its exit code and all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "fenghuo", *words],
        env={**pipeline.environment(), "COLUMNS": "250"},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


async def all_handled(pipeline: Pipeline, seconds: float = 90) -> None:
    """Wait until every message of mentions was handled; panes at the end of a living stream stay open."""
    deadline = time.monotonic() + seconds
    topic = pipeline.prefix + Topic.MENTIONS
    while True:
        ends, commits = await pipeline.ends(Topic.MENTIONS), await pipeline.commits()
        handled = {part: orjson.loads(said)["next"] for (name, part), (_, said) in commits.items() if name == topic}
        if all(handled.get(part, 0) >= end for part, end in ends.items()):
            return
        assert time.monotonic() < deadline, f"{handled} of {ends}\n{pipeline.logs()}"
        await asyncio.sleep(0.3)
