"""Incidents planted on a stream: for some time there are several times as many, at once or climbing over a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.detection.generate import draw
from bench.detection.stream import DAY, Floats, Stream

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


def places(rng: np.random.Generator, stream: Stream, begin: int, gap: int, length: int) -> list[int]:
    """Where incidents start: one in the first half of each span of ``gap`` steps after ``begin``.

    >>> rng = np.random.default_rng(1)
    >>> found = places(rng, Stream.made("a", np.zeros(1000), 300), 100, 300, 10)
    >>> len(found), found[0] >= 100, found[-1] < 1000
    (3, True, True)
    """
    starts = range(begin, len(stream.values) - gap + 1, gap)
    return [start + int(rng.integers(0, max(1, gap // 2 - length))) for start in starts]


def plant(
    rng: np.random.Generator, values: Floats, mean: Floats, phi: float, kind: Kind, starts: list[int], rows: int
) -> Floats:
    """The counts with the incidents added; what is added is over-dispersed as well."""
    made = values.copy()
    for start in starts:
        span = slice(start, start + rows)
        extra = mean[span] * kind.shape(rows)[: len(mean[span])]
        made[span] += draw(rng, extra, phi)
    return made


def found(told: list[int], starts: list[int], rows: int, grace: int) -> list[int | None]:
    """For each incident the steps from its start to its first warning, if there was one in time.

    >>> found([5, 21, 60], [20, 40, 59], rows=3, grace=2)
    [1, None, 1]
    """
    answer: list[int | None] = []
    for start in starts:
        inside = [one - start for one in told if start <= one < start + rows + grace]
        answer.append(inside[0] if inside else None)
    return answer
