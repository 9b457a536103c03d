"""The masked texts behind the curves, read from the log as far as memory allows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from contracts.codec import decode_counts
from contracts.desk import Listed
from contracts.errors import InvalidRecord
from contracts.ports import LogReader
from contracts.records import PaneCounts
from contracts.topics import Topic
from fenghuo.desk.recent_texts import MOST, RecentTexts
from fenghuo.desk.repeats import DAY

ALL = 2**62


class LogTexts:
    """Implements :class:`contracts.desk.Texts` over the topic ``counts``, read on from where it was left when asked.

    The first question reads the whole topic and takes as long as that takes; each process keeps its own.
    """

    def __init__(self, log: LogReader, partitions: int, most: int = MOST, known_for: timedelta = DAY) -> None:
        self._log = log
        self._next = [0] * partitions
        self._kept = RecentTexts(most, known_for)
        self._lock = asyncio.Lock()

    async def behind(
        self, brand: str, start: datetime, end: datetime, where: Mapping[str, str], limit: int = 100
    ) -> Sequence[Listed]:
        """Texts in [start, end) with these dimensions, by time; raises Unavailable."""
        await self.catch_up()
        return await self._kept.behind(brand, start, end, where, limit)

    async def catch_up(self) -> None:
        """Take what came since; raises Unavailable."""
        async with self._lock:
            for partition in range(len(self._next)):
                async for message in self._log.read(Topic.COUNTS, partition, self._next[partition], ALL):
                    self._kept.take(_panes(message.value))
                    self._next[partition] = message.offset + 1


def _panes(value: bytes) -> list[PaneCounts]:
    try:
        return [one for one in decode_counts(value) if isinstance(one, PaneCounts)]
    except InvalidRecord:
        return []
