"""What share of a series' voices usually is of one sort (negative, hot), and how voices cling together.

Shared by the detectors of shares. The voices of one window are not independent: how much they are not is learned
for each window length; what lies far out is learned only up to three deviations, so a crisis is no baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp2, log, sqrt

from detectors.blocks import Blocks, shape
from detectors.dispersion import Dispersion
from detectors.grid import Grid
from detectors.settings import ShareBase
from detectors.tails import MONTH_SECONDS

NEVER = -(10**12)
_MOST_CORRELATED = 0.9
_CLIP = 3.0


class Window:
    """One window length: all voices, those of the sort, correlation between voices, limit."""

    __slots__ = ("length", "log_limit", "part", "rho", "voices")

    def __init__(self, length: int, bucket_seconds: int, settings: ShareBase) -> None:
        self.length = length
        self.voices = Blocks(*shape(length))
        self.part = Blocks(*shape(length))
        half = settings.half_life_days * 86_400 / bucket_seconds
        self.rho = Dispersion(settings.prior_dispersion, 6.0, half)
        self.log_limit = log(min(0.01, settings.false_per_month * length * bucket_seconds / MONTH_SECONDS))

    def newest(self, index: int) -> tuple[float, float]:
        """(voices, those of the sort) in the newest quarter of the window."""
        blocks = max(1, self.voices.count // 4)
        return self.voices.total(index, blocks), self.part.total(index, blocks)


class ShareModel:
    """The share of one sort of voices in one series, slowly learned.

    ``last`` is the last bucket learned. It knows no hours of the day.

    >>> from contracts.panes import Panes
    >>> model = ShareModel(ShareBase(), Grid(Panes(), "UTC"), start=0)
    >>> for bucket in range(0, 5000, 5):
    ...     model.learn(bucket, 4.0, 1.0)
    >>> [round(one, 2) for one in model.baseline(5000)]
    [0.25, 3678.75]
    """

    __slots__ = ("_grid", "_half", "_part", "_planned", "_settings", "_start", "_sums", "_voices", "last", "windows")

    def __init__(self, settings: ShareBase, grid: Grid, start: int) -> None:
        self._settings = settings
        self._grid = grid
        self._half = settings.half_life_days * 86_400 / grid.bucket_seconds
        self.restart(start)

    def restart(self, start: int) -> None:
        """Forget everything: what comes from bucket ``start`` on is of a new nature."""
        lengths = self._grid.windows(self._settings.windows_minutes)
        self.windows = [Window(one, self._grid.bucket_seconds, self._settings) for one in lengths]
        self._start = start
        self.last = NEVER
        self._voices = self._part = 0.0
        self._sums: list[tuple[Window, float, float]] = []
        self._planned = NEVER

    def retune(self, settings: ShareBase) -> None:
        """Go on under settings that differ in their limits alone."""
        self._settings = settings

    def baseline(self, index: int) -> tuple[float, float]:
        """(share, voices behind it) as of bucket ``index``."""
        fade = exp2(-(index - self.last) / self._half) if self._voices else 0.0
        voices = self._voices * fade + self._settings.prior_weight
        part = self._part * fade + self._settings.prior_weight * self._settings.prior_share
        return min(max(part / voices, 0.01), 0.99), voices

    def sums(self, index: int) -> Sequence[tuple[Window, float, float]]:
        """Each window with its voices and those of the sort before bucket ``index``."""
        if index != self._planned:
            self._sums = [(one, one.voices.total(index), one.part.total(index)) for one in self.windows]
            self._planned = index
        return self._sums

    def correlation(self, window: Window, weight: float) -> float:
        """Correlation within the window, ignorance of the baseline included."""
        return min(_MOST_CORRELATED, window.rho.value + 1 / weight)

    def deviation(self, window: Window, voices: float, share: float, weight: float) -> float:
        """Standard deviation of the share among ``voices``."""
        return sqrt(share * (1 - share) * (1 / voices + self.correlation(window, weight)))

    def learn(self, index: int, voices: float, part: float) -> None:
        """Take in a closed bucket that holds something."""
        share, weight = self.baseline(index)
        for window in self.windows:
            window.voices.add(index, voices)
            window.part.add(index, part)
            self._learn_window(window, index, share, weight)
        learned = self._clipped(index, voices, part, share, weight)
        fade = exp2(-(index - self.last) / self._half) if self._voices else 0.0
        self._voices = self._voices * fade + voices
        self._part = self._part * fade + learned
        self.last = index
        self._planned = NEVER

    def accept(self, index: int) -> tuple[int, float]:
        """A person's word: the share of the newest window with enough voices is the usual one; what changed."""
        found = [(part / voices) for _, voices, part in self.sums(index) if voices >= self._settings.least_voices]
        change = found[0] * self._voices - self._part if found else 0.0
        self._part += change
        return self.last, change

    def restore(self, accepted: tuple[int, float]) -> None:
        """Take :meth:`accept` back; what was learned since stays."""
        last, change = accepted
        self._part = min(self._voices, max(0.0, self._part - change * exp2((last - self.last) / self._half)))

    def _clipped(self, index: int, voices: float, part: float, share: float, weight: float) -> float:
        """What to learn of ``part``: cut at three deviations of a middle window."""
        window = self.windows[min(1, len(self.windows) - 1)]
        within = window.voices.total(index)
        limit = share + _CLIP * self.deviation(window, within, share, weight)
        if weight < self._settings.least_baseline or window.part.total(index) / within <= limit:
            return part
        return min(part, limit * voices)

    def _learn_window(self, window: Window, index: int, share: float, weight: float) -> None:
        if (index + 1) % window.voices.width or index - self._start < window.length:
            return
        voices = window.voices.total(index)
        if voices < 5 or weight < self._settings.least_baseline:
            return
        limit = _CLIP * self.deviation(window, voices, share, weight)
        residual = max(-limit, min(limit, window.part.total(index) / voices - share))
        spread = share * (1 - share)
        window.rho.learn(index, residual, spread * (1 / voices + 1 / weight), sqrt(spread), 1 / window.voices.count)
