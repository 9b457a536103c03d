"""Runs a scenario: all brands and incidents merged into one stream of raw records in event-time order.

The pure core of the simulator. Event times and random numbers are drawn by the local day, 120 bytes a mention; records
are made in parts of a day. So memory is bounded whatever the span.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from fenghuo.simulator.calendar import day_number, day_start, from_ms, to_ms
from fenghuo.simulator.cast import Cast
from fenghuo.simulator.disorder import Tally, disturbed
from fenghuo.simulator.incidents import DeadCollector, Truth
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.speaker import source_of

PART = 20_000
"""About so many records are made at once."""


class Planted(NamedTuple):
    """One fictitious personal value, and the record that holds it."""

    id: str
    kind: str
    value: str


class Simulation:
    """One run of a scenario.

    >>> from datetime import UTC
    >>> world = Simulation(Scenario(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 3, 2, tzinfo=UTC)))
    >>> first = next(world.records())
    >>> first["ts"] >= "2026-03-01T08:00", first["source"].startswith("sim-")
    (True, True)
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.planted: list[Planted] = []
        """Personal data in the records handed out so far (`live` keeps none)."""
        self.tally = Tally()
        """How many records were handed out so far, and how many of them again or late."""
        self._cast = Cast(scenario)

    @property
    def truths(self) -> tuple[Truth, ...]:
        """What is planted, in order of start."""
        found = [one.truth() for one in self.scenario.incidents]
        return tuple(sorted(found, key=lambda one: (one.start, one.kind, one.brand or "")))

    def records(self) -> Iterator[dict[str, Any]]:
        """All records, in event-time order but for planted disorder."""
        return (record for _, record in self.lines())

    def lines(self) -> Iterator[Line]:
        """The same with the event time of each in milliseconds."""
        first, last = to_ms(self.scenario.start), to_ms(self.scenario.end)
        days = range(day_number(first), day_number(last - 1) + 1)
        ordered = (line for day in days for line in self._day(day, first, last))
        counted = self._noted(_limited(ordered, self.scenario.limit))
        return disturbed(counted, self.scenario, self.tally)

    def live(self, start: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """Endlessly from ``start`` on, past the end of the scenario; goes on exactly where `records` would."""
        first = to_ms(start)
        for day in count(day_number(first)):
            for ms, record in self._day(day, first, None):
                yield from_ms(ms), record
            self._cast.private.clear()

    def alive(self, source: str, ms: int) -> bool:
        """Whether the collector of this source lives at this time (see `DeadCollector`)."""
        dead = (one for one in self.scenario.incidents if isinstance(one, DeadCollector))
        return not any(source_of(one.channel) == source and to_ms(one.start) <= ms < to_ms(one.end) for one in dead)

    def _day(self, day: int, first: int, last: int | None) -> Iterator[Line]:
        """The lines of one local day that lie in [first, last), sorted; records are made in parts of the day."""
        begin, stop = max(first, day_start(day)), min(last or day_start(day + 1), day_start(day + 1))
        cast = self._cast
        flows = [
            (brand.name, channel, cast.ordinary(brand.name, channel, day, begin, stop))
            for brand in self.scenario.brands
            for channel in self.scenario.channels
        ]
        planted = (line for one in self.scenario.incidents for line in one.adds(cast, day))
        added = [line for line in planted if begin <= line[0] < stop and self.alive(line[1]["source"], line[0])]
        parts = 1 + sum(len(flow[2].times) for flow in flows) // PART
        edges = [begin + (stop - begin) * part // parts for part in range(parts + 1)]
        for low, high in pairwise(edges):
            lines = [
                line
                for brand, channel, all_day in flows
                for line in cast.speak(brand, channel, all_day.between(low, high))
            ]
            lines.extend(line for line in added if low <= line[0] < high)
            lines.sort(key=itemgetter(0))
            yield from lines

    def _noted(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Remembers the planted personal data of what is handed out."""
        pending = self._cast.private
        for line in lines:
            if pending:
                found = pending.pop(line[1]["id"], None)
                if found is not None:
                    self.planted.append(Planted(line[1]["id"], found.kind, found.value))
            yield line


def records(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """The raw records of a scenario; see `Simulation.records`."""
    return Simulation(scenario).records()


def live(scenario: Scenario, start: datetime) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Endless (event time, record) from ``start``; how fast to play them is the caller's business."""
    return Simulation(scenario).live(start)


def _limited(lines: Iterator[Line], limit: int | None) -> Iterator[Line]:
    if limit is None:
        return lines
    return (line for _, line in zip(range(limit), lines, strict=False))
