"""Volume of one series: is a count far above what season and level explain, and far for this series?

Several window lengths are judged at once, the open bucket included. What is expected comes from ``detectors.season``,
how much it varies is learned per length, and two things must agree: against the series' own record it must be as far
as it seldom goes (the score), and against chance it must be beyond an absolute floor (the certainty). Which score is
told, how often, and what is a repeat is decided by ``detectors.budget``.
"""

from __future__ import annotations

from math import exp, exp2, inf, log, sqrt
from typing import NamedTuple

from contracts.records import State
from detectors.dispersion import Dispersion
from detectors.events import middle
from detectors.grid import DAY, HOUR, Grid
from detectors.guards import NOT_FINITE, sound
from detectors.protocol import Bucket, Reason, Score
from detectors.record import Forgotten
from detectors.rise import Rise
from detectors.season import Lifted, Season
from detectors.settings import VolumeSettings
from detectors.single import Single
from detectors.tails import MONTH_SECONDS, count_band, log_count_tail, log_none, probability
from detectors.windows import LOWEST, Now, Plan, Window

WEEK = 7 * DAY
SURE = 2.0
"""A silence beyond its limit is told whatever the threshold on the score."""


_DOUBT = 1.0
"""Voices of doubt in a level that a person calls usual: so many came as were likely before looking."""


class Accepted(NamedTuple):
    """What a series knew before a person called its level usual."""

    season: Lifted
    records: tuple[Forgotten, ...]


