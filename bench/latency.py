"""From the HTTP door to the webhook: how long until people are told, at 2 000 mentions a second on real parts.

Where it sits: ``python -m bench latency``. Everything is real: Kafka, Valkey, the intake and the workers as processes,
a webhook on this machine. Panes and buckets are five seconds, the source's lateness is one second. Most mentions are
about one large brand; small brands say little, and every second another one bursts out. What is told:

* ``first``: from the moment at which the first mention of the judged pane's burst was posted until the webhook had it.
  It waits for its pane to end, for the lateness and for the work: the bound is pane + lateness + 1 s.
* ``end``: from the end of that pane until then, of which the lateness is a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import secrets
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import orjson
from redis.asyncio import Redis

from bench.feed import LATENESS, SOURCE, Fields, pool
from bench.servers import Servers, usage
from bench.trail import Trail, trail
from contracts.clock import SystemClock
from contracts.ports import Out
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.adapters.pulses import RedisPulses
from fenghuo.local.ports import free_ports
from fenghuo.settings import Runtime
from tests.integration.stack import ROOT, Pipeline, WorkerProcess

PARTITIONS = 4
PANE = 5
BOUND = PANE + LATENESS + 1.0
LARGE = "large"
SMALL = tuple(f"small{number:03}" for number in range(120))
BURST = 100
PATIENCE = 180.0
PAST = 400
"""Seconds of small talk put into the log before, so that the small brands are known."""
RATE = 2_000
REQUESTS = 40
"""A second; each carries fifty mentions."""

DETECTORS = """\
volume:
  {windows_minutes: [0.0834, 0.5], least_age: 50.0, warm_hours: 0.0, unknown_season: 0.01, short_weight: 0, watch: [[]]}
