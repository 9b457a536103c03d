"""Sends a loaded file into the log as history.

First a command to every partition of ``decide.in``: up to the file's last time nobody is told. It is durable before
the first mention is sent, and signals can only come after mentions, so no signal can overtake it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from contracts.clock import Clock
from contracts.codec import encode_mixed
from contracts.ports import Bus, Out
from contracts.records import Command, CommandKind
from contracts.records.incident import rfc3339
from contracts.topics import Topic
from fenghuo.intake import dead_sink
from streams.batch import outs
from streams.sources.arrange import play
from streams.sources.load import Loaded

AUTHOR = "import-history"


async def send_history(
    loaded: Loaded, bus: Bus, partitions: int, clock: Clock, told: Callable[[int], None] = lambda done: None
) -> None:
    """All of it, in order; raises Unavailable. Sending it twice changes nothing within the horizon of repeats."""
    await bus.send(history_command(loaded.rows[-1].ts, clock.now(), partitions))
    if loaded.letters:
        await dead_sink(bus, partitions)(loaded.letters)
    await send_rows(loaded, bus, partitions, told)


async def send_rows(loaded: Loaded, bus: Bus, partitions: int, told: Callable[[int], None] = lambda done: None) -> None:
    """The file's mentions with its marks, the end mark last."""
    done = 0
    for placed in play(loaded.rows, loaded.source, partitions):
        await bus.send(outs(placed))
        done += sum(len(batch.mentions) for _, batch in placed)
        told(done)


def history_command(until: datetime, now: datetime, partitions: int) -> list[Out]:
    """The command, for every partition."""
    name = hashlib.blake2b(f"history {rfc3339(until)}".encode(), digest_size=12).hexdigest()
    command = Command(
        id=name,
        kind=CommandKind.HISTORY,
        brand="*",
        author=AUTHOR,
        issued_at=now,
        reason="imported history tells nobody",
        args={"until": rfc3339(until)},
    )
    payload = encode_mixed([command])
    return [Out(Topic.DECIDE_IN, AUTHOR, payload, partition) for partition in range(partitions)]
