"""Which live sources are due for a progress mark. Pure: the wall clock is handed in by the shell.

A push or polled source lives while it calls; an empty request (``[]``) is a sign of life too. Its event time
has then come as far as the wall clock. A clocked source says itself how far it is; batches and files end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from streams.settings import Kind, SourceSettings

PULSE_SECONDS = 0.5
"""Between one round of marks and the next."""
_TICKING = frozenset({Kind.PUSH, Kind.POLLED})


class Pulse:
    """Signs of life of the sources.

    >>> from datetime import UTC
    >>> pulse = Pulse()
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> pulse.seen(SourceSettings(name="hotline", rhythm=60), noon)
    >>> [one.name for one in pulse.alive(noon + timedelta(seconds=60))], pulse.alive(noon + timedelta(seconds=61))
    (['hotline'], [])
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[datetime, SourceSettings]] = {}

    def seen(self, source: SourceSettings, now: datetime) -> None:
        """The source has just called."""
        if source.kind in _TICKING:
            self._last[source.name] = (now, source)

    def alive(self, now: datetime) -> list[SourceSettings]:
        """Sources that have called within their rhythm, by name: they are due for a mark."""
        return [source for _, (at, source) in sorted(self._last.items()) if now - at <= rhythm(source)]

    def names(self) -> Iterable[str]:
        """All sources that have called so far."""
        return sorted(self._last)


def rhythm(source: SourceSettings) -> timedelta:
    """The rhythm of a source."""
    return timedelta(seconds=source.rhythm)
