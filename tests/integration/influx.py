"""A real InfluxDB 1.8.10 for the tests: built once from source by ``go install``, started on a free port of 127.0.0.1.

Everything that the build needs and makes stays under ``var/`` of the repository. With authentication and a generated
password; the data folder is the caller's, so that a killed server finds it again. Without Flux, which Fenghuo does not
speak: compiling its library at the start takes longer (5 s of an idle core) than everything else together.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from pydantic import SecretStr

from contracts.errors import Unavailable
from dashboards.settings import StoreSettings
from fenghuo.local.lock import in_turn
from fenghuo.local.ports import free_ports
from fenghuo.local.process import Program
from fenghuo.local.secrets import token
from fenghuo.local.server import HOST, Server

VAR = Path(__file__).resolve().parents[2] / "var"
BINARY = VAR / "bin" / "influxd"
MODULE = "github.com/influxdata/influxdb/cmd/influxd@v1.8.10"
BUILD_SECONDS = 900
USER = "fenghuo"

SETTINGS = """\
reporting-disabled = true
bind-address = "{host}:{rpc}"
[meta]
  dir = "{data}/meta"
[data]
  dir = "{data}/data"
  wal-dir = "{data}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "{host}:{port}"
  auth-enabled = true
  log-enabled = false
[continuous_queries]
  enabled = false
[logging]
  level = "warn"
"""


def build() -> Path:
    """The server's program, built when it is not there yet; raises Unavailable saying what is missing."""
    BINARY.parent.mkdir(parents=True, exist_ok=True)
    with in_turn(VAR / "influxd.lock"):
        if BINARY.exists():
            return BINARY
        if shutil.which("go") is None:
            raise Unavailable("the tests against InfluxDB need Go to build it: install go (1.21 or later)")
        go = VAR / "go"
        places = {"GOBIN": BINARY.parent, "GOPATH": go, "GOCACHE": go / "cache", "GOMODCACHE": go / "mod"}
        env = {**os.environ, "GOFLAGS": "-modcacherw", **{name: str(place) for name, place in places.items()}}
        command = ["go", "install", MODULE]
        done = subprocess.run(command, env=env, cwd=VAR, capture_output=True, text=True, timeout=BUILD_SECONDS)
        if done.returncode:
            raise Unavailable(f"InfluxDB could not be built: {done.stderr.strip()[-500:]}")
    return BINARY


class Influx(Server):
    """An InfluxDB server that keeps ports, password and data over :meth:`restart`.

    ``tmpfs_mb`` puts its data on a file system of its own of that size, which only it sees (:attr:`inside`): for a full
    disk. It lives as long as the shell around the server, which starts the server again after :meth:`bounce`.
    """

    name = "InfluxDB"

    def __init__(self, data: Path, log: Path, *, tmpfs_mb: int | None = None) -> None:
        super().__init__()
        self.data = data.absolute()
        self.log = log.absolute()
        self.port, self.rpc = free_ports(2)
        self.password = token()
        self._tmpfs_mb = tmpfs_mb

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def settings(self, database: str, **more: object) -> StoreSettings:
        """Settings of a store in a database of its own."""
        values = {"kind": "influx", "url": self.url, "token": SecretStr(f"{USER}:{self.password}")}
        return StoreSettings.model_validate({**values, "database": database, **more})

    def query(self, query: str, **params: str) -> dict[str, object]:
        """Ask it as its administrator."""
        answer = httpx.post(
            f"{self.url}/query", params={"q": query, **params}, auth=(USER, self.password), trust_env=False, timeout=10
        )
        answer.raise_for_status()
        told: dict[str, object] = answer.json()
        return told

    def ports(self) -> tuple[int, ...]:
        """HTTP, and the one for backups."""
        return (self.port, self.rpc)

    def prepare(self) -> None:
        """Build it once, and write its settings."""
        build()
        self.data.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(host=HOST, port=self.port, rpc=self.rpc, data=self.data)
        self._settings_file.write_text(text, encoding="utf-8")

    def program(self) -> Program:
        """The server's command."""
        argv: tuple[str, ...] = (str(BINARY), "-config", str(self._settings_file))
        if self._tmpfs_mb is not None:
            mount = f'mount -t tmpfs -o size={self._tmpfs_mb}m tmpfs "{self.data}"'
            mounted = f'{mount} && while true; do "$@"; sleep 0.2; done'
            argv = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh", *argv)
        return Program(name=self.name, argv=argv, log=self.log)

    @property
    def inside(self) -> Path:
        """The data folder as the server sees it."""
        return Path(f"/proc/{self.pid}/root") / self.data.relative_to("/")

    def bounce(self) -> None:
        """Kill the server within its shell and wait for the next one."""
        for child in psutil.Process(self.pid).children():
            child.kill()
            child.wait(20)
        self.wait_ready(60)

    def ready(self) -> bool:
        """Whether it answers with our password; the first call makes the user."""
        try:
            self.query(f"CREATE USER \"{USER}\" WITH PASSWORD '{self.password}' WITH ALL PRIVILEGES")
        except httpx.HTTPError:
            return False
        return True

    @property
    def _settings_file(self) -> Path:
        return self.data.with_suffix(".conf")


def started(server: Influx) -> Influx:
    """Start ``server`` and wait; when it cannot be, fails under ``CI=true`` and skips elsewhere, with the reason."""
    try:
        server.start()
        server.wait_ready(60)
    except Unavailable as error:
        server.stop()
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    return server


@pytest.fixture(scope="session")
def influx_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influx]:
    """The session's InfluxDB: ``.url``, ``.settings(database)``, ``.query(...)``. Who kills it restarts it."""
    folder = tmp_path_factory.mktemp("influx")
    server = started(Influx(folder / "data", folder / "influxd.log"))
    yield server
    server.stop()
