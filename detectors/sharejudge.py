"""What the detectors of shares have in common: a model of the share, and people's words on it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from detectors.grid import Grid
from detectors.guards import sound
from detectors.protocol import Bucket
from detectors.settings import ShareBase
from detectors.sharemodel import ShareModel

S = TypeVar("S", bound=ShareBase)


class ShareJudge(ABC, Generic[S]):
    """Learns the share of one sort of voices in one series; how it is judged is each detector's own."""

    __slots__ = ("_grid", "_model", "_settings")

    def __init__(self, settings: S, grid: Grid, start: int) -> None:
        self._settings = settings
        self._grid = grid
        self._model = ShareModel(settings, grid, start)

    @staticmethod
    @abstractmethod
    def sort(bucket: Bucket) -> float:
        """How many of its voices are of the sort."""

    def restart(self, start: int) -> None:
        """Forget everything: what comes from bucket ``start`` on is of a new nature."""
        self._model.restart(start)

    def retune(self, settings: S) -> None:
        """Judge by other limits from here on; what was learned stays."""
        self._settings = settings
        self._model.retune(settings)

    def accept(self, index: int) -> tuple[int, float]:
        """A person's word: the share now is the usual one as of bucket ``index``."""
        return self._model.accept(index)

    def restore(self, accepted: tuple[int, float]) -> None:
        """Take :meth:`accept` back."""
        self._model.restore(accepted)

    def learn_one(self, bucket: Bucket) -> None:
        """Take in a closed bucket."""
        if self.fits(bucket) and bucket.n:
            self._model.learn(bucket.number, bucket.n, self.sort(bucket))

    def fits(self, bucket: Bucket) -> bool:
        """Whether it is finite, and later than what was learned."""
        return sound(bucket) and bucket.number > self._model.last
