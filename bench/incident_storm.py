"""The incident machine through a hundred thousand random steps under hundreds of random rule sets, with shrinking.

``python -m bench.incident_storm [--steps 100000]`` walks :class:`tests.property.test_incident_machine.Machine`; every
step feeds four deciding cores and checks every event against an independent model. A broken invariant ends it with
the shortest story that Hypothesis finds. It prints how many steps, records and rule sets there were.
"""

from __future__ import annotations

import argparse
import sys

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from contracts.clock import SystemClock
from tests.property.test_incident_machine import Machine

STORIES, STEPS_EACH = 200, 200
"""Of one round; rounds follow until there are steps enough."""


def main(arguments: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    steps = parser.parse_args(arguments).steps
    clock = SystemClock()
    begun = clock.monotonic()
    chosen = settings(
        max_examples=STORIES,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    while Machine.rules_run < steps:
        run_state_machine_as_test(Machine, settings=chosen)
    seconds = clock.monotonic() - begun
    sys.stdout.write(
        f"{Machine.rules_run:,} steps, {Machine.steps_taken:,} records, {Machine.policies_seen:,} rule sets, "
        f"{seconds:.0f} s, no invariant broken\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
