"""``fenghuo watchdog``: says outside that all is well, and falls silent when a stage stands still."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fenghuo.cli.exits import BAD_INPUT, leave, sentences

if TYPE_CHECKING:
    from fenghuo.settings import Runtime


@sentences
def watchdog() -> None:
    """Say outside, at the address in FENGHUO_DEADMAN, that every stage moves; fall silent when one stands still."""
    import logging

    from fenghuo.settings import Runtime

    runtime = Runtime()
    if not runtime.deadman.wanted:
        leave('nobody outside is named; set FENGHUO_DEADMAN to {"url": "https://…"} or {"address": "…"}', BAD_INPUT)
    logging.basicConfig(level=runtime.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.ERROR)  # it writes whole addresses
    asyncio.run(_watch(runtime))


async def _watch(runtime: Runtime) -> None:
    from redis.asyncio import Redis

    from alerts.notify.build import http_client
    from contracts.clock import SystemClock
    from fenghuo.adapters.ends import KafkaEnds
    from fenghuo.adapters.outside import speaker
    from fenghuo.adapters.pulses import RedisPulses
    from fenghuo.watchdog import Watchdog, read_by

    clock = SystemClock()
    read = read_by(runtime)
    topics = {topic for one in read.values() for topic in one}
    ends = KafkaEnds(runtime.kafka, runtime.prefix, sorted(topics), runtime.partitions)
    async with http_client() as client, Redis.from_url(runtime.redis.get_secret_value(), socket_timeout=10) as redis:
        pulses = RedisPulses(redis, runtime.prefix, clock)
        try:
            speak = speaker(runtime.deadman, client, runtime.allow_private)
            await Watchdog(ends, pulses, speak, runtime.deadman, clock, read).run()
        finally:
            await ends.close()
