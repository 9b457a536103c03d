"""How much one source may send: a token bucket on a clock that is handed in. Pure."""

from __future__ import annotations

from streams.settings import RateLimit


class TokenBucket:
    """Lets ``burst`` items through at once and ``per_second`` in the long run.

    A request may overdraw it, because its size is known only after reading; the debt is waited off before
    the next one.

    >>> bucket = TokenBucket(RateLimit(per_second=10, burst=20), now=0.0)
    >>> bucket.charge(30, now=0.0)
    >>> bucket.wait(now=0.0), bucket.wait(now=2.0)
    (1.1, 0.0)
    """

    def __init__(self, limit: RateLimit, now: float) -> None:
        self._limit = limit
        self._level = limit.burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until the next item may come; 0 means now."""
        self._refill(now)
        return 0.0 if self._level >= 1 else (1 - self._level) / self._limit.per_second

    def charge(self, items: int, now: float) -> None:
        """``items`` have come."""
        self._refill(now)
        self._level -= items

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._level = min(self._limit.burst, self._level + passed * self._limit.per_second)
        self._at = max(self._at, now)
