"""Deciding under load: a thousand open incidents, ten thousand signals a minute, marks for every brand and pane.

``python -m bench.decide_load`` feeds the deciding core with the shipped rules in one process and prints how long one
signal takes (median, p99, worst), how much of a core a minute of it needs, and how much the state weighs after half
and after all of it.
"""

from __future__ import annotations

import pickle
import sys
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
            begun = clock.monotonic()
            core.feed(record)
            each.append(clock.monotonic() - begun)
        begun = clock.monotonic()
        for name in names:
            core.feed(mark(pane * PANE, brand=name))
        spent += clock.monotonic() - begun
        if pane * PANE % (MINUTES * 30) == 0:
            weights.append(len(pickle.dumps(core)))
    each.sort()
    share = (sum(each) + spent) / MINUTES / 60
    sys.stdout.write(
        f"{len(core.open_incidents()):,} open incidents, {made:,} signals in {MINUTES} minutes of event time: "
        f"median {each[len(each) // 2] * 1e3:.3f} ms, p99 {each[int(len(each) * 0.99)] * 1e3:.3f} ms, "
        f"worst {each[-1] * 1e3:.1f} ms a signal; {share:.1%} of a core with all marks; "
        f"state {weights[0] / 1e6:.1f} MB after half, {weights[-1] / 1e6:.1f} MB after all\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
