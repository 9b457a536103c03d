"""Reading dead letters, and sending them through intake again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from contracts.clock import SystemClock
from contracts.codec import decode
from contracts.records import CaseEvent, DeadLetter, Mention
from contracts.topics import Topic
from fenghuo.adapters.kafka import KafkaBus, KafkaLog
from fenghuo.cli.configs import config_folder
from fenghuo.intake import make_deps
from fenghuo.settings import Runtime, load_config
from streams.door import Door

ALL = 2**62


@dataclass(slots=True)
class Requeued:
    """What became of letters sent again."""

    accepted: int = 0
    refused: int = 0
    skipped: int = 0


async def read_letters(runtime: Runtime | None = None) -> list[DeadLetter]:
    """All dead letters that Kafka holds, oldest first, each once; raises Unavailable."""
    runtime = runtime or Runtime()
    log = KafkaLog(runtime.kafka, runtime.prefix)
    found: dict[str, DeadLetter] = {}
    for partition in range(runtime.partitions):
        async for message in log.read(Topic.DEAD, partition, 0, ALL):
            one = decode(DeadLetter, message.value)
            found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.at, one.id))


async def send_again(letters: Sequence[DeadLetter], runtime: Runtime | None = None) -> Requeued:
    """Each letter through the door of its source; ids that did arrive meanwhile are dropped as repeats behind."""
    runtime = runtime or Runtime()
    config = load_config(config_folder(None, runtime))
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    door = Door(make_deps(runtime, config, bus, SystemClock(), heartbeat=False))
    done = Requeued()
    try:
        for one in letters:
            guest = door.guests.get(one.source)
            if guest is None or not one.raw_masked:
                done.skipped += 1
                continue
            item = orjson.loads(one.raw_masked)
            kind: type[Mention] | type[CaseEvent] = CaseEvent if "event" in item else Mention
            outcome = await door.take(guest, [item], f"requeue of {one.id[:12]}", kind=kind)
            done.accepted += outcome.accepted
            done.refused += len(outcome.refused)
        await door.close()
    finally:
        await bus.stop()
    return done
