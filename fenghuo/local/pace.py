"""How event time runs during play: faster than life until it meets the wall clock, then with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Event time starts at ``start`` and runs ``speed`` times as fast as life, but never ahead of it.

    >>> from datetime import UTC
    >>> pace = Pace(datetime(2026, 1, 1, tzinfo=UTC), speed=600)
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> pace.at(elapsed=6, now=noon).isoformat(), pace.at(elapsed=600, now=noon) == noon
    ('2026-01-01T01:00:00+00:00', True)
    """

    start: datetime
    speed: float

    def at(self, elapsed: float, now: datetime) -> datetime:
        """Event time after ``elapsed`` seconds of play, when the wall clock says ``now``."""
        return min(now, self.start + timedelta(seconds=elapsed * self.speed))
