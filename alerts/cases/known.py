"""Which case events were heard before: detecting sends some again after a kill, and each counts once.

Signals and marks sent again are known by their order; a case event has none. Heard twice, a reply from before a
reopening would meet the clocks of the case that was opened again.
"""

from __future__ import annotations

from hashlib import blake2b

from contracts.records import CaseEvent

MOST = 50_000
"""Events of one partition that are remembered, some hundred bytes each: more than comes between two snapshots."""


class KnownEvents:
    """Remembers the last events by source and id.

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> one = CaseEvent(id="e1", ts=noon, received_at=noon, source="desk", brand="Delta", case_id="c1", event="replied")
    >>> known = KnownEvents()
    >>> [known.again(one), known.again(one), known.again(one.model_copy(update={"source": "shop"}))]
    [False, True, False]
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[bytes, None] = {}

    def again(self, event: CaseEvent) -> bool:
        """Whether it was heard before; from now on it was."""
        name = blake2b(f"{event.source}\0{event.id}".encode(), digest_size=8).digest()
        if name in self._known:
            return True
        self._known[name] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return False
