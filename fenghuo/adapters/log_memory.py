"""A log in this process's memory: the twin of Kafka, for replay and tests.

Topics are lists of messages by partition; offsets are positions. It implements
:class:`contracts.ports.Bus` and :class:`contracts.ports.LogReader`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from contracts.ports import In, Out
from contracts.topics import Topic


class MemoryLog:
    """Append-only messages by topic and partition.

    >>> import asyncio
    >>> log = MemoryLog()
    >>> asyncio.run(log.send([Out(Topic.MENTIONS, "k", b"x", 0)]))
    >>> log.messages(Topic.MENTIONS, 0)
    [In(offset=0, value=b'x')]
    """

    def __init__(self) -> None:
        self._messages: dict[tuple[Topic, int], list[In]] = defaultdict(list)

    async def send(self, outs: Sequence[Out]) -> None:
        """Append all."""
        for out in outs:
            held = self._messages[(out.topic, out.partition)]
            held.append(In(len(held), out.value))

    def messages(self, topic: Topic, partition: int, start: int = 0) -> list[In]:
        """What stands in one partition from ``start`` on."""
        return self._messages[(topic, partition)][start:]

    async def read(self, topic: Topic, partition: int, start: int, stop: int) -> AsyncIterator[In]:
        """Messages with start <= offset < stop."""
        for message in self._messages[(topic, partition)][start:stop]:
            yield message
