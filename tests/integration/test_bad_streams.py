"""Bad input through every door of a real intake: a dead letter each, nothing lost beside it, and a second try."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.clock import SystemClock
from contracts.codec import decode, decode_mixed
from contracts.records import Batch, Correction, DeadLetter, PaneCounts
from contracts.topics import Topic
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from tests.integration.living import IntakeProcess, all_handled, command
from tests.integration.stack import ROOT, Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.valkey, pytest.mark.slow]

TOKEN = "a-token-of-the-crm"
NOW = SystemClock().now().astimezone(UTC)
BAD: list[bytes | None] = [
    b"",
    None,
    b"{",
    b"[1, 2",
    b"\xff\xfe\x00\x01",
    b"nonsense",
    b"[" * 5_000,
    b'"text"',
    b"NaN",
    b'{"id": "1", "text": "a"}',
    b'{"id": "2", "ts": "2026-01-01T00:00:00", "text": "a"}',
    b'{"id": "3", "ts": 0, "text": "a"}',
    b'{"id": "4", "ts": NaN, "text": "a"}',
    b'{"id": "5", "ts": Infinity, "text": "a", "reach": -Infinity}',
    b'{"id": "6", "ts": "2026-01-01T00:00:00Z", "text": ["a"]}',
    b'{"id": "7", "ts": "2026-01-01T00:00:00Z", "text": "a \\ud800"}',
    b'{"id": "8", "ts": "2026-01-01T00:00:00Z", "text": "\xff\xfe"}',
    b'{"id": "' + b"9" * 900_000 + b'", "ts": "2026-01-01T00:00:00Z", "text": "a"}',
    b'{"id": "10", "ts": "2026-01-01T00:00:00Z", "text": "' + b"x" * 900_000 + b'"}',
    b'{"id": "11", "ts": "2038-01-01T00:00:00Z", "text": "a"}',
    b'{"id": {"a": 1}, "ts": "2026-01-01T00:00:00Z", "text": "a"}',
]


def sources(folder: Path, tz: str = "") -> None:
    """One source that pushes, and the folder; with ``tz`` times without a zone are read in it."""
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    zone = f", tz: {tz}" if tz else ""
    (folder / "sources.yaml").write_text(
        f"sources:\n  - {{name: crm, kind: push, token_sha256: {digest}{zone}}}\n  - {{name: folder, kind: file}}\n"
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    sources(folder)
    return folder


def good(name: str, ts: str | None = None) -> bytes:
    item = {"id": name, "ts": ts or NOW.isoformat(), "text": f"等了很久 {name}", "brand": "云杉航空"}
    return orjson.dumps(item)


async def letters(pipeline: Pipeline, least: int) -> list[DeadLetter]:
    """The dead letters, once there are so many."""
    deadline = time.monotonic() + 60
    while True:
        found = [decode(DeadLetter, one.value) for one in await pipeline.read(Topic.DEAD)]
        if len(found) >= least:
            return found
        assert time.monotonic() < deadline, [one.place for one in found]
        await asyncio.sleep(0.3)


async def taken(pipeline: Pipeline, wanted: Sequence[str]) -> list[str]:
    """Ids of the mentions in the log, once all that are wanted are there."""
    deadline = time.monotonic() + 60
    while True:
        found = [item.id for one in await pipeline.read(Topic.MENTIONS) for item in decode(Batch, one.value).mentions]
        if set(wanted) <= set(found) or time.monotonic() > deadline:
            return sorted(found)
        await asyncio.sleep(0.3)


async def test_what_others_write_into_a_topic(
    kafka: Kafka, valkey: Valkey, prefix: str, config: Path, tmp_path: Path
) -> None:
    """The bridge takes the good between the bad, and goes on."""
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, 2, config=config)
    await pipeline.prepare()
    theirs = f"{prefix}theirs"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(theirs, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for number, value in enumerate(BAD):
            await producer.send_and_wait(theirs, value, key=b"k")
            await producer.send_and_wait(theirs, good(f"g{number}"))
    intake = IntakeProcess(pipeline, "--bridge", f"{theirs}=crm")
    intake.start()
    try:
        wanted = sorted(f"g{number}" for number in range(len(BAD)))
        assert await taken(pipeline, wanted) == wanted
        found = await letters(pipeline, len(BAD))
    finally:
        intake.stop()
    assert sorted(int(one.place.split("offset ")[1].split()[0]) for one in found) == [2 * n for n in range(len(BAD))]
    assert all(one.reason and one.source == "crm" for one in found)
    assert "Traceback" not in intake.log.read_text()


async def test_what_comes_by_http_and_into_the_folder(
    kafka: Kafka, valkey: Valkey, prefix: str, config: Path, tmp_path: Path
) -> None:
    """Broken requests and files beside good ones; the process lives on, and a bomb does not grow."""
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, 2, config=config)
    await pipeline.prepare()
    inbox = tmp_path / "inbox"
    intake = IntakeProcess(pipeline, "--folder", str(inbox))
    intake.start()
    bomb = gzip.compress(b"[" + b" " * 200_000_000 + b"]", 1)
    try:
        for number, value in enumerate(BAD):
            assert (await intake.post("/v1/mentions", value or b"", TOKEN)).status_code == 400, value
            assert (await intake.post("/v1/mentions", good(f"g{number}"), TOKEN)).status_code == 200
        packed = await intake.post("/v1/mentions", bomb, TOKEN, **{"Content-Encoding": "gzip"})
        assert packed.status_code == 413
        many = await intake.post("/v1/mentions", b"[" + b"[]," * 3_000_000 + b"[]]", TOKEN)
        assert many.status_code == 413
        fill(inbox, bomb)
        deadline = time.monotonic() + 60
        while len(list((inbox / "refused").iterdir())) < 5 or not list((inbox / "done").iterdir()):
            assert time.monotonic() < deadline, intake.log.read_text()
            await asyncio.sleep(0.2)
        wanted = sorted([*(f"g{number}" for number in range(len(BAD))), "f1", "f2"])
        assert await taken(pipeline, wanted) == wanted
        found = await letters(pipeline, len(BAD) + 3)
    finally:
        intake.stop()
    assert [one.reason for one in found if one.source == "folder"] == ["must be a whole number"]
    assert "Traceback" not in intake.log.read_text()


def fill(inbox: Path, bomb: bytes) -> None:
    """Five files that are no use, a directory, and one with a bad row between two good ones."""
    (inbox / "empty.csv").touch()
    (inbox / "header.csv").write_text("id,ts,text\n")
    (inbox / "column.csv").write_text("id,ts\n1,2026-01-01T00:00:00Z\n")
    (inbox / "bytes.csv").write_bytes(bytes(range(256)) * 40)
    (inbox / "bomb.csv.gz").write_bytes(bomb)
    (inbox / "folder.csv").mkdir()
    old = (NOW - timedelta(hours=2)).isoformat()
    lines = [f"{name},{old},很差,{reach}" for name, reach in (("f1", 1), ("bad", "many"), ("f2", 2))]
    (inbox / "good.csv").write_text("\n".join(["id,ts,text,reach", *lines]))


async def test_a_letter_whose_cause_was_mended_is_sent_again_and_counts_once(
    kafka: Kafka, valkey: Valkey, prefix: str, config: Path, tmp_path: Path
) -> None:
    """Refused for want of a zone; then the zone is set; sent again twice, and by its sender too: it counts once."""
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path, 2, config=config)
    await pipeline.prepare()
    local = (NOW - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
    intake = IntakeProcess(pipeline)
    pipeline.add_worker(stages=("count",))
    try:
        intake.start()
        await intake.post("/v1/mentions", good("fine"), TOKEN)
        for name in ("zoneless", "13900012345"):
            answer = await intake.post("/v1/mentions", good(name, local), TOKEN)
            assert answer.json()["refused"][0]["field"] == "ts"
        await letters(pipeline, 2)
        code, said = command(pipeline, ["dead", "requeue", "--all"], tmp_path)
        assert (code, "0 accepted, 2 refused again" in said) == (1, True), said
        sources(config, tz="UTC")
        intake.stop()
        for _ in range(2):
            code, said = command(pipeline, ["dead", "requeue", "--all", "--source", "crm"], tmp_path)
            assert code == 0, said
        intake.start()
        for name in ("zoneless", "13900012345"):
            assert (await intake.post("/v1/mentions", good(name, local), TOKEN)).status_code == 200
        deadline = time.monotonic() + 60
        while await counted(pipeline) < 3 and time.monotonic() < deadline:
            await asyncio.sleep(0.5)  # the marks of the living source close the pane of "fine" in fifteen seconds
        intake.stop()
        await all_handled(pipeline)
    finally:
        intake.stop()
        pipeline.stop()
    assert await counted(pipeline) == 3


async def counted(pipeline: Pipeline) -> int:
    """Mentions of the brand, in closed panes and as corrections."""
    panes: dict[object, int] = {}
    for one in await pipeline.read(Topic.COUNTS):
        for record in decode_mixed(one.value):
            if isinstance(record, PaneCounts):
                key: object = (record.partition, record.pane, record.brand, record.part)
                panes[key] = record.rows["brand=云杉航空"].n
            elif isinstance(record, Correction):
                panes[record.position] = record.rows["brand=云杉航空"].n
    return sum(panes.values())