sentiment: {windows_minutes: [30], least_baseline: 5000}
"""
"""Windows of seconds that count in full: here a burst is to be told, whatever the machine is doing meanwhile."""


@dataclass
class Told:
    """What was noticed, by brand."""

    posted: dict[str, float] = field(default_factory=dict)
    """When the first mention of a brand's burst was posted."""
    opened: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When the webhook heard of it, and the end of the pane that showed it."""
    requests: list[float] = field(default_factory=list)
    """Seconds that each request took."""
    refused: int = 0


@dataclass(frozen=True)
class Latency:
    """What was measured; seconds."""

    bursts: int
    heard: int
    first: tuple[float, float, float, float]
    """p50, p95, p99 and the longest."""
    end: tuple[float, float, float, float]
    request: tuple[float, float, float, float]
    steps: dict[str, float]
    """Median seconds from the end of the pane until each stage had published."""
    per_second: float
    """Mentions that intake acknowledged a second."""
    busy: dict[str, float]
    """Processor seconds a second, by process."""


async def measure(servers: Servers, *, seconds: int, workers: int, rate: int = RATE) -> Latency:
    """Feed for so many seconds, one burst a second after the first ten."""
    pipeline = servers.pipeline("latency", partitions=PARTITIONS)
    told = Told()
    token = secrets.token_urlsafe(16)
    port, door = free_ports(2)
    pipeline.config = _config(pipeline.folder / "config", token, port)
    pipeline.more["FENGHUO_SNAPSHOT_SECONDS"] = str(Runtime.model_fields["snapshot_seconds"].default)
    await pipeline.prepare()
    await _past(pipeline)
    webhook = await asyncio.start_server(lambda reader, writer: _hear(reader, writer, told), "127.0.0.1", port)
    intake = _intake(pipeline, door)
    intake.start()
    for _ in range(workers):
        pipeline.add_worker()
    try:
        await _door_opens(door)
        await _past_is_judged(pipeline)
        pids = _pids(servers, pipeline, intake)
        before, began = {name: usage(pid).cpu_seconds for name, pid in pids.items()}, time.monotonic()
        sent = await _feed(f"http://127.0.0.1:{door}", token, told, seconds, rate)
        took = time.monotonic() - began
        busy = {name: (usage(pid).cpu_seconds - before[name]) / took for name, pid in pids.items()}
        await _patience(told)
        steps = _steps(told, await trail(pipeline))
    finally:
        pipeline.stop()
        intake.stop()
        webhook.close()
    return _summary(told, sent / took, steps, busy)


def _config(folder: Path, token: str, port: int) -> Path:
    shutil.copytree(ROOT / "config", folder)
    digest = hashlib.sha256(token.encode()).hexdigest()
    texts = {
        "counting.yaml": f"panes: {{pane_seconds: {PANE}, bucket_seconds: {PANE}}}\n",
        "detectors.yaml": DETECTORS,
        "subjects.yaml": "subjects:\n" + "".join(f"  - {{name: {name}}}\n" for name in (LARGE, *SMALL)),
        "sources.yaml": f"sources:\n  - {{name: {SOURCE}, kind: push, lateness: {LATENESS}, token_sha256: {digest}}}\n",
        "receivers.yaml": (
            f"receivers:\n  - {{name: here, type: webhook, url: 'http://127.0.0.1:{port}/', "
            "allow_private: [127.0.0.0/8]}\nroutes:\n  - {to: [here]}\n"
        ),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


async def _past(pipeline: Pipeline) -> None:
    """Some minutes in which every small brand said something each second."""
    start = SystemClock().now() - timedelta(seconds=PAST)
    held: dict[int, list[Fields]] = {number: [] for number in range(PARTITIONS)}
    for second in range(PAST):
        for brand in SMALL:
            one = _mention(f"p{second}{brand}", brand, start + timedelta(seconds=second))
            held[partition_of(one["id"], PARTITIONS)].append(one | {"received_at": one["ts"], "source": SOURCE})
    bus = KafkaBus(pipeline.bootstrap, pipeline.prefix)
    head = {"schema_version": 1, "source": SOURCE, "lateness": LATENESS}
    try:
        for partition, records in held.items():
            parts = [records[place : place + 500] for place in range(0, len(records), 500)]
            bodies = [orjson.dumps(head | {"mentions": part}) for part in parts]
            await bus.send([Out(Topic.MENTIONS, SOURCE, body, partition) for body in bodies])
    finally:
        await bus.stop()


async def _past_is_judged(pipeline: Pipeline) -> None:
    """Wait for what there is by then: more comes every pane."""
    await pipeline.until(pipeline.all_counted, bool, PATIENCE)
    ends = await pipeline.ends(Topic.COUNTS)
    async with Redis.from_url(pipeline.redis) as redis:
        pulses = RedisPulses(redis, pipeline.prefix, SystemClock())
        await pipeline.until(
            pulses.found,
            lambda found: all(found["detect", part].position >= end for part, end in ends.items()),
            PATIENCE,
        )


def _mention(name: str, brand: str, when: datetime) -> Fields:
    kept = pool()[hash_of(name) % len(pool())]
    return {**kept, "brand": brand, "id": name, "ts": when}


def hash_of(name: str) -> int:
    """A number that is the same in every process.

    >>> hash_of("a")
    5140
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2).digest(), "big")


async def _feed(url: str, token: str, told: Told, seconds: int, rate: int) -> int:
    """Post at a steady rate, whatever the answers do; how many mentions were acknowledged."""
    draws = random.Random(1)
    bursting = iter(SMALL)
    tasks: set[asyncio.Task[int]] = set()
    each = rate // REQUESTS
    connector = aiohttp.TCPConnector(limit=64, keepalive_timeout=2.0)
    async with aiohttp.ClientSession(url, connector=connector) as client:
        began = time.monotonic()
        for number in range(seconds * REQUESTS):
            await asyncio.sleep(max(0.0, began + number / REQUESTS - time.monotonic()))
            burst = next(bursting, None) if number % REQUESTS == 0 and number >= 10 * REQUESTS else None
            body = _body(number, each, burst, draws)
            if burst is not None:
                told.posted[burst] = SystemClock().now().timestamp()
            tasks.add(asyncio.create_task(_post(client, token, body, told)))
        return sum(await asyncio.gather(*tasks))