class VolumeDetector:
    """Spikes, slow climbs and silences of one series.

    Works from the first minutes (wide, because little is known) at any base rate. It does not see climbs longer
    than its longest window, or anything below ``least_voices``. Buckets come in order; the one being
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
    >>> score = detector.score_one(Bucket(3 * 1440, 60.0))
    >>> score.reason.value, score.observed, score.window_seconds, score.certainty > 1
    ('beyond', 71.0, 1800, True)
    """

    __slots__ = (
        "_closed", "_grid", "_gross", "_heard", "_known", "_latest", "_last", "_plan", "_planned", "_rise", "_settings",
        "_single", "_windows", "season",
    )  # fmt: skip

    def __init__(self, settings: VolumeSettings, grid: Grid, start: int, parent: Season | None = None) -> None:
        self._settings = settings
        self._grid = grid
        self.season = Season(grid, settings.half_life_days * 86_400, start, parent)
        self._begin()

    def _begin(self) -> None:
        lengths = self._grid.windows(self._settings.windows_minutes)
        self._windows = [Window(one, self._grid, self._settings) for one in lengths]
        self._rise = Rise(delta=0.5, threshold=self._settings.accept_threshold, least=12)
        day = DAY / self._grid.bucket_seconds
        phi = Dispersion(
            self._settings.prior_dispersion, self._settings.prior_windows, self._settings.half_life_days * day
        )
        self._single = Single(phi, self._grid.buckets, self._settings.clip)
        self._last = -(10**12)
        self._heard = -1
        """Last bucket that held something."""
        self._latest = 0.0
        self._gross = 0.0
        """All that the open quantum holds; ``season.open_count`` is without what was announced."""
        self._closed = (-1, 0.0, 0.0)
        """The last quantum that held something, what it counted, and what of that was learned."""
        self._plan: list[Plan] = []
        self._planned = -(10**12)
        self._known: Now | None = None

    def restart(self, start: int) -> None:
        """Forget everything: the series has changed its nature at bucket ``start``."""
        self.season.restart(start)
        self._begin()

    def retune(self, settings: VolumeSettings) -> None:
        """Judge by other limits from here on; what was learned stays."""
        self._settings = settings
        for one in self._windows:
            one.retune(settings)

    def state(self, index: int) -> State:
        """``warming`` until the brand has been watched for a day."""
        age = (index - self.season.start) * self._grid.bucket_seconds
        return State.WARMING if age < self._settings.warm_hours * HOUR else State.READY

    def need(self, index: int) -> float:
        """The count below which bucket ``index`` cannot be a candidate: most buckets are never judged."""
        record = size = inf
        windows = self._windows
        for plan in self._prepare(index):
            by_record, by_size = windows[plan.place].need(plan)
            record = by_record if by_record < record else record
            size = by_size if by_size < size else size
        return record if record > size else size

    def score_one(self, bucket: Bucket) -> Score:
        """Judge a bucket, full or filling: the window that stands out most decides."""
        if not sound(bucket) or bucket.number <= self._last:
            return NOT_FINITE
        plans = self._prepare(bucket.number)
        state = self.state(bucket.number)
        if not plans:
            return Score(None, state, Reason.WARMING, observed=bucket.n)
        judged = [self._windows[one.place].judge(one, bucket.n) for one in plans]
        best = max(range(len(plans)), key=judged.__getitem__)
        value = judged[best][0]
        certainty = max(one[1] for one in judged) / self._strictness(bucket.number)
        if certainty < 1:
            value = LOWEST * min(value, certainty)
        slow = plans[best].place > 0 and judged[0][1] < 1 and self._is_long(plans[best])
        return self._describe(plans[best], bucket, value, certainty, state)._replace(slow=slow)

    def silence(self, index: int) -> Score | None:
        """How improbable it is that nothing came since the last voice, up to and with bucket ``index``.

        ``None`` while the series is too young, was heard of lately, or was never heard of, and where so little was due
        that its absence cannot be beyond the limit. Whether its source lives is for the caller to know.
        """
        buckets = index - self._heard
        seconds = buckets * self._grid.bucket_seconds
        if self._heard < 0 or seconds < self._settings.silence_minutes * 60 or seconds > DAY:
            return None
        self.move(index)
        if self.state(index) is State.WARMING:
            return None
        level = self.season.level(index)
        flat = buckets / self._grid.buckets
        limit = log(self._settings.silence_per_month * self._settings.silence_minutes * 60 / MONTH_SECONDS)
        if level * flat < -limit:
            return None
        lift = self._grid.events.lift(self.season, index, buckets)
        expected = level * min(flat, self.season.span(index, buckets)) * min(1.0, lift)
        near = min(self._windows, key=lambda one: abs(one.length - buckets))
        phi = near.phi.value + self._ignorance()
        far = log_none(expected, phi)
        return Score(
            value=SURE * far / limit,
            state=State.READY,
            reason=Reason.BEYOND if far <= limit else Reason.NORMAL,
            expected=expected,
            p_value=probability(far),
            effect=0.0,
            window_seconds=seconds,
            certainty=far / limit,
        )

    def learn_one(self, bucket: Bucket) -> None:
        """Take in a closed bucket."""
        if not sound(bucket) or bucket.number <= self._last:
            return
        for plan in self._prepare(bucket.number):
            self._windows[plan.place].learn(bucket.number, plan, bucket.n)
        for one in self._windows:
            one.blocks.add(bucket.number, bucket.n)
        self.season.open_count += bucket.n / self._grid.events.factor(bucket.number)
        self._gross += bucket.n
        self._single.add(bucket.n)
        self._last = bucket.number
        if bucket.n > 0:
            self._heard = bucket.number
        self._outdate()

    def skip(self, buckets: int) -> None:
        """So many buckets were not watched: their silence means nothing."""
        if buckets > 0:
            self.season.skip(buckets / self._grid.buckets)
            if self._heard >= 0:
                self._heard += buckets

    def band(self, index: int) -> tuple[float, float, float]:
        """(expected, lower, upper) of one bucket, for a chart."""
        now = self._now(index)
        expected = self.season.expected(index, 1, now.level) * self._grid.events.factor(index)
        low, high = count_band(expected, self._single.value + now.ignorance)
        return expected, low, high

    def kept(self, index: int, quantum: int, left_out: float = 0.0) -> float:
        """Which share of what ``quantum`` held was taken for usual, as of bucket ``index`` in a later one.

        ``left_out`` was counted in it beside what the detector was shown."""
        self.move(index)
        _, count, learned = self._closed if self._closed[0] == quantum else (quantum, 0.0, 0.0)
        whole = count + left_out
        return min(1.0, learned / whole) if whole > 0 else 1.0

    def rate(self, index: int) -> float:
        """Expected count of a quantum at bucket ``index``."""
        self.move(index)
        events = self._grid.events.over(self._quantum_end() + 1 - self._grid.buckets, self._quantum_end())
        return self.season.expected(index, 1, self.season.level(index)) * self._grid.buckets * events

    def dispersion(self) -> float:
        """Dispersion of the window nearest to an hour."""
        return min(self._windows, key=lambda one: abs(one.length - self._grid.buckets)).phi.value

    def accept(self, index: int, since: int, likely: float = 1.0) -> Accepted:
        """A person's word: the level since bucket ``since`` is the usual one as of ``index``; the record forgets it.

        The level comes from the longest window that lies within that time, or from the newest part of the shortest.
        Good from about half an hour after a jump; before, few voices leave it near ``likely`` times the old level."""
        self.move(index)
        age = index - since
        fitting = [one for one in self._windows if one.length <= age] or self._windows[:1]
        blocks = fitting[-1].blocks
        newest = max(1, min(blocks.count, age // blocks.width))
        first = (index // blocks.width - newest + 1) * blocks.width
        seen = blocks.total(index, newest)
        mean = seen
        if index > first:
            lift = self._grid.events.lift(self.season, index - 1, index - first)
            mean = self.season.expected(index - 1, index - first, self.season.level(index)) * lift
        records = tuple(one.record.forget(since) for one in self._windows)
        self._outdate()
        return Accepted(self.season.lift((seen + likely * _DOUBT) / (mean + _DOUBT)), records)

    def restore(self, accepted: Accepted) -> None:
        """Take :meth:`accept` back."""
        self.season.sink(accepted.season)
        for one, before in zip(self._windows, accepted.records, strict=True):
            one.record.recall(before)
        self._outdate()

    def _prepare(self, index: int) -> list[Plan]:
        if index != self._planned:
            now = self._now(index)
            oldest = (index + 1 - self.season.start) / self._settings.least_age
            self._plan = [one.plan(place, now) for place, one in enumerate(self._windows) if one.length <= oldest]
            self._planned = index
        return self._plan

    def _outdate(self) -> None:
        """Something has changed: what was prepared is no longer so."""
        self._planned, self._known = -(10**12), None

    def _now(self, index: int) -> Now:
        """What is known as of bucket ``index``; the same until it is learned."""
        known = self._known
        if known is None or known.bucket != index:
            self.move(index)
            season, end = self.season, self._quantum_end()
            level, ignorance = season.level(index), self._ignorance()
            self._known = known = Now(index, end, level, self._latest, ignorance, season, self._grid.events)
        return known

    def _quantum_end(self) -> int:
        return (self.season.quantum + 1) * self._grid.buckets - 1

    def _is_long(self, plan: Plan) -> bool:
        length = self._windows[plan.place].length
        return length * self._grid.bucket_seconds >= self._settings.ramp_hours * HOUR

    def _strictness(self, index: int) -> float:
        """How much surer one must be while the brand is young."""
        age = (index - self.season.start) * self._grid.bucket_seconds
        return 1 + self._settings.young_strictness * exp2(-age / WEEK)

    def _describe(self, plan: Plan, bucket: Bucket, value: float, certainty: float, state: State) -> Score:
        observed = plan.before + bucket.n
        window = self._windows[plan.place]
        low, high = count_band(plan.expected, plan.phi) if certainty >= 1 else (None, None)
        return Score(
            value=value,
            state=state,
            reason=self._reason(plan, window, bucket, certainty),
            observed=observed,
            expected=plan.expected,
            lower=low,
            upper=high,
            p_value=probability(log_count_tail(observed, plan.expected, plan.phi)) if certainty >= 1 else None,
            effect=observed / max(plan.expected, 1e-9),
            window_seconds=window.length * self._grid.bucket_seconds,
            voices=int(observed),
            certainty=certainty,
        )

    def _reason(self, plan: Plan, window: Window, bucket: Bucket, certainty: float) -> Reason:
        observed = plan.before + bucket.n
        if certainty < 1:
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
            if self._grid.events.lift(self.season, end, window.length) != 1:
                continue
            mean = window.shape(end, self.season) * level
            chance = mean + ignorance * mean * mean
            limit = self._settings.spread_clip * sqrt(chance + window.phi.value * mean * mean)
            residual = max(-limit, min(limit, window.blocks.total(end) - mean))
            share = seldom * min(1.0, self._grid.buckets / window.length)
            window.phi.learn(end, residual, chance, mean, share, lumps=mean)

    def _ignorance(self) -> float:
        """Relative variance due to what is not known yet of level and season."""
        season = self.season
        return season.unknown() * self._settings.unknown_season + season.unknown_day() + 1 / season.weight()

    def move(self, index: int) -> None:
        """Close the quantum that has ended, and go to that of ``index``."""
        quantum = self._grid.quantum_of(index)
        if quantum <= self.season.quantum:
            return
        count = self.season.open_count
        if count > 0:
            self._close(count)
        self._latest = count if quantum == self.season.quantum + 1 else 0.0
        self._gross = 0.0
        self.season.move(quantum)

    def _close(self, count: float) -> None:
        end = self._quantum_end()
        level = self.season.level(end)
        mean = self.season.expected(end, self._grid.buckets, level)
        phi = self.dispersion() + self._ignorance()
        deviation = sqrt(mean + phi * mean * mean + 0.25)
        usual = self._gross == count
        self._single.close(end, mean / self._grid.buckets, self._ignorance(), learn=usual)
        if not usual:
            count = middle(self._gross, mean, count)
        clipped = min(count, mean + self._settings.clip * deviation)
        if self.state(end) is State.WARMING:
            clipped = count
        risen = self._rise.update((clipped - mean) / deviation)
        self._learn_dispersion(end, level)
        self.season.close(clipped)
        self._closed = (self.season.quantum, self._gross, clipped)
        if risen:
            self._accept(end)

    def _accept(self, end: int) -> None:
        """A level that stayed: what the last day brought, against what it should have, is the new level."""
        day = self._windows[-1]
        seen = day.blocks.total(end) / self._grid.events.lift(self.season, end, day.length)
        mean = self.season.expected(end, day.length, self.season.level(end))
        if mean > 0 and seen > mean:
            self.season.accept(seen / mean)
