"""Sentiment of one series: is the negative share clearly above its own baseline?

Shares of several windows are judged by a beta-binomial tail around a slowly learned baseline; the voices of one
window are not independent, and how much they are not is learned per window length.
"""

from __future__ import annotations

from math import exp2, log, sqrt

from scipy.special import betaincinv  # type: ignore[import-untyped]

from contracts.records import State
from detectors.blocks import Blocks, shape
from detectors.dispersion import Dispersion
from detectors.grid import Grid
from detectors.guards import NOT_FINITE, sound
from detectors.protocol import Bucket, Reason, Score
from detectors.settings import ShareSettings
from detectors.tails import MONTH_SECONDS, log_share_tail, probability

_MOST_CORRELATED = 0.9


class _Window:
    """One window length: voices, negative ones, correlation, limit."""

    __slots__ = ("length", "log_limit", "negative", "rho", "voices")

    def __init__(self, length: int, bucket_seconds: int, settings: ShareSettings) -> None:
        self.length = length
        self.voices = Blocks(*shape(length))
        self.negative = Blocks(*shape(length))
        half = settings.half_life_days * 86_400 / bucket_seconds
        self.rho = Dispersion(settings.prior_dispersion, 6.0, half)
        self.log_limit = log(min(0.01, settings.false_per_month * length * bucket_seconds / MONTH_SECONDS))


