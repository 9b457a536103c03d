"""A Kafka that dies under a running intake: senders hear 503 in time, and the intake ends when it is asked to."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from pathlib import Path

import orjson
import pytest

from contracts.clock import SystemClock
from fenghuo.local.kafka import Kafka
from tests.integration.living import IntakeProcess
from tests.integration.stack import ROOT, Pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

TOKEN = "a-token-of-the-crm"


def mention(name: str) -> bytes:
    return orjson.dumps({"id": name, "ts": SystemClock().now().isoformat(), "text": "等了很久", "brand": "云杉航空"})


async def test_kafka_dies_senders_hear_it_and_the_intake_ends(own_kafka: Kafka, prefix: str, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    (config / "sources.yaml").write_text(f"sources:\n  - {{name: crm, kind: push, token_sha256: {digest}}}\n")
    pipeline = Pipeline(own_kafka.bootstrap, "", prefix, tmp_path, 2, config=config)
    await pipeline.prepare()
    intake = IntakeProcess(pipeline)
    intake.start()
    try:
        assert (await intake.post("/v1/mentions", mention("a"), TOKEN)).status_code == 200
        own_kafka.kill()
        answer = await intake.post("/v1/mentions", mention("b"), TOKEN)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        waiting = asyncio.create_task(intake.post("/v1/mentions", mention("b"), TOKEN))
        await asyncio.sleep(2)
        assert not waiting.done()
        await asyncio.to_thread(intake.stop)
        waiting.cancel()
        answered = (await asyncio.gather(waiting, return_exceptions=True))[0]
        assert getattr(answered, "status_code", None) != 200
    finally:
        intake.stop()
