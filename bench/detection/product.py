"""Our own detector as the measurement sees it: counts in, places of its warnings out.

:func:`places` is what ``fenghuo detect`` does. :class:`Watch` is the same, step by step, so that a state can be kept
and several futures tried from it; a test holds the two together.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable

from bench.detection.stream import Floats, Stream
from contracts.panes import Panes
from detectors import offline
from detectors.budget import Budget, Told
from detectors.grid import Grid
from detectors.protocol import Bucket, Score
from detectors.settings import DetectSettings
from detectors.volume import VolumeDetector


def places(stream: Stream, settings: DetectSettings | None = None, per_week: float | None = None) -> list[int]:
    """Steps in which a warning is told: all kinds, defaults unless given otherwise."""
    number = {when: place for place, when in enumerate(stream.times)}
    found = offline.alarms(stream.times, stream.values.tolist(), settings=settings, per_week=per_week)
    return sorted({number[one.at] for one in found})


class Watch:
    """One stream watched step by step with the defaults; a pickle of it goes on where it stood.

    >>> import numpy as np
    >>> stream = Stream.made("a", np.array(([5.0, 6.0] * 1008) + [60.0] * 6), 300)
    >>> told, saved = Watch(stream).run(stream.values, {2016})
    >>> told, load(saved[2016]).first(stream.values[2016:])
    ([2017], 1)
    """

    def __init__(self, stream: Stream, settings: DetectSettings | None = None) -> None:
        settings = settings or DetectSettings()
        seconds = stream.times[0].timestamp()
        self._step = stream.step
        self._phase = seconds % stream.step
        self._number = int((seconds - self._phase) // stream.step)
        panes = Panes(pane_seconds=min(stream.step, 60), bucket_seconds=stream.step)
        self._detector = VolumeDetector(settings.volume, Grid(panes, settings.zone), self._number)
        self._budget = Budget(settings.budget, seconds)

    def step(self, value: float) -> bool:
        """Judge and learn the next count; whether a warning is told."""
        second = self._number * self._step + self._phase
        score = self._judge(value)
        return score.beyond and self._budget.ask(second, score).told is Told.NEW

    def run(self, values: Floats, keep: Iterable[int] = ()) -> tuple[list[int], dict[int, bytes]]:
        """Go through many counts: where warnings are told, and the states before the steps to ``keep``."""
        wanted = set(keep)
        told, saved = [], {}
        for place, value in enumerate(values.tolist()):
            if place in wanted:
                saved[place] = pickle.dumps(self)
            if self.step(value):
                told.append(place)
        return told, saved

    def first(self, values: Floats) -> int | None:
        """The first of these steps that tells a warning."""
        return next((place for place, value in enumerate(values.tolist()) if self.step(value)), None)

    def _judge(self, value: float) -> Score:
        bucket = Bucket(self._number, value)
        score = self._detector.score_one(bucket)
        self._detector.learn_one(bucket)
        self._number += 1
        return score


def load(saved: bytes) -> Watch:
    """A kept state, ready to go on."""
    watch: Watch = pickle.loads(saved)  # noqa: S301  (our own, just made)
    return watch


def by_allowance(stream: Stream, allowances: Iterable[float]) -> list[list[int]]:
    """Where warnings are told under each of several allowances a week; scored once, decided for each."""
    settings = DetectSettings()
    begin = stream.times[0].timestamp()
    budgets = [Budget(settings.budget.model_copy(update={"per_week": one}), begin) for one in allowances]
    told: list[list[int]] = [[] for _ in budgets]
    for place, at, score, _ in offline.judged(stream.times, stream.values.tolist(), settings):
        if score.beyond:
            for number, budget in enumerate(budgets):
                if budget.ask(at.timestamp(), score).told is Told.NEW:
                    told[number].append(place)
    return told
