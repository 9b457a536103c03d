"""Real servers for the integration tests: started once a session, on free ports, ended with it.

Under ``CI=true`` a server that can not be started fails the tests; elsewhere they are skipped with the reason.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import FenghuoError
from fenghuo.local.kafka import Kafka
from fenghuo.local.server import Server
from fenghuo.local.valkey import Valkey
from tests.integration.influx import influx_server  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
JARS = ROOT / "var" / "jars"


def new_kafka(folder: Path) -> Kafka:
    """A Kafka of its own for tests that kill it; start it with :func:`running`."""
    return Kafka(folder / "kafka", JARS, folder / "kafka.log")


def new_valkey(folder: Path) -> Valkey:
    """A Valkey of its own for tests that kill it."""
    return Valkey(folder / "valkey", folder / "valkey.log")


def started(server: Server) -> Server:
    """Start ``server`` and wait; fails or skips as the module says."""
    try:
        server.start()
        server.wait_ready(60)
    except FenghuoError as error:
        server.stop()
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    return server


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The session's Kafka: ``.bootstrap``, ``.pid``, ``kill()``, ``restart()``. Who kills it restarts it."""
    server = new_kafka(tmp_path_factory.mktemp("kafka"))
    started(server)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """The session's Valkey: ``.url``, ``.pid``, ``kill()``, ``restart()``."""
    server = new_valkey(tmp_path_factory.mktemp("valkey"))
    started(server)
    yield server
    server.stop()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Kafka]:
    """A Kafka for one test that kills it (costs about six seconds)."""
    server = new_kafka(tmp_path)
    started(server)
    yield server
    server.stop()


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey for one test that kills it."""
    server = new_valkey(tmp_path)
    started(server)
    yield server
    server.stop()


@pytest.fixture
def prefix() -> str:
    """A topic prefix that no other test has."""
    return f"t{uuid.uuid4().hex[:10]}."
