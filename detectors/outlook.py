"""Tells when the next hours are expected to pass what a brand's people can deal with.

In the flow: :mod:`detectors.brand` says what each hour brought; where a capacity is set, the forecast of the hours to
come (:mod:`detectors.forecast`) is compared with it once an hour. Without a capacity nothing is computed at all.
"""

from __future__ import annotations

from contracts.panes import from_micros
from contracts.records import SignalKind, State
from detectors.events import LABEL
from detectors.explain import expected_parts
from detectors.forecast import Forecaster, Outlook
from detectors.grid import HOUR, Grid
from detectors.outlook_settings import ForecastSettings
from detectors.protocol import Reason, Score
from detectors.report import Report
from detectors.settings import ExplainSettings
from detectors.usual import Usual


class Lookout:
    """The outlook of one brand against its capacity.

    Parameters
    ----------
    key
        The brand's own series.
    """

    __slots__ = ("_capacity", "_explain", "_forecaster", "_fresh", "_grid", "_key", "_open", "_settings", "_start")

    def __init__(self, brand: str, key: str, settings: ForecastSettings, explain: ExplainSettings, grid: Grid) -> None:
        self._key = key
        self._settings = settings
        self._explain = explain
        self._grid = grid
        capacity = settings.capacity_of(brand)
        self._capacity = None if capacity is None else capacity * grid.seconds / HOUR
        self._forecaster = Forecaster(settings, grid) if capacity is not None else None
        self._start: int | None = None
        self._open = 0
        self._fresh = False

    def add(self, voices: int) -> None:
        """Voices of the open quantum."""
        self._open += voices

    def close(self, quantum: int, now: int) -> None:
        """The open quantum is over, and nothing came between it and quantum ``now``."""
        gathered, self._open = self._open, 0
        if self._forecaster is None:
            return
        if self._start is None:
            self._start = quantum
        self._forecaster.learn(quantum, float(gathered))
        self._forecaster.learn(now - 1, 0.0)
        self._fresh = True

    def tell(self, usual: Usual, report: Report) -> None:
        """The signal of this hour, if its outlook passes the capacity."""
        if not self._fresh or self._capacity is None or self._forecaster is None:
            return
        self._fresh = False
        outlook = self._forecaster.outlook(self._settings.hours)
        chances = [one.chance(self._capacity) for one in outlook]
        place = max(range(len(outlook)), key=chances.__getitem__)
        if chances[place] >= self._settings.likely:
            self._signal(outlook[place], chances[place], usual, report)

    def _signal(self, one: Outlook, chance: float, usual: Usual, report: Report) -> None:
        capacity = self._capacity or 0.0
        age = (one.quantum - (self._start or 0)) * self._grid.seconds
        low, high = one.band()
        at = from_micros(one.quantum * self._grid.seconds * 1_000_000)
        labels = {"chance": f"{chance:.0%}", "capacity": f"{capacity:g}", "expected_at": f"{at:%Y-%m-%dT%H:%MZ}"}
        if one.announced:
            labels[LABEL] = one.announced
        score = Score(
            value=chance / self._settings.likely * max(1.0, one.mean / capacity),
            state=State.READY if age >= self._settings.least_age_hours * HOUR else State.WARMING,
            reason=Reason.BEYOND,
            observed=one.mean,
            expected=capacity,
            lower=low,
            upper=high,
            effect=one.mean / capacity,
            window_seconds=self._grid.seconds,
        )
        excess = one.mean - capacity
        report.tell(
            self._key, SignalKind.FORECAST, score, labels, parts=expected_parts(usual, excess, self._explain.values)
        )
