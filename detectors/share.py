"""Sentiment of one series: is the negative share clearly above its own baseline?

Shares of several windows are judged by a beta-binomial tail around a slowly learned baseline; the voices of one
window are not independent, and how much they are not is learned per window length.
"""

from __future__ import annotations

from scipy.special import betaincinv  # type: ignore[import-untyped]

from contracts.records import State
from detectors.guards import NOT_FINITE
from detectors.protocol import Bucket, Reason, Score
from detectors.settings import ShareSettings
from detectors.sharejudge import ShareJudge
from detectors.sharemodel import Window
from detectors.tails import log_share_tail, probability


class ShareDetector(ShareJudge[ShareSettings]):
    """Shifts of the negative share upwards.

    Works once its baseline has some sixty voices. It does not know hours of the day, says nothing about few voices
    (``least_voices``), and an observed rise below ``least_effect`` is never a shift. What lies beyond the limit
    is learned only up to three deviations, so a crisis does not become its own baseline.

    Examples
    --------
    >>> from contracts.panes import Panes
    >>> from detectors.grid import Grid
    >>> detector = ShareDetector(ShareSettings(), Grid(Panes(), "UTC"), start=0)
    >>> for index in range(0, 4 * 1440, 10):
    ...     detector.learn_one(Bucket(index, 2.0, 1.0 if index % 20 else 0.0))
    >>> score = detector.score_one(Bucket(4 * 1440, 40.0, 38.0))
    >>> score.reason.value, round(score.observed, 2), round(score.expected, 2)
    ('beyond', 0.89, 0.25)
    """

    __slots__ = ()

    @staticmethod
    def sort(bucket: Bucket) -> float:
        """Its negative voices."""
        return bucket.negative

    def score_one(self, bucket: Bucket) -> Score:
        """Judge a bucket, full or filling: the window that stands out most decides."""
        if not self.fits(bucket):
            return NOT_FINITE
        share, weight = self._model.baseline(bucket.number)
        if weight < self._settings.least_baseline:
            return Score(None, State.WARMING, Reason.WARMING, observed=bucket.negative / max(bucket.n, 1.0))
        best: tuple[float, Window, float, float] | None = None
        for window, voices, negative in self._model.sums(bucket.number):
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

    def _value(self, window: Window, seen: float, voices: float, share: float, weight: float) -> float:
        effect = (seen - share) / self._settings.least_effect
        if effect < 0.3:
            return max(0.0, effect)
        tail = log_share_tail(seen, voices, share, self._model.correlation(window, weight)) / window.log_limit
        return min(effect, tail) if effect < 1 else tail

    def _describe(self, bucket: Bucket, best: tuple[float, Window, float, float], share: float, weight: float) -> Score:
        value, window, seen, voices = best
        reason = self._reason(window, bucket, value, share)
        if reason is not Reason.BEYOND:
            seconds = window.length * self._grid.bucket_seconds
            return Score(value, State.READY, reason, seen, share, window_seconds=seconds, voices=int(voices))
        rho = self._model.correlation(window, weight)
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

    def _reason(self, window: Window, bucket: Bucket, value: float, share: float) -> Reason:
        if value < 1:
            return Reason.NORMAL
        voices, negative = window.newest(bucket.number)
        voices, negative = voices + bucket.n, negative + bucket.negative
        if voices >= 4 and negative / voices < share + self._settings.least_effect / 2:
            return Reason.FADING
        return Reason.BEYOND
