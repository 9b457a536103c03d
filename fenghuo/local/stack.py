"""What one local stack is: its folder, ports, addresses and secrets. Handed to everything that starts a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fenghuo.local import secrets
from fenghuo.local.kafka import Kafka
from fenghuo.local.ports import HOST
from fenghuo.local.state import load
from fenghuo.local.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things lie under ``var/``.

    >>> Layout(Path("var")).jars.as_posix()
    'var/jars'
    """

    var: Path

    @property
    def jars(self) -> Path:
        """Kafka's jars, fetched once."""
        return self.var / "jars"

    @property
    def logs(self) -> Path:
        """One file for each child."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Pid files."""
        return self.var / "run"

    @property
    def secrets(self) -> Path:
        """Generated passwords, keys and tokens."""
        return self.var / "secrets"

    @property
    def snapshots(self) -> Path:
        """Snapshots of detect and decide, shared by the workers."""
        return self.var / "snapshots"

    @property
    def store(self) -> Path:
        """The series store when there is no InfluxDB."""
        return self.var / "series.sqlite"

    @property
    def history(self) -> Path:
        """The simulated past as a file."""
        return self.var / "history.ndjson"


@dataclass(frozen=True, slots=True)
class Stack:
    """A local stack. Secrets are not shown when it is printed."""

    var: Path
    config: Path
    port: int
    partitions: int
    workers: int
    secrets: Mapping[str, str] = field(repr=False)
    prefix: str = "fenghuo."
    """Before each topic, key and group."""

    @property
    def layout(self) -> Layout:
        """Where things lie."""
        return Layout(self.var)

    @property
    def intake_url(self) -> str:
        """Where intake listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def console_url(self) -> str:
        """Where the console listens."""
        return f"http://{HOST}:{self.port + 1}"

    @property
    def bootstrap(self) -> str:
        """Kafka's address."""
        return f"{HOST}:{self.port + 3}"

    @classmethod
    def known(cls, var: Path) -> Stack | None:
        """The stack that was started in ``var`` before, or None."""
        state = load(var)
        if state is None:
            return None
        kept = secrets.keep_all(Layout(var).secrets)
        return cls(var, Path(state.config), state.port, state.partitions, 0, kept)

    def kafka(self) -> Kafka:
        """The stack's Kafka, not started."""
        place = self.layout
        port = self.port + 3
        return Kafka(self.var / "kafka", place.jars, place.logs / "kafka.log", port=port, controller=port + 1)

    def valkey(self) -> Valkey:
        """The stack's Valkey, not started."""
        log = self.layout.logs / "valkey.log"
        return Valkey(self.var / "valkey", log, port=self.port + 2, password=self.secrets["valkey"])
