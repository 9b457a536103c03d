"""Rest after an alarm, and thresholds at an equal number of false alarms."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.detection.rules import EwmaZ, Spike
from bench.detection.stream import Stream
from bench.detection.telling import count, search, told


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 50), st.integers(0, 50))
def test_what_is_told_fires_and_rests(fires: list[bool], rest: int, begin: int) -> None:
    places = told(np.array(fires, dtype=np.bool_), rest, begin)
    assert all(fires[one] and one >= begin for one in places)
    assert all(after - one >= rest for one, after in zip(places, places[1:], strict=False))
    unheard = [one for one, fired in enumerate(fires) if fired and one >= begin and one not in places]
    assert all(any(0 < one - other < rest for other in places) for one in unheard)


def test_the_search_spends_what_is_allowed_and_no_more() -> None:
    rng = np.random.default_rng(1)
    streams = [Stream.made(str(one), rng.poisson(5.0, 6000).astype(float), 300) for one in range(3)]
    for rule in (EwmaZ(), Spike()):
        prepared = [(stream, rule.prepare(stream)) for stream in streams]
        for allowed in (0, 2, 5):
            at = search(rule, prepared, allowed, 1000)
            assert count(rule, prepared, at, 1000) <= allowed
            lenient = [one for one in rule.ladder([one for _, one in prepared]) if one < at]
            assert count(rule, prepared, lenient[-1], 1000) > allowed
