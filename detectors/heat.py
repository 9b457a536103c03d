"""Thermometer of one series: are so many of its voices hot that somebody must look, whatever is usual elsewhere?

The share of hot negative voices in a few windows, with an interval that knows how much voices cling together. The
score is the lower end of that interval against the limit: 1 at the limit, 2 when even the lower end is twice as high.
"""

from __future__ import annotations

from math import exp

from scipy.special import betaincinv  # type: ignore[import-untyped]

from contracts.records import State
from detectors.guards import NOT_FINITE
from detectors.protocol import Bucket, Reason, Score
from detectors.settings import EmotionSettings
from detectors.sharejudge import ShareJudge
from detectors.sharemodel import NEVER, Window

_TOP = 0.995


class HeatDetector(ShareJudge[EmotionSettings]):
    """``emotion.red``: the share of hot voices certainly above its limit.

    Works from the first window that holds enough voices (``least_voices``), because its limit is absolute. A series
    whose share is always high (a hotline for complaints) is judged against its own usual share instead, as soon as
    that is known; what is out of the ordinary is learned only in part.

    Examples
    --------
    >>> from contracts.panes import Panes
    >>> from detectors.grid import Grid
    >>> detector = HeatDetector(EmotionSettings(), Grid(Panes(), "UTC"), start=0)
    >>> for index in range(0, 1440, 5):
    ...     detector.learn_one(Bucket(index, 2.0, 1.0, 0.0))
    >>> score = detector.score_one(Bucket(1440, 60.0, 55.0, 50.0))
    >>> score.reason.value, round(score.observed, 2), round(score.lower, 2), round(score.value, 2)
    ('beyond', 0.71, 0.38, 1.27)
    >>> detector.score_one(Bucket(3000, 5.0, 5.0, 5.0)).reason.value
    'too_few'
    """

    __slots__ = ()

    @staticmethod
    def sort(bucket: Bucket) -> float:
        """Its hot voices."""
        return bucket.hot

    def score_one(self, bucket: Bucket) -> Score:
        """Judge a bucket, full or filling: the hottest window decides."""
        model = self._model
        if not self.fits(bucket):
            return NOT_FINITE
        usual, weight = model.baseline(bucket.number)
        limit = self._settings.limit
        if weight >= self._settings.least_baseline:
            limit = min(_TOP, max(limit, usual + self._settings.above_usual))
        doubt = 1 / weight if limit > self._settings.limit else 0.0
        best: tuple[float, Window, float, float, float] | None = None
        for window, voices, hot in model.sums(bucket.number):
            voices += bucket.n
            if voices < self._settings.least_voices:
                continue
            seen = (hot + bucket.hot) / voices
            low = self._low(window, seen, voices, doubt) if seen > limit else 0.0
            value = low / limit if low else 0.5 * seen / limit
            if best is None or value > best[0]:
                best = (value, window, seen, voices, low)
        if best is not None:
            return self._describe(bucket, best, usual, limit)
        if model.last == NEVER:
            return Score(None, State.WARMING, Reason.WARMING, expected=usual)
        return Score(None, State.READY, Reason.TOO_FEW, expected=usual)

    @staticmethod
    def _low(window: Window, seen: float, voices: float, doubt: float) -> float:
        """Lower end of the interval of the true share; ``doubt`` is what is not known of the usual share."""
        size = voices / (1 + (voices - 1) * min(_TOP, window.rho.value + doubt))
        return float(betaincinv(seen * size + 0.5, (1 - seen) * size + 0.5, exp(window.log_limit)))

    def _describe(
        self, bucket: Bucket, best: tuple[float, Window, float, float, float], usual: float, limit: float
    ) -> Score:
        value, window, seen, voices, low = best
        reason = Reason.NORMAL if value < 1 else Reason.BEYOND
        if reason is Reason.BEYOND:
            fresh, hot = window.newest(bucket.number)
            if fresh + bucket.n >= 4 and (hot + bucket.hot) / (fresh + bucket.n) < limit:
                reason = Reason.FADING
        return Score(
            value=value,
            state=State.READY,
            reason=reason,
            observed=seen,
            expected=usual,
            lower=low or None,
            upper=1.0 if low else None,
            effect=seen - usual,
            window_seconds=window.length * self._grid.bucket_seconds,
            voices=int(voices),
        )
