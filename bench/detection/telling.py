"""From "beyond the threshold" to "told": one day's rest after each telling, and the search for a threshold.

Every rule, ours excepted (its own deciding rule rests), is held to the same rest, so that a week's number of warnings
means the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.detection.rules import Prepared, Rule
from bench.detection.stream import DAY, Bools, Stream

REST = DAY
"""Seconds for which a rule that has told something stays silent."""


def told(fires: Bools, rest: int, begin: int = 0) -> list[int]:
    """Places that are told: the first that fires, then none for ``rest`` steps; none before ``begin``.

    >>> told(np.array([True, False, True, True, False, True]), rest=3)
    [0, 3]
    """
    found: list[int] = []
    following = begin
    for place in np.flatnonzero(fires).tolist():
        if place >= following:
            found.append(place)
            following = place + rest
    return found


def count(rule: Rule, prepared: Sequence[tuple[Stream, Prepared]], at: float, begin: int) -> int:
    """How much is told over several streams with the threshold ``at``, their first ``begin`` steps left out."""
    return sum(len(told(rule.fires(one, at), stream.rows(REST), begin)) for stream, one in prepared)


def search(rule: Rule, prepared: Sequence[tuple[Stream, Prepared]], allowed: int, begin: int) -> float:
    """The most lenient threshold at which these streams, in which nothing is planted, tell at most ``allowed``."""
    ladder = rule.ladder([one for _, one in prepared])
    low, high = 0, len(ladder) - 1
    while low < high:
        middle = (low + high) // 2
        if count(rule, prepared, ladder[middle], begin) <= allowed:
            high = middle
        else:
            low = middle + 1
    return ladder[low]
