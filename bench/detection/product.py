"""Our own detector as the measurement sees it: counts in, places of its warnings out.

:func:`places` is what ``fenghuo detect`` does. :class:`Watch` is the same, step by step, so that a state can be kept
and several futures tried from it; a test holds the two together.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bench.detection.stream import Floats, Stream
from contracts.panes import Panes
from detectors import offline
from detectors.budget import Budget, Told
from detectors.events import Events
from detectors.grid import Grid
from detectors.protocol import Bucket, Score
from detectors.settings import DetectSettings
from detectors.volume import VolumeDetector


def places(stream: Stream, settings: DetectSettings | None = None, per_week: float | None = None) -> list[int]:
    """Steps in which a warning is told: all kinds, defaults unless given otherwise."""
    number = {when: place for place, when in enumerate(stream.times)}
    found = offline.alarms(stream.times, stream.values.tolist(), settings=settings, per_week=per_week)
    return sorted({number[one.at] for one in found})


class Watched(NamedTuple):
    """What became of many counts."""

    told: list[int]
    """Where warnings were told."""
    scores: Floats
    saved: dict[int, bytes]


class Watch:
    """One stream watched step by step; a pickle of it goes on where it stood.

    >>> stream = Stream.made("a", np.array(([5.0, 6.0] * 1008) + [60.0] * 6), 300)
    >>> watched = Watch(stream).run(stream.values, {2016})
    >>> watched.told, load(watched.saved[2016]).run(stream.values[2016:]).told
    ([2017], [1])
    """

    def __init__(self, stream: Stream, settings: DetectSettings | None = None) -> None:
        settings = settings or DetectSettings()
        seconds = stream.times[0].timestamp()
        self._step = stream.step
        self._phase = seconds % stream.step
        self._number = int((seconds - self._phase) // stream.step)
        panes = Panes(pane_seconds=min(stream.step, 60), bucket_seconds=stream.step)
        grid = Grid(
            panes, settings.zone, settings.volume.country, Events(settings.announced, bucket_seconds=stream.step)
        )
        self._detector = VolumeDetector(settings.volume, grid, self._number)
        self._budget = Budget(settings.budget, seconds)
        self.score = 0.0
        """Of the last step, before the budget: what ``offline.scores`` gives."""

    @property
    def second(self) -> float:
        """Start of the next step, seconds since the epoch."""
        return self._number * self._step + self._phase

    def step(self, value: float) -> bool:
        """Judge and learn the next count; whether a warning is told."""
        second = self.second
        return any([self._budget.ask(second, one).told is Told.NEW for one in self.judge(value)])

    def judge(self, value: float) -> list[Score]:
        """Judge and learn the next count; what the budget is asked about."""
        bucket = Bucket(self._number, value)
        score = self._detector.score_one(bucket)
        quiet = self._detector.silence(self._number) if value == 0 else None
        self._detector.learn_one(bucket)
        self._number += 1
        self.score = score.value or 0.0
        return [one for one in (score, quiet) if one is not None and one.beyond]

    def run(self, values: Floats, keep: Iterable[int] = ()) -> Watched:
        """Go through many counts, keeping the states before the steps to ``keep``."""
        wanted = set(keep)
        told: list[int] = []
        saved: dict[int, bytes] = {}
        scores = np.zeros(len(values))
        for place, value in enumerate(values.tolist()):
            if place in wanted:
                saved[place] = pickle.dumps(self)
            if self.step(value):
                told.append(place)
            scores[place] = self.score
        return Watched(told, scores, saved)


def load(saved: bytes) -> Watch:
    """A kept state, ready to go on."""
    watch: Watch = pickle.loads(saved)  # noqa: S301  (our own, just made)
    return watch


def by_allowance(stream: Stream, allowances: Iterable[float]) -> list[list[int]]:
    """Where warnings are told under each of several allowances a week; scored once, decided for each."""
    settings = DetectSettings()
    watch = Watch(stream, settings)
    budgets = [
        Budget(settings.budget.model_copy(update={"per_week": one}), stream.times[0].timestamp()) for one in allowances
    ]
    told: list[list[int]] = [[] for _ in budgets]
    for place, value in enumerate(stream.values.tolist()):
        second = watch.second
        scores = watch.judge(value)
        for number, budget in enumerate(budgets if scores else ()):
            if any([budget.ask(second, one).told is Told.NEW for one in scores]):
                told[number].append(place)
    return told
