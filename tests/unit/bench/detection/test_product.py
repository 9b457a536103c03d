"""The measurement watches with the same detector and the same budget as ``fenghuo detect``."""

from __future__ import annotations

import pytest

from bench.detection import product
from bench.detection.generate import World, make
from bench.detection.stream import Stream
from detectors import offline


@pytest.fixture(scope="module")
def stream() -> Stream:
    return make(World("bursts", base=3.0, bursts=5.0, burst_factor=8.0), 3, seed=4).stream


def test_step_by_step_tells_what_is_told_in_one_go(stream: Stream) -> None:
    watched = product.Watch(stream).run(stream.values)
    assert watched.told == product.places(stream)
    assert watched.told
    assert watched.scores.tolist() == offline.scores(stream.times, stream.values.tolist())


def test_a_kept_state_has_the_same_future(stream: Stream) -> None:
    watched = product.Watch(stream).run(stream.values, {2000})
    later = product.load(watched.saved[2000]).run(stream.values[2000:])
    assert [place + 2000 for place in later.told] == [place for place in watched.told if place >= 2000]
    assert (later.scores == watched.scores[2000:]).all()


def test_every_allowance_is_decided_as_if_alone(stream: Stream) -> None:
    allowances = (7.0, 1.0, 0.23)
    alone = [product.places(stream, per_week=one) for one in allowances]
    assert product.by_allowance(stream, allowances) == alone
