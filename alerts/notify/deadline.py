"""One time budget for everything that belongs to one telling."""

from __future__ import annotations

from collections.abc import Callable


class Deadline:
    """So many seconds from now, on a monotonic clock that is handed in.

    Parameters
    ----------
    seconds
        The budget; zero or less has passed at once.
    monotonic
        Seconds that never run backwards, for instance :meth:`contracts.clock.Clock.monotonic`.

    >>> now = 100.0
    >>> deadline = Deadline(30, lambda: now)
    >>> now = 120.0
    >>> deadline.remaining(), deadline.passed(), deadline.part(4).remaining()
    (10.0, False, 4.0)
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - self._monotonic())

    def passed(self) -> bool:
        """Whether nothing is left."""
        return self.remaining() <= 0

    def part(self, seconds: float) -> Deadline:
        """A deadline of ``seconds`` from now that cannot outlast this one."""
        return Deadline(min(seconds, self.remaining()), self._monotonic)
