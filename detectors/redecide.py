"""What stood out of a series, kept as columns, and what a budget makes of it: deciding again costs next to nothing.

A finding below the lowest threshold that a budget can ever have is held and changes nothing, so such findings are
passed over at once; the others are asked about one by one, by the very budget that decides live.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.budget import Budget, Told
from detectors.budget_settings import BudgetSettings

SPIKE, RAMP, SILENCE = "volume.spike", "volume.ramp", "volume.silence"
KINDS = (SPIKE, RAMP, SILENCE)

Column = npt.NDArray[np.float64]


class Alarm(NamedTuple):
    """A warning as told: one incident has already swallowed its repeats."""

    at: datetime
    """The row that gave it."""
    kind: str
    """``volume.spike``, ``volume.ramp`` or ``volume.silence``."""
    score: float
    """1 at the threshold of then."""
    expected: float
    """What this row should have held."""


class Finding(NamedTuple):
    """A row beyond the detector's own floor, before threshold, repeats and allowance."""

    row: int
    second: float
    """Since the epoch."""
    kind: int
    """Place in :data:`KINDS`."""
    value: float
    certainty: float
    expected: float


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """All findings of one series, in order of time: one column for each field of :class:`Finding`."""

    rows: npt.NDArray[np.int64]
    seconds: Column
    kinds: npt.NDArray[np.int8]
    values: Column
    certainties: Column
    expected: Column

    @classmethod
    def of(cls, found: Iterable[Finding]) -> Findings:
        """Gather findings."""
        made = np.array(list(found), dtype=np.float64).reshape(-1, len(Finding._fields))
        row, second, kind, value, certainty, expected = (np.ascontiguousarray(one) for one in made.T)
        return cls(row.astype(np.int64), second, kind.astype(np.int8), value, certainty, expected)

    def __len__(self) -> int:
        return len(self.rows)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """By name: what ``Findings(**columns)`` takes."""
        return {name: getattr(self, name) for name in self.__slots__}


def decided(found: Findings, allowance: BudgetSettings, times: Sequence[datetime], start: float) -> list[Alarm]:
    """The warnings that a budget begun at ``start`` (seconds since the epoch) makes of findings on rows of ``times``.

    >>> from datetime import UTC, timedelta
    >>> times = [datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=hour) for hour in range(500)]
    >>> rows = [(100, 9.0), (101, 9.0), (300, 0.2), (400, 9.0)]
    >>> found = Findings.of(Finding(row, times[row].timestamp(), 0, value, 4.0, 1.0) for row, value in rows)
    >>> [times.index(one.at) for one in decided(found, BudgetSettings(), times, times[0].timestamp())]
    [100, 400]
    """
    budget = Budget(allowance, start)
    places = np.flatnonzero((found.values >= budget.floor) & (found.certainties >= 1))
    asked = zip(
        places.tolist(),
        found.seconds[places].tolist(),
        found.values[places].tolist(),
        found.certainties[places].tolist(),
        strict=True,
    )
    told = []
    for place, second, value, certainty in asked:
        verdict = budget.weigh(second, value, certainty)
        if verdict.told is Told.NEW:
            kind, expected = KINDS[found.kinds[place]], float(found.expected[place])
            told.append(Alarm(times[int(found.rows[place])], kind, verdict.score, expected))
    return told
