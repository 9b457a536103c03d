"""Volume of one series: is a count far above what season and level explain?

Several window lengths are judged at once, the open bucket included, each by the tail of a negative binomial whose
mean comes from ``detectors.season`` and whose dispersion is learned per length. The score is the smaller of two
quotients, each 1 at its limit: log tail probability against its limit, and standardised excess against its floor;
so it grows without saturating and without one of the two alone deciding.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import NamedTuple

from river import drift

from contracts.records import State
from detectors.blocks import Blocks, shape
from detectors.dispersion import Dispersion
from detectors.grid import HOUR, Grid
from detectors.guards import NOT_FINITE, sound
from detectors.protocol import Bucket, Reason, Score
from detectors.season import Season
from detectors.settings import VolumeSettings
from detectors.tails import MONTH_SECONDS, count_band, log_count_tail, probability


class _Plan(NamedTuple):
    """What is known of one window before the bucket's own count: prepared once a bucket."""

    place: int
    before: float
    expected: float
    phi: float
    deviation: float
    need: float


class _Window:
    """One window length: its sums, its dispersion and its limit."""

    __slots__ = ("_key", "_span", "blocks", "length", "log_limit", "phi")

    def __init__(self, length: int, bucket_seconds: int, settings: VolumeSettings) -> None:
        self.length = length
        self.blocks = Blocks(*shape(length))
        half = settings.half_life_days * 86_400 / bucket_seconds
        self.phi = Dispersion(settings.prior_dispersion, settings.prior_windows, half)
        self.log_limit = log(min(0.01, settings.false_per_month * length * bucket_seconds / MONTH_SECONDS))
        self._key = (-1, -1)
        self._span = 0.0

    def span(self, end: int, season: Season) -> float:
        """Shape summed over the window that ends with bucket ``end``; most windows end where they did a bucket ago."""
        key = (end, season.version)
        if key != self._key:
            self._key = key
            self._span = season.span(end, self.length)
        return self._span


