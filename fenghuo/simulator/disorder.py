"""How a real source misbehaves: some records come again, some come late, never beyond the lateness.

The last step of `simulation`; without planted disorder it only counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from fenghuo.simulator.chance import generator
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.scenario import Scenario

REPEAT_AFTER_MS = 60_000
_DRAWN = 4096


@dataclass(slots=True)
class Tally:
    """What was handed out so far."""

    distinct: int = 0
    repeated: int = 0
    late: int = 0
    """Sent after a record with a larger time; repeats not counted."""

    @property
    def sent(self) -> int:
        """All records, repeats included."""
        return self.distinct + self.repeated


def disturbed(lines: Iterator[Line], scenario: Scenario, tally: Tally) -> Iterator[Line]:
    """The lines in order of arrival. A late record keeps its own time and comes up to the lateness later."""
    disorder = scenario.disorder
    if disorder is None:
        return _counted(lines, tally)
    return _arrivals(lines, scenario.seed, disorder.repeats, disorder.late, int(disorder.lateness * 1000), tally)


def _counted(lines: Iterator[Line], tally: Tally) -> Iterator[Line]:
    for line in lines:
        tally.distinct += 1
        yield line


def _arrivals(
    lines: Iterator[Line], seed: int, repeats: float, late: float, lateness: int, tally: Tally
) -> Iterator[Line]:
    waiting: list[tuple[int, int, bool, Line]] = []
    draws = _draws(seed)
    newest = 0
    for number, line in enumerate(lines):
        arrives = line[0]
        if next(draws) < late:
            arrives += round(next(draws) * lateness)
        heappush(waiting, (arrives, number, False, line))
        if next(draws) < repeats:
            heappush(waiting, (arrives + 1 + round(next(draws) * REPEAT_AFTER_MS), number, True, line))
        while waiting[0][0] < line[0]:
            newest = _note(waiting[0], newest, tally)
            yield heappop(waiting)[3]
    while waiting:
        newest = _note(waiting[0], newest, tally)
        yield heappop(waiting)[3]


def _note(arrival: tuple[int, int, bool, Line], newest: int, tally: Tally) -> int:
    ms = arrival[3][0]
    if arrival[2]:
        tally.repeated += 1
    else:
        tally.distinct += 1
        tally.late += ms < newest
    return max(newest, ms)


def _draws(seed: int) -> Iterator[Any]:
    rng = generator(seed, "disorder")
    while True:
        yield from rng.random(_DRAWN).tolist()
