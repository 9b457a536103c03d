"""Planted personal data are found nowhere after a run: in no topic, key, store, snapshot, log or terminal line."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import re
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from contracts.clock import SystemClock
from contracts.codec import decode
from contracts.records import DeadLetter
from contracts.topics import PIPELINE, Topic
from fenghuo.local.kafka import Kafka
from fenghuo.local.valkey import Valkey
from fenghuo.simulator.calendar import from_ms
from fenghuo.simulator.incidents import SuddenSurge
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.world import BRANDS
from tests.integration.living import IntakeProcess, all_handled, command
from tests.integration.planted import Plants, in_files, in_kafka, in_redis, leaks, needles, record
from tests.integration.stack import ROOT, Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.valkey, pytest.mark.slow, pytest.mark.timeout(600)]

TOKEN = "a-token-of-the-desk"
SOURCES = f"""sources:
  - name: desk
    kind: clocked
    token_sha256: {hashlib.sha256(TOKEN.encode()).hexdigest()}
    extra: [note]
    rate: {{per_second: 100000, burst: 1000000}}
  - {{name: folder, kind: file, tz: Asia/Shanghai, extra: [note]}}
intake: {{max_body: 1000000}}
"""
DAYS = 3


async def test_planted_data_are_found_nowhere(kafka: Kafka, own_valkey: Valkey, prefix: str, tmp_path: Path) -> None:
    var, inbox = tmp_path / "var", tmp_path / "inbox"
    var.mkdir()
    pipeline = Pipeline(kafka.bootstrap, own_valkey.url, prefix, var, 2, config=settings(tmp_path))
    pipeline.more = {"FENGHUO_LOG_LEVEL": "INFO"}
    await pipeline.prepare()
    run = Run(pipeline, tmp_path, inbox)
    try:
        pipeline.add_worker()
        run.intake.start()
        await run.send_simulated()
        await run.send_attack()
        await run.drop_files()
        run.on_the_command_line()
        await all_handled(pipeline)
        await pipeline.caught_up(*PIPELINE[1:])
    finally:
        run.intake.stop()
        pipeline.stop()
    await run.judge(kafka.bootstrap, own_valkey.url, prefix)


def test_the_search_finds_what_is_there() -> None:
    """Every value in every way that a program may have written it."""
    plants = Plants()
    values = [plants.next() for _ in range(64)]
    wanted = needles(values)
    for value in values:
        for content in (value.encode(), orjson.dumps({"a": f"x{value}y"}), json.dumps([value]).encode()):
            assert leaks([("place", content)], wanted), value
        assert leaks([("place", re.sub(r"[ -]", "", value).encode())], wanted), value
    assert leaks([("place", b"13900017000 6222020000000700")], wanted) == []


def settings(folder: Path) -> Path:
    """The shipped settings, with one source that brings its own time."""
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "sources.yaml").write_text(SOURCES)
    return config


class Run:
    """One run: what was sent, and what was said."""

    def __init__(self, pipeline: Pipeline, folder: Path, inbox: Path) -> None:
        self.pipeline, self.folder, self.inbox = pipeline, folder, inbox
        self.var = pipeline.folder
        self.plants = Plants()
        self.end = SystemClock().now().astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
        self.simulation = Simulation(self._scenario())
        self.intake = IntakeProcess(pipeline, "--folder", str(inbox))
        self.refused = 0

    def _scenario(self) -> Scenario:
        surge = SuddenSurge(brand=BRANDS[0].name, start=self.end - timedelta(hours=4), minutes=60, factor=20)
        start = self.end - timedelta(days=DAYS)
        return Scenario(start=start, end=self.end, brands=BRANDS[:2], rate=300, private=0.1, incidents=(surge,))

    # -- what comes in -------------------------------------------------------------------------------------

    async def post(self, path: str, content: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
        return await self.intake.post(path, content, TOKEN, kind, **headers)

    async def send_simulated(self) -> None:
        held: list[bytes] = []
        for ms, one in self.simulation.lines():
            held.append(orjson.dumps(one))
            if len(held) == 100:
                await self._send_lines(held, ms)
        if held:
            await self._send_lines(held, ms)

    async def _send_lines(self, held: list[bytes], ms: int) -> None:
        answer = await self.post("/v1/mentions", b"\n".join(held), "application/x-ndjson")
        assert answer.status_code == 200, answer.text
        await self.post("/v1/progress", orjson.dumps({"event_time": from_ms(ms).isoformat()}))
        held.clear()

    async def send_attack(self) -> None:
        """Something private in every field: of good records, refused ones, broken ones, and case events."""
        now = self.end.isoformat()
        good = [record(self.plants, number, now) for number in range(8)]
        bad: list[Any] = [
            record(self.plants, 0, "someday"),
            record(self.plants, 1, self.plants.next()),
            record(self.plants, 2, "1970-01-01T00:00:00Z"),
            record(self.plants, 3, (self.end + timedelta(days=5)).isoformat()),
            record(self.plants, 4, now, id="x" * 300 + self.plants.next()),
            record(self.plants, 5, now, text=[self.plants.next()]),
            record(self.plants, 6, now, severity=self.plants.next(), note={"a": self.plants.next()}),
            record(self.plants, 7, now, text="x" * 19_995 + self.plants.next() * 40),
            record(self.plants, 8, now, reach=13900018888, lang=f"zh {self.plants.next()} {self.plants.next()}"),
            [self.plants.next()],
            self.plants.next(),
        ]
        self.plants.values.append("13900018888")
        answer = await self.post("/v1/mentions", orjson.dumps([*good, *bad]))
        assert answer.json()["accepted"] == len(good)
        assert len(answer.json()["refused"]) == len(bad), "every bad one"
        self.refused += len(bad)
        await self._send_broken(now)
        events = [self._event(kind, now) for kind in ("opened", "replied", "resolved", "nonsense")]
        answer = await self.post("/v1/case-events", orjson.dumps(events))
        assert answer.json()["accepted"] == 3
        self.refused += 1
        later = (self.end + timedelta(minutes=30)).isoformat()
        assert (await self.post("/v1/progress", orjson.dumps({"event_time": later}))).status_code == 200

    def _event(self, event: str, ts: str) -> dict[str, Any]:
        more = {"channel": self.plants.next(), "department": self.plants.next(), "remark": self.plants.next()}
        return {"id": self.plants.next(), "ts": ts, "case_id": self.plants.next(), "event": event, **more}

    async def _send_broken(self, now: str) -> None:
        whole = orjson.dumps(record(self.plants, 9, now))
        cut = orjson.dumps(record(self.plants, 9, now, id=self.plants.next()))[:-40]
        lines = b"\n".join([whole, cut, f"author={self.plants.next()}".encode(), b'"' + cut])
        for content, kind, more in (
            (cut, "application/json", {}),
            (b"[" + whole + b"," + cut, "application/json", {}),
            (whole.replace(b'"brand"', b"brand"), "application/json", {}),
            (gzip.compress(whole)[:-9], "application/json", {"Content-Encoding": "gzip"}),
            (whole, "application/json", {"Content-Encoding": "gzip"}),
            (b" " * 1_000_001 + whole, "application/json", {}),
            (b"\xff\xfe" + whole, "application/json", {}),
        ):
            answer = await self.post("/v1/mentions", content, kind, **more)
            assert answer.status_code in (400, 413), (content[:60], answer.text)
            self.refused += 1
        answer = await self.post("/v1/mentions", lines, "application/x-ndjson")
        assert (answer.status_code, answer.json()["accepted"]) == (207, 1)
        self.refused += 3
        secret = httpx.QueryParams({"phone": self.plants.next(), "mail": self.plants.next()})
        assert (await self.post(f"/v1/nowhere?{secret}", whole)).status_code == 404
        wrong = await self.post(
            "/v1/mentions", whole, Authorization=f"Bearer {self.plants.next()}".encode("ascii", "ignore").decode()
        )
        assert wrong.status_code == 403

    # -- files ---------------------------------------------------------------------------------------------

    def csv(self, path: Path, rows: int = 30) -> Path:
        """A table with something private in every cell, a bad row, and a column that nobody reads."""
        lines = ["ts,text,brand,region,author,case_id,note,secret"]
        for number in range(rows):
            when = f"2026-01-05 08:{number % 60:02d}:00" if number != 7 else self.plants.next()
            cells = [self.plants.next() for _ in range(7)]
            lines.append(",".join([when, f"很差 {cells[0]} 没人管", *cells[1:]]))
        path.write_text("\n".join(lines) + "\n")
        self.refused += 1
        return path

    async def drop_files(self) -> None:
        """Into the watched folder: a table; one without a header; one with a private name."""
        mine = self.folder / "mine"
        mine.mkdir()
        self.csv(mine / "desk.csv").rename(self.inbox / "desk.csv")
        bare = self.csv(mine / "bare.csv").read_text().splitlines()[1:]
        (self.inbox / "bare.csv").write_text("\n".join(bare))
        self.refused -= 1
        self.csv(mine / "named.csv").rename(self.inbox / f"{self.plants._phone(9_999, 0)}.csv")
        self.plants.values.append(self.plants._phone(9_999, 0))
        deadline = time.monotonic() + 60
        while len(list((self.inbox / "done").iterdir())) < 2 or not list((self.inbox / "refused").iterdir()):
            assert time.monotonic() < deadline, self.intake.log.read_text()
            await asyncio.sleep(0.2)

    # -- the command line ----------------------------------------------------------------------------------

    def on_the_command_line(self) -> None:
        table = self.csv(self.folder / "mine" / "more.csv")
        bare = self.folder / "mine" / "bare.csv"
        bare.write_text("\n".join(bare.read_text().splitlines()[1:]))
        zone = ("--tz", "Asia/Shanghai")
        self.said(0, "import-history", str(table), *zone)
        self.said(0, "replay", str(table), *zone, "--readings", "--out", str(self.var / "replay"))
        self.said(2, "replay", str(bare), *zone, "--out", str(self.var / "replay2"))
        self.said(2, "import-history", str(bare), *zone)
        listed = self.said(0, "dead", "list", "--most", "100")
        names = [line.split()[1] for line in listed.splitlines() if line.startswith("│")]
        assert len(names) >= self.refused, listed
        for name in names[:1]:
            self.said(0, "dead", "show", name)
        self.said(None, "doctor")

    def said(self, code: int | None, *words: str) -> str:
        """Run a command; what it said is kept under ``var`` and looked into at the end."""
        done, said = command(self.pipeline, words, self.folder)
        (self.var / f"said-{words[0]}-{time.monotonic_ns()}.txt").write_text(said)
        assert "Traceback" not in said, said
        assert code is None or done == code, said
        return said

    # -- judging -------------------------------------------------------------------------------------------

    async def judge(self, bootstrap: str, redis: str, prefix: str) -> None:
        wanted = needles([*(one.value for one in self.simulation.planted), *self.plants.values])
        assert len(self.simulation.planted) > 100
        topics = await in_kafka(bootstrap, prefix, self.pipeline.partitions)
        keys = await in_redis(redis)
        files = list(in_files(self.var))
        self._something_was_written(topics, keys, files, prefix)
        assert leaks([*topics, *keys, *files], wanted) == []

    def _something_was_written(
        self,
        topics: Sequence[tuple[str, bytes]],
        keys: Sequence[tuple[str, bytes]],
        files: Sequence[tuple[str, bytes]],
        prefix: str,
    ) -> None:
        """The search means nothing if there was nothing to search."""
        by_topic = {
            topic: [value for place, value in topics if place.startswith(f"{prefix}{topic}:")] for topic in Topic
        }
        assert all(by_topic[topic] for topic in PIPELINE)
        masked = b"".join(by_topic[Topic.MENTIONS]).decode()
        assert all(f"[{kind}#" in masked for kind in ("电话", "邮箱", "身份证", "卡号"))
        letters = [decode(DeadLetter, value.split(b" ", 1)[1]) for value in by_topic[Topic.DEAD]]
        assert len(letters) >= self.refused
        assert any("#" in one.preview for one in letters)
        assert len(keys) > 1_000
        names = [place for place, _ in files]
        for wanted in ("series.sqlite", "snapshots", "intake.log", "w0.log", "readings.ndjson", "said-doctor"):
            assert any(wanted in name for name in names), (wanted, names)
        told = next(content for name, content in files if name.endswith("w0.log")).decode()
        assert BRANDS[0].name in told, "a warning was told in the terminal"
