"""Moves a simulation into a sink, in batches, as fast as possible or at a multiple of life's pace."""

from __future__ import annotations

import time
from collections.abc import Callable

from contracts.clock import Clock
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.sinks import Sink

BATCH = 500
QUANTUM = 0.05
"""Seconds: shorter waits are saved up, so that a fast pace is not slowed by sleeping."""


def play(
    simulation: Simulation,
    sink: Sink,
    clock: Clock,
    *,
    speed: float = 0.0,
    batch: int = BATCH,
    sleep: Callable[[float], None] = time.sleep,
    told: Callable[[int, int], None] = lambda ms, sent: None,
) -> int:
    """Send everything; returns how many records were sent, repeats included.

    ``speed`` is seconds of event time for each second of life, 0 for as fast as the sink takes it.
    ``told`` hears (event time in ms, records sent) after each batch. Errors of the sink pass through.
    """
    began = clock.monotonic()
    first: int | None = None
    waiting: list[Line] = []
    sent = 0

    def flush() -> None:
        nonlocal sent
        if waiting:
            sink.send(waiting)
            sent += len(waiting)
            told(waiting[-1][0], sent)
            waiting.clear()

    for line in simulation.lines():
        first = line[0] if first is None else first
        if speed > 0 and (line[0] - first) / 1000 / speed - (clock.monotonic() - began) > QUANTUM:
            flush()
            sleep(max(0.0, (line[0] - first) / 1000 / speed - (clock.monotonic() - began)))
        waiting.append(line)
        if len(waiting) >= batch:
            flush()
    flush()
    sink.finish(simulation)
    return sent
