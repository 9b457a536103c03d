"""The REST API as its own process over a real Kafka, a real Valkey and a worker: what people do comes back decided."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.access import Role
from contracts.clock import SystemClock
from contracts.codec import encode_mixed
from contracts.ports import Out
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.following import ledger_store
from fenghuo.local.kafka import Kafka
from fenghuo.local.ports import free_ports
from fenghuo.local.valkey import Valkey
from fenghuo.people.book import Account
from fenghuo.people.file import PeopleFile
from fenghuo.settings import Runtime
from tests.integration.stack import Pipeline, WorkerProcess
from tests.unit.alerts.given import mark
from tests.unit.alerts.given import signal as seen

pytestmark = [pytest.mark.kafka, pytest.mark.valkey]


async def until(ask: Callable[[], Awaitable[Any]], seconds: float = 250) -> Any:
    """The first answer that is not empty."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                answer = await ask()
            except httpx.TransportError:
                answer = None
            if answer:
                return answer
            await asyncio.sleep(0.2)


async def test_what_people_do_over_http_is_decided_shown_and_in_the_ledger(
    kafka: Kafka, valkey: Valkey, prefix: str, tmp_path: Path
) -> None:
    pipeline = Pipeline(kafka.bootstrap, valkey.url, prefix, tmp_path)
    await pipeline.prepare()
    people = PeopleFile(tmp_path / "people.json")
    people.change(lambda book: book.put(Account(name="lin", role=Role.ANALYST)))
    people.change(lambda book: book.with_token("lin", "test", "a token of lin", SystemClock().now()))
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "fenghuo", "console", "--api-only", "--port", str(port)]
    console = WorkerProcess("console", command, pipeline.environment(), tmp_path / "console.log")
    bus = KafkaBus(kafka.bootstrap, prefix)
    place = partition_of("Delta", pipeline.partitions)

    async def happen(*records: Any) -> None:
        await bus.send([Out(Topic.DECIDE_IN, "Delta", encode_mixed(list(records)), place)])

    try:
        pipeline.add_worker(stages=("decide", "view", "record"))
        console.start()
        await happen(seen(5, 30.0, observed=4000.0, support=900), mark(60))
        mine = {"Authorization": "Bearer a token of lin"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=mine, timeout=30) as client:

            async def items(path: str) -> Any:
                return (await client.get(path)).json().get("items")

            (card,) = await until(lambda: items("/v1/incidents"))
            path = f"/v1/incidents/{card['incident']}"
            (answer,) = await items(f"{path}/why")
            assert (answer["told"], answer["observed"]) == (True, 4000.0)

            ack = await client.post(f"{path}/ack", json={"comment": "on it"}, headers={"Idempotency-Key": "ack-00001"})
            assert ack.status_code == 202, ack.text

            async def owned() -> Any:
                return (await client.get(path)).json()["card"]["owner"]

            assert await until(owned) == "lin"
            silence = await client.post("/v1/silences", json={"brand": "Delta", "for": "2h", "comment": "sale"})
            assert silence.status_code == 202, silence.text
            (held,) = await until(lambda: items("/v1/silences"))
            assert held["silence"]["id"] == silence.json()["command"]
            word = await client.post("/v1/feedback", json={"incident": card["incident"], "verdict": "true"})
            assert word.status_code == 202, word.text
            assert [one["verdict"] for one in await items("/v1/feedback")] == ["true"]
            rules = (await client.get("/v1/rules")).json()["rules"]
            put = await client.put("/v1/rules", json={"rules": rules, "reason": "as they are"})
            assert put.status_code == 202, put.text
            assert [one["id"] for one in (await client.get("/v1/rules/versions")).json()] == [put.json()["command"]]
            assert (await client.get("/v1/incidents", headers={"Authorization": "Bearer no"})).status_code == 401
            people.change(lambda book: book.without_token("lin", "test"))
            assert (await client.get("/v1/incidents")).status_code == 401

        runtime = Runtime(var=tmp_path)

        async def entered() -> Any:
            found = [one.entry for one in ledger_store(runtime).read() if one.entry is not None]
            commands = {one.what: one for one in found if one.what.startswith("command.")}
            return commands if {*of_lin, "command.person"} <= set(commands) else None

        of_lin = {"command.ack", "command.silence", "command.feedback", "command.rules"}
        written = await until(entered)
        assert set(written) == {*of_lin, "command.person"}
        assert {written[what].actor for what in of_lin} == {"lin"}
        assert written["command.ack"].body["id"] == "ack-00001"
        assert console.stop() in (0, -signal.SIGTERM)
    finally:
        console.kill()
        pipeline.stop()
        await bus.stop()
