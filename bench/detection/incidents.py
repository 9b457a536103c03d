"""Incidents planted on a stream: for some time there are several times as many, at once or climbing over a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.detection.stream import DAY, Floats

MINUTE = 60
GRACE = 3600
"""Seconds after its end in which an incident still counts as found."""


@dataclass(frozen=True)
class Kind:
    """One kind of incident: ``factor`` times as many for ``seconds``; a ramp reaches that factor at its end."""

    factor: float
    seconds: int
    ramp: bool = False

    @property
    def name(self) -> str:
        """As shown.

        >>> Kind(3, 600).name, Kind(1.5, 21600).name, Kind(2, 86400, ramp=True).name
        ('×3, 10 min', '×1.5, 6 h', 'ramp to ×2, 24 h')
        """
        long = f"{self.seconds // 3600} h" if self.seconds >= 3600 else f"{self.seconds // MINUTE} min"
        return f"{'ramp to ' if self.ramp else ''}×{self.factor:g}, {long}"

    def shape(self, rows: int) -> Floats:
        """What is added, as a multiple of what was expected."""
        more = self.factor - 1
        return np.asarray(more * np.arange(1, rows + 1) / rows if self.ramp else np.full(rows, more))


KINDS = (
    *(Kind(factor, seconds) for seconds in (600, 3600, 21_600) for factor in (1.5, 2.0, 3.0, 5.0)),
    Kind(2.0, DAY, ramp=True),
    Kind(4.0, DAY, ramp=True),
)
