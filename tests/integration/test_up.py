"""``up`` from an empty folder and again, with a taken port, with a dying child, and killed: nothing is left over."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from contracts.codec import encode
from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier
from contracts.topics import Topic
from fenghuo.local import pidfiles
from fenghuo.local.kafka import Kafka
from fenghuo.local.ports import HOST, taken

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.kafka, pytest.mark.valkey, pytest.mark.slow]


@contextmanager
def up(var: Path, port: int, jars: Path, worker: str = "sleeps", days: int = 1) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.integration.stand_in_up", str(var), str(port), str(jars), worker, str(days)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)


def read_until(process: subprocess.Popen[str], words: str) -> list[str]:
    """Lines up to the one that holds ``words``; the test's time limit bounds it."""
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if words in line:
            return lines
    pytest.fail(f"{words!r} was never said:\n" + "\n".join(lines))


def five_ports() -> int:
    """The first of five free ports in a row."""
    for first in range(20_000 + os.getpid() % 5_000, 30_000, 5):
        if not any(taken(first + step) for step in range(5)):
            return first
    raise AssertionError("no free ports")


def pids(var: Path) -> list[int]:
    return [json.loads(path.read_text())["pid"] for path in (var / "run").glob("*.pid")]


async def _publish(bootstrap: str, event: IncidentEvent) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait("fenghuo." + Topic.INCIDENTS, encode(event), partition=1)


def incident(seq: int) -> IncidentEvent:
    return IncidentEvent(
        incident="0123456789ab",
        seq=seq,
        event=IncidentEventKind.OPENED,
        at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=seq),
        tier=Tier.RED,
        kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": "Delta"},
        reason="first",
        observed=90.0,
        expected=9.0,
        score=3.0,
    )


def test_it_starts_from_nothing_shows_warnings_stops_clean_and_resumes(tmp_path: Path, kafka: Kafka) -> None:
    var, port = tmp_path / "var", five_ports()
    with up(var, port, kafka.jars) as process:
        said = read_until(process, "live from here")
        assert any("History of 1 days is in: " in line for line in said)
        asyncio.run(_publish(f"{HOST}:{port + 3}", incident(1)))
        read_until(process, "WARNING Delta red first")
        first = pids(var)
        assert len(first) == 5
        process.send_signal(signal.SIGINT)
        read_until(process, "ended")
        assert process.wait() == 0
    assert all(pidfiles.wait_gone(pid, 5) for pid in first)
    assert not pids(var)
    assert not list(var.glob("history*")), "the simulated past is not masked, so it does not stay"
    log = (var / "log" / "intake.log").read_text()
    assert "/v1/mentions" in log and "/v1/progress" in log
    with up(var, port, kafka.jars) as process:
        said = read_until(process, "skipped; going on from there")
        assert any("History of 1 days is there already, skipped." in line for line in said)
        assert any("topics are there already, skipped" in line for line in said)
        asyncio.run(_publish(f"{HOST}:{port + 3}", incident(2)))
        assert len(read_until(process, "WARNING Delta")) < 4
        process.send_signal(signal.SIGTERM)
        rest = read_until(process, "ended")
        assert not any("WARNING" in line for line in rest)
        assert process.wait() == 0


def test_a_taken_port_is_one_sentence_and_nothing_was_started(tmp_path: Path, kafka: Kafka) -> None:
    port = five_ports()
    with socket.socket() as squatter:
        squatter.bind((HOST, port + 3))
        squatter.listen()
        with up(tmp_path / "var", port, kafka.jars) as process:
            said = read_until(process, "ERROR")
            assert process.wait() == 1
    assert said == [f"ERROR Port {port + 3} is needed for Kafka, but {said[0].split('but ')[1]}"]
    assert str(os.getpid()) in said[0]
    assert not pids(tmp_path / "var")


def test_a_child_that_keeps_dying_ends_the_run_with_its_words(tmp_path: Path, kafka: Kafka) -> None:
    with up(tmp_path / "var", five_ports(), kafka.jars, worker="dies", days=0) as process:
        said = read_until(process, "ERROR")
        assert process.wait() == 1
    assert "died 8 times in a row (exit code 1: the settings are wrong)" in said[-1]
    assert not pids(tmp_path / "var")


def test_killed_it_leaves_no_orphan_and_the_next_start_works(tmp_path: Path, kafka: Kafka) -> None:
    var, port = tmp_path / "var", five_ports()
    with up(var, port, kafka.jars, days=0) as process:
        read_until(process, "Intake listens")
        left = pids(var)
        process.kill()
    assert len(left) >= 4
    assert all(pidfiles.wait_gone(pid, 15) for pid in left)
    with up(var, port, kafka.jars, days=0) as process:
        read_until(process, "Intake listens")
        process.send_signal(signal.SIGTERM)
        read_until(process, "ended")
        assert process.wait() == 0
