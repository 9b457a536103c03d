"""How good a set of warnings is against labelled windows, and which warnings two settings differ in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Protocol, TypeVar

from detectors.redecide import Alarm
from fenghuo.tuning.cases import Window

SAME = timedelta(hours=1)
"""Two warnings of one series so near to one another are the same one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What some warnings are worth; of a series without labels only ``told`` and ``weeks`` are known."""

    told: int
    weeks: float
    windows: int = 0
    found: int = 0
    """Windows with at least one warning."""
    right: int = 0
    """Warnings inside a window."""
    false: int = 0
    """Warnings outside every window of a labelled series."""
    labelled_weeks: float = 0.0
    delays: tuple[float, ...] = ()
    """Hours from the start of a found window to its first warning."""
    lost: float = 0.0
    """What missing and delay cost: 1 for a missed window, half of the share that had passed for a found one."""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.told + other.told,
            self.weeks + other.weeks,
            self.windows + other.windows,
            self.found + other.found,
            self.right + other.right,
            self.false + other.false,
            self.labelled_weeks + other.labelled_weeks,
            self.delays + other.delays,
            self.lost + other.lost,
        )

    @property
    def per_week(self) -> float:
        """Warnings a week and series."""
        return self.told / max(self.weeks, 1e-9)

    @property
    def precision(self) -> float | None:
        """Share of the warnings that were right."""
        judged = self.right + self.false
        return self.right / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Share of the windows that were found."""
        return self.found / self.windows if self.windows else None

    @property
    def delay(self) -> float | None:
        """Median hours from a window's start to its first warning."""
        return median(self.delays) if self.delays else None

    @property
    def false_per_week(self) -> float | None:
        """False warnings a week and series."""
        return self.false / self.labelled_weeks if self.labelled_weeks else None

    def cost(self, false: float) -> float:
        """What it costs in missed windows, a false warning costing ``false`` of one."""
        return self.lost + false * self.false


def outcome(told: Sequence[Alarm], windows: Sequence[Window] | None, weeks: float) -> Outcome:
    """What ``told`` is worth.

    >>> noon, hour = datetime(2026, 1, 5, 12), timedelta(hours=1)
    >>> told = [Alarm(noon + hour, "volume.spike", 2.0, 1.0), Alarm(noon + 9 * hour, "volume.spike", 1.1, 1.0)]
    >>> one = outcome(told, [(noon, noon + 4 * hour)], weeks=2.0)
    >>> one.precision, one.recall, one.delay, one.false_per_week, one.lost
    (0.5, 1.0, 1.0, 0.5, 0.125)
    """
    if windows is None:
        return Outcome(len(told), weeks)
    right = sum(1 for one in told if _inside(one.at, windows))
    delays, lost = [], 0.0
    for start, end in windows:
        first = min((one.at for one in told if start <= one.at <= end), default=None)
        if first is None:
            lost += 1.0
            continue
        delays.append((first - start).total_seconds() / 3600)
        lost += 0.5 * (first - start) / max(end - start, timedelta(seconds=1))
    return Outcome(len(told), weeks, len(windows), len(delays), right, len(told) - right, weeks, tuple(delays), lost)


def total(outcomes: Iterable[Outcome]) -> Outcome:
    """All of them together."""
    return sum(outcomes, Outcome(0, 0.0))


class Timed(Protocol):
    """Anything that happened at some time."""

    @property
    def at(self) -> datetime:
        """When."""


One = TypeVar("One", bound=Timed)


def missing(told: Sequence[One], other: Sequence[Timed]) -> list[One]:
    """Those of ``told`` that ``other`` does not have, each of the other counting for one."""
    left = [one.at for one in other]
    without = []
    for one in told:
        near = next((at for at in left if abs(at - one.at) <= SAME), None)
        if near is None:
            without.append(one)
        else:
            left.remove(near)
    return without


def _inside(at: datetime, windows: Sequence[Window]) -> bool:
    return any(start <= at <= end for start, end in windows)
