"""``fenghuo tune --shadow``: what was told, beside what the settings on trial would have told."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

from rich.console import Console
from rich.table import Table

from contracts.clock import SystemClock
from dashboards.settings import StoreSettings
from dashboards.store.opened import open_store
from fenghuo.tuning.trial import trials


def on_trial(settings: StoreSettings, days: int) -> None:
    """Show the last ``days`` of the series store."""
    clock = SystemClock()
    store = open_store(settings, clock)
    try:
        end = clock.now() + timedelta(days=1)
        found = list(trials(store, end - timedelta(days=days + 1), end))
    finally:
        store.close()
    console = Console(highlight=False, soft_wrap=True)
    table = Table("brand", "told", "on trial", "+", "−")
    for one in found:
        trial = [str(len(part)) if one.known else "–" for part in (one.trial, one.gained, one.lost)]
        table.add_row(one.brand, str(len(one.live)), *trial)
    console.print(table)
    for mark, part in (("+", [one.gained for one in found]), ("−", [one.lost for one in found])):
        for each in chain.from_iterable(part):
            console.print(f"{mark} {each.at.isoformat(sep=' ', timespec='minutes')} {each.series}")
    if not any(one.known for one in found):
        console.print("Nothing was on trial: put values under shadow in detectors.yaml and start the workers again.")