class ShareDetector:
    """Shifts of the negative share upwards.

    Works once its baseline has some sixty voices. It does not know hours of the day, says nothing about few voices
    (``least_voices``), and an observed rise below ``least_effect`` is never a shift. What lies beyond the limit
    is learned only up to three deviations, so a crisis does not become its own baseline.

    Examples
    --------
    >>> from contracts.panes import Panes
    >>> detector = ShareDetector(ShareSettings(), Grid(Panes(), "UTC"), start=0)
    >>> for index in range(0, 4 * 1440, 10):
    ...     detector.learn_one(Bucket(index, 2.0, 1.0 if index % 20 else 0.0))
    >>> score = detector.score_one(Bucket(4 * 1440, 40.0, 38.0))
    >>> score.reason.value, round(score.observed, 2), round(score.expected, 2)
    ('beyond', 0.89, 0.25)
    """

    __slots__ = (
        "_grid",
        "_half",
        "_last",
        "_negative",
        "_planned",
        "_settings",
        "_start",
        "_sums",
        "_voices",
        "_windows",
    )

    def __init__(self, settings: ShareSettings, grid: Grid, start: int) -> None:
        self._settings = settings
        self._grid = grid
        self._half = settings.half_life_days * 86_400 / grid.bucket_seconds
        self.restart(start)

    def restart(self, start: int) -> None:
        """Forget everything: what comes from bucket ``start`` on is of a new nature."""
        lengths = self._grid.windows(self._settings.windows_minutes)
        self._windows = [_Window(one, self._grid.bucket_seconds, self._settings) for one in lengths]
        self._start = start
        self._last = -(10**12)
        self._voices = self._negative = 0.0
        self._sums: list[tuple[_Window, float, float]] = []
        self._planned = -(10**12)

    def baseline(self, index: int) -> tuple[float, float]:
        """(share, voices behind it) as of bucket ``index``."""
        fade = exp2(-(index - self._last) / self._half) if self._voices else 0.0
        voices = self._voices * fade + self._settings.prior_weight
        negative = self._negative * fade + self._settings.prior_weight * self._settings.prior_share
        return min(max(negative / voices, 0.01), 0.99), voices

    def score_one(self, bucket: Bucket) -> Score:
        """Judge a bucket, full or filling: the window that stands out most decides."""
        if not sound(bucket) or bucket.number <= self._last:
            return NOT_FINITE
        share, weight = self.baseline(bucket.number)
        if weight < self._settings.least_baseline:
            return Score(None, State.WARMING, Reason.WARMING, observed=bucket.negative / max(bucket.n, 1.0))
        if bucket.number != self._planned:
            self._sums = [(w, w.voices.total(bucket.number), w.negative.total(bucket.number)) for w in self._windows]
            self._planned = bucket.number
        best: tuple[float, _Window, float, float] | None = None
        for window, voices, negative in self._sums:
            voices += bucket.n
            if voices < self._settings.least_voices:
                continue
            seen = (negative + bucket.negative) / voices
            value = self._value(window, seen, voices, share, weight)
            if best is None or value > best[0]:
                best = (value, window, seen, voices)
        if best is None:
            return Score(None, State.READY, Reason.TOO_FEW, expected=share)
        return self._describe(bucket, best, share, weight)

    def learn_one(self, bucket: Bucket) -> None:
        """Take in a closed bucket."""
        if not sound(bucket) or bucket.number <= self._last or bucket.n == 0:
            return
        share, weight = self.baseline(bucket.number)
        for window in self._windows:
            window.voices.add(bucket.number, bucket.n)
            window.negative.add(bucket.number, bucket.negative)
            self._learn_window(window, bucket.number, share, weight)
        learned = self._clipped(bucket, share, weight)
        fade = exp2(-(bucket.number - self._last) / self._half) if self._voices else 0.0
        self._voices = self._voices * fade + bucket.n
        self._negative = self._negative * fade + learned
        self._last = bucket.number
        self._planned = -(10**12)

    def _clipped(self, bucket: Bucket, share: float, weight: float) -> float:
        """Negative voices to learn: cut at three deviations of a middle window."""
        window = self._windows[min(1, len(self._windows) - 1)]
        voices = window.voices.total(bucket.number)
        seen = window.negative.total(bucket.number) / voices
        limit = share + 3 * self._deviation(window, voices, share, weight)
        if weight < self._settings.least_baseline or seen <= limit:
            return bucket.negative
        return min(bucket.negative, limit * bucket.n)

    def _learn_window(self, window: _Window, index: int, share: float, weight: float) -> None:
        if (index + 1) % window.voices.width or index - self._start < window.length:
            return
        voices = window.voices.total(index)
        if voices < 5 or weight < self._settings.least_baseline:
            return
        limit = 3 * self._deviation(window, voices, share, weight)
        residual = max(-limit, min(limit, window.negative.total(index) / voices - share))
        spread = share * (1 - share)
        window.rho.learn(index, residual, spread * (1 / voices + 1 / weight), sqrt(spread), 1 / window.voices.count)

    def _correlation(self, window: _Window, weight: float) -> float:
        """Correlation within the window, ignorance of the baseline included."""
        return min(_MOST_CORRELATED, window.rho.value + 1 / weight)

    def _deviation(self, window: _Window, voices: float, share: float, weight: float) -> float:
        return sqrt(share * (1 - share) * (1 / voices + self._correlation(window, weight)))

    def _value(self, window: _Window, seen: float, voices: float, share: float, weight: float) -> float:
        effect = (seen - share) / self._settings.least_effect
        if effect < 0.3:
            return max(0.0, effect)
        tail = log_share_tail(seen, voices, share, self._correlation(window, weight)) / window.log_limit
        return min(effect, tail) if effect < 1 else tail

    def _describe(
        self, bucket: Bucket, best: tuple[float, _Window, float, float], share: float, weight: float
    ) -> Score:
        value, window, seen, voices = best
        reason = self._reason(window, bucket, value, share)
        if reason is not Reason.BEYOND:
            seconds = window.length * self._grid.bucket_seconds
            return Score(value, State.READY, reason, seen, share, window_seconds=seconds, voices=int(voices))
        rho = self._correlation(window, weight)
        size = voices / (1 + (voices - 1) * rho)
        low, high = (float(betaincinv(share * size + 0.5, (1 - share) * size + 0.5, q)) for q in (0.01, 0.99))
        return Score(
            value=value,
            state=State.READY,
            reason=reason,
            observed=seen,
            expected=share,
            lower=low,
            upper=high,
            p_value=probability(log_share_tail(seen, voices, share, rho)),
            effect=seen - share,
            window_seconds=window.length * self._grid.bucket_seconds,
            voices=int(voices),
        )

    def _reason(self, window: _Window, bucket: Bucket, value: float, share: float) -> Reason:
        if value < 1:
            return Reason.NORMAL
        newest = max(1, window.voices.count // 4)
        voices = window.voices.total(bucket.number, newest) + bucket.n
        negative = window.negative.total(bucket.number, newest) + bucket.negative
        if voices >= 4 and negative / voices < share + self._settings.least_effect / 2:
            return Reason.FADING
        return Reason.BEYOND
