"""Ranks of counts in the distribution that was predicted for them, from the expected count and the band of a chart."""

from __future__ import annotations

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from bench.detection.stream import Floats, Stream
from contracts.panes import Panes
from detectors.grid import Grid
from detectors.protocol import Bucket
from detectors.settings import VolumeSettings
from detectors.volume import VolumeDetector

Z = 2.326
"""The band's quantile."""


def transform(stream: Stream, seed: int) -> Floats:
    """Randomised rank of each count, between 0 and 1."""
    mean, phi = predicted(stream)
    low = _cumulative(stream.values - 1, mean, phi)
    high = _cumulative(stream.values, mean, phi)
    return np.asarray(low + np.random.default_rng(seed).random(len(low)) * (high - low))


def predicted(stream: Stream) -> tuple[Floats, Floats]:
    """Mean and relative variance predicted for each step before it was learned."""
    first = int(stream.times[0].timestamp()) // stream.step
    panes = Panes(pane_seconds=stream.step, bucket_seconds=stream.step)
    detector = VolumeDetector(VolumeSettings(), Grid(panes, "UTC"), start=first)
    bands = np.empty((len(stream.values), 2))
    for place, value in enumerate(stream.values.tolist()):
        expected, _, upper = detector.band(first + place)
        bands[place] = expected, upper
        detector.learn_one(Bucket(first + place, value))
    return bands[:, 0], spread(bands[:, 0], bands[:, 1])


def spread(mean: Floats, upper: Floats) -> Floats:
    """Relative variance beyond chance that gives this upper limit (Wilson and Hilferty, turned round).

    >>> from detectors.tails import count_band
    >>> spread(np.array([100.0]), np.array([count_band(100.0, 0.04)[1]])).round(4).tolist()
    [0.04]
    """
    cube = np.cbrt(np.maximum(upper, 1e-12) / np.maximum(mean, 1e-12))
    step = (Z - np.sqrt(np.maximum(0.0, Z * Z - 4 * (cube - 1)))) / 2
    variance = 9 * step * step * mean * mean
    return np.asarray(np.maximum(0.0, (variance - mean) / np.maximum(mean * mean, 1e-12)))


def _cumulative(values: Floats, mean: Floats, phi: Floats) -> Floats:
    size = 1 / np.maximum(phi, 1e-9)
    return np.asarray(np.where(values < 0, 0.0, stats.nbinom.cdf(values, size, size / (size + mean))))