class VolumeDetector:
    """Spikes of one series.

    Works from the first minutes (wide, because little is known) at any base rate. It does not see slow ramps longer
    than its longest window, holidays, or anything below ``least_voices``. Buckets come in order; the one being
    filled may be scored many times.

    Parameters
    ----------
    settings, grid
        Limits and half-lives; widths and time zone.
    start
        First bucket of the *brand*: silence counts from there, also for a series first heard of later.
    parent
        Season of the brand, whose shape a series borrows until it knows its own.

    Examples
    --------
    >>> from contracts.panes import Panes
    >>> detector = VolumeDetector(VolumeSettings(), Grid(Panes(), "UTC"), start=0)
    >>> for index in range(0, 3 * 1440, 5):
    ...     detector.learn_one(Bucket(index, 1.0 + index % 3))
    >>> score = detector.score_one(Bucket(3 * 1440, 30.0))
    >>> score.reason.value, score.observed, score.window_seconds
    ('beyond', 30.0, 60)
    """

    __slots__ = (
        "_age",
        "_drift",
        "_fast",
        "_grid",
        "_last",
        "_plan",
        "_planned",
        "_settings",
        "_windows",
        "learned",
        "season",
    )

    def __init__(self, settings: VolumeSettings, grid: Grid, start: int, parent: Season | None = None) -> None:
        self._settings = settings
        self._grid = grid
        self.season = Season(grid, settings.half_life_days * 86_400, start, parent)
        self._begin()

    def _begin(self) -> None:
        lengths = self._grid.windows(self._settings.windows_minutes)
        self._windows = [_Window(one, self._grid.bucket_seconds, self._settings) for one in lengths]
        self._drift = drift.PageHinkley(
            min_instances=12, delta=0.5, threshold=self._settings.accept_threshold, mode="up"
        )
        self._last = -(10**12)
        self._fast = 0.0
        self.learned = 0.0
        """What the last closed quantum counted, after clipping."""
        self._plan: list[_Plan] = []
        self._planned = -(10**12)

    def restart(self, start: int) -> None:
        """Forget everything: the series has changed its nature at bucket ``start``."""
        self.season.restart(start)
        self._begin()

    def state(self, index: int) -> State:
        """``warming`` until the brand has been watched for a day."""
        age = (index - self.season.start) * self._grid.bucket_seconds
        return State.WARMING if age < self._settings.warm_hours * HOUR else State.READY

    def quiet_below(self, index: int) -> float:
        """A count in bucket ``index`` below this cannot be a spike; a bound that is cheap to know, so that most
        buckets are never judged."""
        self._move(index)
        settings = self._settings
        least, ratio = settings.least_voices, settings.least_ratio
        age = index + 1 - self.season.start
        level = -1.0
        quiet = float("inf")
        for window in self._windows:
            if age < window.length * settings.least_age:
                break
            before = window.blocks.total(index)
            need: float = least
            if before >= least:
                if level < 0:
                    level = self.season.level(index)
                need = max(need, ratio * self._expected(index, window, level))
            quiet = min(quiet, need - before)
        return quiet

    def need(self, index: int) -> float:
        """The exact count below which bucket ``index`` cannot be a spike."""
        return min((one.need - one.before for one in self._prepare(index)), default=float("inf"))

    def score_one(self, bucket: Bucket) -> Score:
        """Judge a bucket, full or filling: the window that stands out most decides."""
        if not sound(bucket) or bucket.number <= self._last:
            return NOT_FINITE
        plans = self._prepare(bucket.number)
        state = self.state(bucket.number)
        if not plans:
            return Score(None, state, Reason.WARMING, observed=bucket.n)
        values = [self._value(one, bucket.n) for one in plans]
        best = max(range(len(plans)), key=values.__getitem__)
        return self._describe(plans[best], bucket, values[best], state)

    def learn_one(self, bucket: Bucket) -> None:
        """Take in a closed bucket."""
        if not sound(bucket) or bucket.number <= self._last:
            return
        self._move(bucket.number)
        for one in self._windows:
            one.blocks.add(bucket.number, bucket.n)
        self.season.open_count += bucket.n
        self._last = bucket.number
        self._planned = -(10**12)

    def band(self, index: int) -> tuple[float, float, float]:
        """(expected, lower, upper) of one bucket, for a chart."""
        self._move(index)
        if self._planned == index and self._plan and self._plan[0].place == 0:
            expected, phi = self._plan[0].expected, self._plan[0].phi
        else:
            expected, phi = self._mean(index, self._windows[0], self.season.level(index), self._ignorance())
        low, high = count_band(expected, phi)
        return expected, low, high

    def rate(self, index: int) -> float:
        """Expected count of a quantum at bucket ``index``."""
        self._move(index)
        return self.season.expected(index, 1, self.season.level(index)) * self._grid.buckets

    def dispersion(self) -> float:
        """Dispersion of the window nearest to an hour."""
        return min(self._windows, key=lambda one: abs(one.length - self._grid.buckets)).phi.value

    def _prepare(self, index: int) -> list[_Plan]:
        if index != self._planned:
            self._move(index)
            age = index + 1 - self.season.start
            level = self.season.level(index)
            ignorance = self._ignorance()
            self._plan = [
                self._window_plan(place, one, index, level, ignorance)
                for place, one in enumerate(self._windows)
                if age >= one.length * self._settings.least_age
            ]
            self._planned = index
        return self._plan

    def _window_plan(self, place: int, window: _Window, index: int, level: float, ignorance: float) -> _Plan:
        mean, phi = self._mean(index, window, level, ignorance)
        deviation = sqrt(mean + phi * mean * mean + 0.25)
        settings = self._settings
        need = max(mean + settings.least_deviations * deviation, settings.least_ratio * mean, settings.least_voices)
        return _Plan(place, window.blocks.total(index), mean, phi, deviation, need)

    def _mean(self, index: int, window: _Window, level: float, ignorance: float) -> tuple[float, float]:
        """Expected count of a window's full length, and its relative variance, ignorance included."""
        return self._expected(index, window, level), window.phi.value + ignorance

    def _expected(self, index: int, window: _Window, level: float) -> float:
        width = window.blocks.width
        end = index
        if width > 1:
            block_end = (index // width + 1) * width - 1
            quantum_end = self._quantum_end()
            end = max(index, block_end if block_end < quantum_end else quantum_end)
        mean = window.span(end, self.season) * level
        if self._fast > 0:
            fast = self._fast * window.length / self._grid.buckets
            if fast > mean:
                mean += self.season.unknown() * (fast - mean)
        return mean

    def _quantum_end(self) -> int:
        return (self.season.quantum + 1) * self._grid.buckets - 1

    def _value(self, plan: _Plan, n: float) -> float:
        observed = plan.before + n
        deviations = (observed - plan.expected) / plan.deviation / self._settings.least_deviations
        if deviations < 0.6:
            return max(0.0, deviations)
        tail = log_count_tail(observed, plan.expected, plan.phi) / self._windows[plan.place].log_limit
        return min(deviations, tail)

    def _describe(self, plan: _Plan, bucket: Bucket, value: float, state: State) -> Score:
        observed = plan.before + bucket.n
        window = self._windows[plan.place]
        low, high = count_band(plan.expected, plan.phi)
        return Score(
            value=value,
            state=state,
            reason=self._reason(plan, window, bucket, value),
            observed=observed,
            expected=plan.expected,
            lower=low,
            upper=high,
            p_value=probability(log_count_tail(observed, plan.expected, plan.phi)) if value >= 1 else None,
            effect=observed / max(plan.expected, 1e-9),
            window_seconds=window.length * self._grid.bucket_seconds,
            voices=int(observed),
        )

    def _reason(self, plan: _Plan, window: _Window, bucket: Bucket, value: float) -> Reason:
        observed = plan.before + bucket.n
        if value < 1 or observed < plan.expected * self._settings.least_ratio:
            return Reason.NORMAL
        if observed < self._settings.least_voices:
            return Reason.TOO_FEW
        newest = min(2, window.blocks.count)
        recent = window.blocks.total(bucket.number, newest) + bucket.n
        if recent < 1.2 * plan.expected * newest / window.blocks.count:
            return Reason.FADING
        return Reason.BEYOND

    def _learn_dispersion(self, end: int, level: float) -> None:
        """Learn from the windows that end with a quantum; what is due to ignorance is taken for chance.

        Only quanta that hold something are seen, hence those that might well have been empty weigh less.
        """
        seldom = 1 - exp(-self.season.expected(end, self._grid.buckets, level))
        ignorance = self._ignorance()
        for window in self._windows:
            if end + 1 - self.season.start < window.length:
                return
            mean = self.season.expected(end, window.length, level)
            chance = mean + ignorance * mean * mean
            limit = self._settings.clip * sqrt(chance + window.phi.value * mean * mean)
            residual = max(-limit, min(limit, window.blocks.total(end) - mean))
            share = seldom * min(1.0, self._grid.buckets / window.length)
            window.phi.learn(end, residual, chance, mean, share, lumps=mean)

    def _ignorance(self) -> float:
        """Relative variance due to what is not known yet of level and season."""
        return self.season.unknown() * self._settings.unknown_season + 1 / self.season.weight()

    def _move(self, index: int) -> None:
        """Close the quantum that has ended, and go to that of ``index``."""
        quantum = self._grid.quantum_of(index)
        if quantum <= self.season.quantum:
            return
        count = self.season.open_count
        if count > 0:
            self._close(count)
        self._fast = count if quantum == self.season.quantum + 1 else 0.0
        self.season.move(quantum)

    def _close(self, count: float) -> None:
        end = self._quantum_end()
        level = self.season.level(end)
        mean = self.season.expected(end, self._grid.buckets, level)
        phi = self.dispersion() + self._ignorance()
        deviation = sqrt(mean + phi * mean * mean + 0.25)
        clipped = min(count, mean + self._settings.clip * deviation)
        if self.state(end) is State.WARMING:
            clipped = count
        self._drift.update((clipped - mean) / deviation)  # type: ignore[no-untyped-call]
        self._learn_dispersion(end, level)
        self.season.close(clipped)
        self.learned = clipped
        if self._drift.drift_detected:
            self._accept(end)

    def _accept(self, end: int) -> None:
        """A level that stayed: what the last day brought, against what it should have, is the new level."""
        day = self._windows[-1]
        seen = day.blocks.total(end)
        mean = self.season.expected(end, day.length, self.season.level(end))
        if mean > 0 and seen > mean:
            self.season.accept(seen / mean)
