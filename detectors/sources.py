"""Sources of one brand: which of them is dead, as opposed to quiet.

A source lives while anything comes by it, of any brand, or while it sends marks. Only when it gives no sign of life
for longer than this brand's usual rate makes plausible, and for at least a quarter of an hour, is it down.
Checks are timers on panes, set lazily, so that quiet time costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log, log1p

from river import stats

from contracts.panes import Panes
from detectors.grid import HOUR, Grid
from detectors.season import Season
from detectors.settings import SourceSettings

_GAPS = 3.0
"""A silence must exceed this many times the 99th percentile of usual gaps."""
_LEAST_GAPS = 20
_FOLLOW_HOURS = 24
"""For so long a dead source is looked at again and again; later only when the brand is heard of."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that went down: since when, how many mentions that cost, and how improbable it is."""

    source: str
    since: int
    expected: float
    log_p: float
    score: float


class _Source:
    """What is known of one source."""

    __slots__ = ("count", "down", "due", "gaps", "last", "recheck", "sign")

    def __init__(self, pane: int) -> None:
        self.last = pane
        self.sign = pane
        self.due: int | None = None
        self.recheck = pane
        self.down = False
        self.count = 0
        self.gaps = stats.Quantile(0.99)
        """River steps per item, and gaps are items: P² keeps five numbers."""


class Sources:
    """The sources of one brand; ``due`` is the pane at which one of them must be looked at."""

    __slots__ = ("_grid", "_known", "_panes", "_settings", "marking")

    def __init__(self, settings: SourceSettings, panes: Panes, grid: Grid) -> None:
        self._settings = settings
        self._panes = panes
        self._grid = grid
        self._known: dict[str, _Source] = {}
        self.marking: frozenset[str] = frozenset()
        """Sources that give progress marks."""

    def due(self) -> int | None:
        """The next pane at which a source must be looked at."""
        soonest: int | None = None
        for one in self._known.values():
            if one.due is not None and (soonest is None or one.due < soonest):
                soonest = one.due
        return soonest

    def waiting(self, pane: int) -> bool:
        """Whether :meth:`look` has anything to do at ``pane``."""
        return any(one.down or pane >= (one.recheck if one.due is None else one.due) for one in self._known.values())

    def heard(self, source: str, pane: int) -> None:
        """The brand was mentioned by this source."""
        one = self._known.get(source)
        if one is None:
            self._known[source] = _Source(pane)
        elif pane > one.last:
            one.gaps.update(pane - one.last)
            one.count += 1
            one.last = pane

    def stale(self, alive: Mapping[str, int]) -> tuple[str, ...]:
        """Sources that are down and have given no sign since."""
        return tuple(
            sorted(name for name, one in self._known.items() if one.down and self._sign(name, alive) <= one.sign)
        )

    def look(
        self, pane: int, alive: Mapping[str, int], season: Season, phi: float, shares: Mapping[str, float]
    ) -> tuple[list[Silence], float]:
        """Look at what is due: (sources that went down now, quanta that were not watched, known by a return)."""
        fell: list[Silence] = []
        missed = 0.0
        for name in sorted(self._known):
            one = self._known[name]
            if one.down:
                missed += self._returned(name, one, pane, alive) * shares.get(name, 0.0)
            elif one.due is not None and pane >= one.due or one.due is None and pane >= one.recheck:
                one.sign = self._sign(name, alive)
                self._schedule(name, one, pane, season, phi, shares.get(name, 0.0))
                if one.due is not None and pane >= one.due:
                    fell.append(self._fall(name, one, pane, season, phi, shares.get(name, 0.0)))
        return fell, missed

    def _sign(self, name: str, alive: Mapping[str, int]) -> int:
        return max(alive.get(name, 0), self._known[name].last)

    def _returned(self, name: str, one: _Source, pane: int, alive: Mapping[str, int]) -> float:
        sign = self._sign(name, alive)
        step = self._in_panes(self._settings.least_silence_seconds)
        if sign <= one.sign:
            if one.due is not None and pane >= one.due:
                followed = (pane - one.sign) * self._panes.pane_seconds < _FOLLOW_HOURS * HOUR
                one.due = pane + step if followed else None
            return 0.0
        away = (sign - one.sign) * self._panes.pane_seconds / self._grid.seconds
        one.down, one.sign, one.due, one.recheck = False, sign, None, pane
        return away

    def _fall(self, name: str, one: _Source, pane: int, season: Season, phi: float, share: float) -> Silence:
        one.down = True
        one.due = pane + self._in_panes(self._settings.least_silence_seconds)
        expected = self._missing(one.sign, pane, season) * share
        log_p = -log1p(phi * expected) / phi if phi > 1e-6 else -expected
        silent = (pane - one.sign) * self._panes.pane_seconds
        rhythm = self._rhythm(name)
        score = max(log_p / log(self._settings.silence_p), silent / rhythm if rhythm else 0.0, 1.0)
        return Silence(name, one.sign, expected, log_p, score)

    def _schedule(self, name: str, one: _Source, pane: int, season: Season, phi: float, share: float) -> None:
        """Set the pane at which this source is down if it gives no sign until then."""
        least = one.sign + self._in_panes(self._settings.least_silence_seconds)
        rhythm = self._rhythm(name)
        limits = [] if rhythm is None else [max(least, one.sign + self._in_panes(rhythm))]
        by_rate = self._by_rate(one, season, phi, share)
        if by_rate is not None:
            limits.append(max(least, by_rate))
        one.due = min(limits) if limits else None
        one.recheck = pane + self._in_panes(HOUR)

    def _rhythm(self, name: str) -> float | None:
        return self._settings.rhythm_seconds.get(name) if name in self.marking else None

    def _by_rate(self, one: _Source, season: Season, phi: float, share: float) -> int | None:
        per = self._panes.panes_per_bucket * self._grid.buckets
        age = one.sign / self._panes.panes_per_bucket - season.start
        if age * self._grid.bucket_seconds < self._settings.least_age_hours * HOUR or one.count < _LEAST_GAPS:
            return None
        p = self._settings.silence_p
        needed = (p ** (-phi) - 1) / phi if phi > 1e-6 else -log(p)
        place, missing = one.sign, 0.0
        last = one.sign + self._in_panes(self._settings.longest_hours * HOUR)
        while place < last:
            quantum = place // per
            rate = self._ahead(season, quantum) * share / per
            end = (quantum + 1) * per
            if rate > 0 and missing + rate * (end - place) >= needed:
                found = place + ceil((needed - missing) / rate)
                usual = one.sign + ceil(_GAPS * (one.gaps.get() or 0.0))
                return max(found, usual) if found <= last else None
            missing += rate * (end - place)
            place = end
        return None

    def _missing(self, since: int, pane: int, season: Season) -> float:
        per = self._panes.panes_per_bucket * self._grid.buckets
        total, place = 0.0, since
        while place < pane:
            end = min(pane, (place // per + 1) * per)
            total += self._ahead(season, place // per) * (end - place) / per
            place = end
        return total

    def _ahead(self, season: Season, quantum: int) -> float:
        """Expected count of a quantum; what is announced to be less is, and announced more is not relied upon."""
        first = quantum * self._grid.buckets
        return season.ahead(max(quantum, season.quantum)) * min(
            1.0, self._grid.events.over(first, first + self._grid.buckets - 1)
        )

    def _in_panes(self, seconds: float) -> int:
        return ceil(seconds / self._panes.pane_seconds)
