"""Deciding under load: a thousand open incidents, ten thousand signals a minute, marks for every brand and pane.

``python -m bench.decide_load`` feeds the deciding core with the shipped rules in one process and prints how long one
signal takes (median, p99, worst; by the clock, and in processor time, which other work on the machine does not
lengthen), how much of a core a minute of it needs, and how much the state weighs after half and after all of it.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from alerts.decide import DecideCore
from alerts.settings import load_policy
from contracts.clock import SystemClock
from tests.unit.alerts.given import mark, signal

BRANDS = 1_000
SIGNALS = 10_000
MINUTES = 4
PANE = 5


def main() -> int:
    """Print the figures."""
    clock = SystemClock()
    core = DecideCore(load_policy(Path("config/rules")))
    names = [f"brand-{number}" for number in range(BRANDS)]
    each: list[float] = []
    worked: list[float] = []
    weights: list[int] = []
    per_pane = SIGNALS * PANE // 60
    spent, made = 0.0, 0
    for pane in range(1, MINUTES * 60 // PANE + 1):
        records = []
        for number in range(per_pane):
            name = names[(made + number) % BRANDS]
            records.append(signal(pane * PANE, 1.0 + number % 4, index=number, brand=name))
        made += per_pane
        for record in records:
            begun, working = clock.monotonic(), time.thread_time()
            core.feed(record)
            worked.append(time.thread_time() - working)
            each.append(clock.monotonic() - begun)
        working = time.thread_time()
        for name in names:
            core.feed(mark(pane * PANE, brand=name))
        spent += time.thread_time() - working
        if pane * PANE % (MINUTES * 30) == 0:
            weights.append(len(pickle.dumps(core)))
    share = (sum(worked) + spent) / MINUTES / 60
    sys.stdout.write(
        f"{len(core.open_incidents()):,} open incidents, {made:,} signals in {MINUTES} minutes of event time: "
        f"a signal by the clock {spread(each)}, in processor time {spread(worked)}; "
        f"{share:.1%} of a core with all marks; "
        f"state {weights[0] / 1e6:.1f} MB after half, {weights[-1] / 1e6:.1f} MB after all\n"
    )
    return 0


def spread(seconds: Sequence[float]) -> str:
    """Median, p99 and worst.

    >>> spread([0.001] * 99 + [0.5])
    'median 1.000 ms, p99 500.000 ms, worst 500.0 ms'
    """
    ranked = sorted(seconds)
    middle, most = ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.99)]
    return f"median {middle * 1e3:.3f} ms, p99 {most * 1e3:.3f} ms, worst {ranked[-1] * 1e3:.1f} ms"


if __name__ == "__main__":
    raise SystemExit(main())
