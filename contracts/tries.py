"""Who may still try: so many failures within a span of time, and then a wait. Pure but for what it counts.

For sign-ins by name and address and for tokens by address. Memory is bounded; of more names than it holds, those that
failed longest ago are forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta


class Tries:
    """Counts failures.

    >>> from datetime import UTC
    >>> tries, noon = Tries(2), datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [tries.failed("lin", noon) for _ in range(2)], tries.blocked("lin", noon), tries.blocked("wang", noon)
    ([None, None], True, False)
    >>> tries.wait("lin", noon + timedelta(minutes=1)), tries.blocked("lin", noon + timedelta(minutes=6))
    (240.0, False)
    """

    def __init__(self, most: int = 10, span: timedelta = timedelta(minutes=5), names: int = 10_000) -> None:
        self._most = most
        self._span = span
        self._names = names
        self._failed: OrderedDict[str, list[datetime]] = OrderedDict()

    def failed(self, name: str, now: datetime) -> None:
        """One more."""
        self._failed[name] = [*self._recent(name, now), now][-self._most :]
        self._failed.move_to_end(name)
        while len(self._failed) > self._names:
            self._failed.popitem(last=False)

    def blocked(self, name: str, now: datetime) -> bool:
        """Whether it was tried too often lately."""
        return len(self._recent(name, now)) >= self._most

    def wait(self, name: str, now: datetime) -> float:
        """Seconds until it may be tried again; 0 when it may be now."""
        recent = self._recent(name, now)
        return 0.0 if len(recent) < self._most else (recent[0] + self._span - now).total_seconds()

    def _recent(self, name: str, now: datetime) -> list[datetime]:
        return [at for at in self._failed.get(name, []) if now - at < self._span]