def _body(number: int, each: int, burst: str | None, draws: random.Random) -> list[dict[str, Any]]:
    now = SystemClock().now()
    made = []
    for index in range(each + (BURST if burst else 0)):
        small = draws.choice(SMALL) if draws.random() < len(SMALL) / RATE else LARGE
        brand = burst if burst is not None and index < BURST else small
        one = _mention(f"q{number}n{index}", brand, now)
        made.append(one | {"text": f"{one['text']} {number}-{index}"})
    return made


async def _post(client: aiohttp.ClientSession, token: str, body: Sequence[dict[str, Any]], told: Told) -> int:
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with client.post("/v1/mentions", data=orjson.dumps(body), headers=headers) as answer:
        await answer.read()
    told.requests.append(time.monotonic() - began)
    if answer.status != 200:
        told.refused += 1
        return 0
    return len(body)


async def _hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, told: Told) -> None:
    """The webhook: one small HTTP server, which says yes to everything."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            event = orjson.loads(await reader.readexactly(length))
            now = SystemClock().now().timestamp()
            if event["event"] == "opened":
                told.opened.setdefault(event["scope"]["brand"], (now, datetime.fromisoformat(event["at"]).timestamp()))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _patience(told: Told) -> None:
    """Wait for the last of them."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not told.posted.keys() <= told.opened.keys():
        await asyncio.sleep(0.1)


def _intake(pipeline: Pipeline, port: int) -> WorkerProcess:
    command = [sys.executable, "-m", "fenghuo", "intake", "--port", str(port)]
    return WorkerProcess("intake", command, pipeline.environment(), pipeline.folder / "intake.log")


async def _door_opens(port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                await client.get(f"http://127.0.0.1:{port}/healthz")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError("the intake does not answer")


def _pids(servers: Servers, pipeline: Pipeline, intake: WorkerProcess) -> dict[str, int]:
    processes = [intake, *pipeline.workers]
    found = {one.name: one.process.pid for one in processes if one.process is not None}
    return {"kafka": servers.kafka.pid, "valkey": servers.valkey.pid, **found, "client": os.getpid()}


def _steps(told: Told, found: Trail) -> dict[str, float]:
    """Median seconds from the end of the pane to each stage's publication."""
    after: dict[str, list[float]] = {"all partitions closed": [], "judged": [], "decided": [], "told": []}
    for brand in told.posted.keys() & told.opened.keys() & found.judged.keys() & found.decided.keys():
        heard, end = told.opened[brand]
        closed = found.closed.get(round(end) // PANE - 1, end)
        for name, when in zip(after, (closed, found.judged[brand], found.decided[brand], heard), strict=True):
            after[name].append(when - end)
    return {name: round(statistics.median(values), 3) for name, values in after.items() if values}


def _summary(told: Told, per_second: float, steps: dict[str, float], busy: dict[str, float]) -> Latency:
    heard = [brand for brand in told.posted if brand in told.opened]
    return Latency(
        bursts=len(told.posted),
        heard=len(heard),
        first=quantiles([told.opened[brand][0] - told.posted[brand] for brand in heard]),
        end=quantiles([told.opened[brand][0] - told.opened[brand][1] for brand in heard]),
        request=quantiles(told.requests),
        steps=steps,
        per_second=per_second,
        busy=busy,
    )


def quantiles(values: Sequence[float]) -> tuple[float, float, float, float]:
    """p50, p95, p99 and the largest.

    >>> quantiles([float(number) for number in range(1, 101)])
    (50.5, 95.95, 99.99, 100.0)
    """
    if len(values) < 2:
        return (float("nan"),) * 4
    cuts = statistics.quantiles(values, n=100)
    return (round(cuts[49], 3), round(cuts[94], 3), round(min(cuts[98], max(values)), 3), max(values))
