"""The masked texts behind the curves, as far back as memory allows: filled with what the counting stage publishes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from contracts.desk import Listed
from contracts.records import Evidence, PaneCounts
from fenghuo.desk.repeats import DAY, with_repeats

MOST = 50_000
"""Texts that are kept of all brands together, about 1 kB each; the ones that came first give way."""


class RecentTexts:
    """Implements :class:`contracts.desk.Texts`. A repeat replaces; lost with the process and read again from the log.

    >>> import asyncio
    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> one = Evidence(id="a", ts=at, source="s", channel="web", category="quality", sentiment="negative", polarity=-1,
    ...                emotion="anger", heat=0.9, reach=1, signature="x", keywords=(), text="坏了", lang="zh")
    >>> texts = RecentTexts()
    >>> texts.take([PaneCounts(partition=0, pane=0, brand="A", evidence=(one,))])
    >>> found = texts.behind("A", at, at + timedelta(minutes=1), {"channel": "web"})
    >>> [(one.evidence.text, one.copy_of) for one in asyncio.run(found)]
    [('坏了', None)]
    """

    def __init__(self, most: int = MOST, known_for: timedelta = DAY) -> None:
        self._most = most
        self._known_for = known_for
        self._texts: OrderedDict[tuple[str, str], Evidence] = OrderedDict()

    def take(self, counts: Iterable[PaneCounts]) -> None:
        """Keep the evidence of some panes."""
        for pane in counts:
            for one in pane.evidence:
                self._texts[(pane.brand, one.id)] = one
        while len(self._texts) > self._most:
            self._texts.popitem(last=False)

    async def behind(
        self, brand: str, start: datetime, end: datetime, where: Mapping[str, str], limit: int = 100
    ) -> Sequence[Listed]:
        """Texts in [start, end) with these dimensions, by time; the fiercest when there are more than ``limit``.

        A dimension that evidence does not carry is passed over. What repeats what is told among those returned.
        """
        found = [
            one
            for (name, _), one in self._texts.items()
            if name == brand and start <= one.ts < end and _fits(one, where)
        ]
        fiercest = sorted(found, key=lambda one: (-one.heat, one.ts, one.id))[:limit]
        return with_repeats(sorted(fiercest, key=lambda one: (one.ts, one.id)), self._known_for)


def _fits(one: Evidence, where: Mapping[str, str]) -> bool:
    return all((getattr(one, name, value) or "other") == value for name, value in where.items())
