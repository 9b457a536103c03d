"""From which offset on the log must be read to know every id of the last hours of event time again.

>>> horizon = Horizon(start=0, span=7_200_000_000)
>>> for hour in range(6):
...     horizon.note(hour * 3_600_000_000, offset=hour * 1000)
>>> horizon.start(watermark=5 * 3_600_000_000)
3000
"""

from __future__ import annotations

from collections import deque

STEP = 300_000_000
"""Microseconds of event time between two notes."""


class Horizon:
    """Remembers how far event time had come at which offset.

    Parameters
    ----------
    start
        Offset from which everything must be read when nothing better is known.
    span
        Microseconds of event time during which a repeated id is a repeat.
    """

    def __init__(self, start: int, span: int) -> None:
        self._span = span
        self._notes: deque[tuple[int, int]] = deque([(-(2**62), start)])

    def note(self, newest: int, offset: int) -> None:
        """Every message before ``offset`` has event times up to ``newest`` at most."""
        if newest - self._notes[-1][0] >= STEP:
            self._notes.append((newest, offset))

    def start(self, watermark: int) -> int:
        """The offset before which every id is older than the span; call with a watermark that never falls."""
        while len(self._notes) > 1 and self._notes[1][0] <= watermark - self._span:
            self._notes.popleft()
        return self._notes[0][1]
