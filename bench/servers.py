"""A real Kafka and a real Valkey for a measurement, in a folder that is thrown away; and what a process has used.

>>> import os
>>> usage(os.getpid()).cpu_seconds > 0
True
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from tests.integration.stack import ROOT, Pipeline


@dataclass(frozen=True)
class Servers:
    """What runs."""

    kafka: Kafka
    valkey: Valkey
    folder: Path

    def pipeline(self, name: str, *, partitions: int, **more: str) -> Pipeline:
        """Topics and workers of one measurement, under a prefix of their own."""
        folder = self.folder / f"{name}-{uuid.uuid4().hex[:6]}"
        folder.mkdir()
        prefix = f"bench{uuid.uuid4().hex[:8]}."
        return Pipeline(self.kafka.bootstrap, self.valkey.url, prefix, folder, partitions=partitions, more=more)


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both, and stop both at the end."""
    with tempfile.TemporaryDirectory(prefix="fenghuo-bench-") as made, ExitStack() as stack:
        folder = Path(made)
        kafka = Kafka(folder / "kafka", ROOT / "var" / "jars", folder / "kafka.log")
        valkey = Valkey(folder / "valkey", folder / "valkey.log", maxmemory="2gb")
        for server in (kafka, valkey):
            stack.callback(server.stop)
            server.start()
        for server in (kafka, valkey):
            server.wait_ready(120)
        yield Servers(kafka, valkey, folder)


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process has used so far."""

    cpu_seconds: float
    memory_mb: float


def usage(pid: int) -> Usage:
    """Processor time of ``pid`` and the memory it holds now."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    return Usage(times.user + times.system, process.memory_info().rss / 1e6)


def machine() -> str:
    """How busy the machine is: what measured times must be read against."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.1f} in the last minute and {five:.1f} in the last five"
