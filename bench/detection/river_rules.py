"""River's own anomaly and drift detectors, used as its documentation shows."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import numpy as np
from river import anomaly, drift, preprocessing

from bench.detection.rules import Prepared, Rule
from bench.detection.stream import Bools, Floats, Stream


class HalfSpace(Rule):
    """``HalfSpaceTrees`` with River's defaults behind a ``MinMaxScaler``; the count is the one feature.

    Its score lies between 0 and 1. River's examples set no threshold but a high quantile; 0.95 is taken as natural.
    """

    name = "HalfSpaceTrees"
    natural = 0.95

    def prepare(self, stream: Stream) -> Prepared:
        """Score before learning, as River evaluates."""
        return _scored(_half_space(), stream.values)

    def saves(self, stream: Stream, starts: Sequence[int], at: float) -> dict[int, bytes]:
        """The forest before each start."""
        model = _half_space()
        found, done = {}, 0
        for start in sorted(starts):
            _scored(model, stream.values[done:start])
            found[start], done = pickle.dumps(model), start
        return found

    def branch(self, stream: Stream, start: int, values: Floats, at: float, saved: bytes | None) -> Bools:
        """Go on with that forest."""
        model = pickle.loads(saved) if saved is not None else _half_space()  # noqa: S301  (our own, just made)
        return self.fires(_scored(model, values), at)


def _half_space() -> Any:
    return preprocessing.MinMaxScaler() | anomaly.HalfSpaceTrees(seed=42)


def _scored(model: Any, values: Floats) -> Floats:
    scores = np.zeros(len(values))
    for place, value in enumerate(values.tolist()):
        one = {"count": value}
        scores[place] = model.score_one(one)
        model.learn_one(one)
    return scores


class Adwin(Rule):
    """``ADWIN`` on the counts: an alarm where it reports drift and its estimate has risen.

    The threshold is minus the decimal logarithm of its ``delta`` (0.002 by default). Falls are left out, to its
    advantage, because nothing that is planted falls.
    """

    name = "ADWIN"
    natural = -float(np.log10(0.002))
    _ladder = (0.5, 1.0, 1.5, 2.0, 2.7, 3.5, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 80.0, 120.0, 200.0, 300.0)

    def prepare(self, stream: Stream) -> Prepared:
        """Nothing can be prepared."""
        return stream.values

    def fires(self, prepared: Prepared, at: float) -> Bools:
        """Run it with ``delta`` = 10 to the power of minus ``at``."""
        return _rises(_adwin(at), prepared)

    def saves(self, stream: Stream, starts: Sequence[int], at: float) -> dict[int, bytes]:
        """The window before each start."""
        model = _adwin(at)
        found, done = {}, 0
        for start in sorted(starts):
            _rises(model, stream.values[done:start])
            found[start], done = pickle.dumps(model), start
        return found

    def branch(self, stream: Stream, start: int, values: Floats, at: float, saved: bytes | None) -> Bools:
        """Go on with that window."""
        model = pickle.loads(saved) if saved is not None else _adwin(at)  # noqa: S301  (our own, just made)
        return _rises(model, values)

    def ladder(self, prepared: Sequence[Prepared]) -> Sequence[float]:
        """From far too lenient to as good as never."""
        return self._ladder


def _adwin(at: float) -> Any:
    return drift.ADWIN(delta=10.0**-at)  # type: ignore[no-untyped-call]


def _rises(model: Any, values: Floats) -> Bools:
    fires = np.zeros(len(values), dtype=np.bool_)
    for place, value in enumerate(values.tolist()):
        was = model.estimation
        model.update(value)
        if model.drift_detected and model.estimation > was:
            fires[place] = True
    return fires
