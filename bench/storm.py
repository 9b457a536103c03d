"""The input of a soak: mentions in order of arrival, repeated, out of order and late, and what must be counted.

Where it sits: :class:`Storm` makes the same messages for any number of partitions, so that a disturbed run, an
undisturbed one and a replay in one process read the same. The truth is counted from the mentions alone, by code that
shares nothing with the counting stage.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from contracts.panes import Panes
from contracts.ports import Out
from contracts.records import Mention
from contracts.series import series_key
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.incidents import SuddenSurge
from fenghuo.simulator.scenario import Disorder, Scenario
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.world import BRANDS
from streams.batch import end, gather, outs, progress
from streams.settings import SourceSettings

START = datetime(2026, 1, 5, 8, tzinfo=ZONE)
RATE = 5.0
"""Mentions in a second of event time, all brands together."""
STEP = 200
"""Arrivals between two rounds of progress marks."""
LATE_BY = timedelta(seconds=300)
"""How long a truly late mention is held back; the marks are at least four minutes ahead of it by then."""
SHARE_LATE = 0.005
COUNTED = (("brand",), ("brand", "channel"), ("brand", "region"))
"""Series that follow from a mention's own fields; categories come from the reader."""

DETECTORS = """\
volume: {windows_minutes: [1, 5], least_age: 2.0, warm_hours: 0.2, unknown_season: 0.01, prior_dispersion: 0.02}
sentiment: {windows_minutes: [5, 30]}
"""
"""Detectors that are awake after minutes: a soak is dense and short."""

Cell = tuple[int, str]
"""A pane and a series."""
Sums = tuple[int, int]
"""Mentions and their reach."""


@dataclass(frozen=True)
class Storm:
    """``count`` distinct mentions of about nine channels, 5 % of them sent again, 5 % out of order, 0.5 % late.

    Parameters
    ----------
    count
        Distinct mentions.
    seed
        Same seed, same storm.
    """

    count: int
    seed: int

    @cached_property
    def arrivals(self) -> list[Mention]:
        """All mentions, repeats included, as they arrive.

        What is truly late is so with its repeats: one of those alone would come about when its pane closes, and
        whether it was in time would depend on how many partitions there are.
        """
        draws = random.Random(self.seed)
        ordered = [_mention(record) for record in Simulation(_scenario(self.count, self.seed)).records()]
        last = max(one.ts for one in ordered) - 2 * LATE_BY
        arrived: list[Mention] = []
        held: list[Mention] = []
        late: set[tuple[str, str]] = set()
        for one in ordered:
            while held and held[0].ts + LATE_BY < one.ts:
                arrived.append(held.pop(0))
            if draws.random() < SHARE_LATE and one.ts < last:
                late.add((one.source, one.id))
            (held if (one.source, one.id) in late else arrived).append(one)
        return arrived + held

    def steps(self, partitions: int) -> Iterator[list[Out]]:
        """Messages for the log: some mentions, then every source's mark in every partition; end marks last."""
        sources = [SourceSettings(name=name) for name in sorted({one.source for one in self.arrivals})]
        newest = self.arrivals[0].ts
        for start in range(0, len(self.arrivals), STEP):
            part = self.arrivals[start : start + STEP]
            newest = max(newest, *(one.ts for one in part))
            for source in sources:
                placed = gather(source, (one for one in part if one.source == source.name), partitions)
                yield outs([*placed, *progress(source, newest, partitions)])
        for source in sources:
            yield outs(end(source, newest, partitions))

    def truth(self, panes: Panes) -> dict[Cell, Sums]:
        """What must be counted: distinct ids by pane and series."""
        mentions: Counter[Cell] = Counter()
        reach: Counter[Cell] = Counter()
        for one in {(one.source, one.id): one for one in self.arrivals}.values():
            fields = {"brand": one.brand, "channel": one.channel, "region": one.region}
            for names in COUNTED:
                dims = {name: value for name in names if (value := fields[name])}
                if len(dims) == len(names):
                    cell = (panes.pane_of(one.ts), series_key(dims))
                    mentions[cell] += 1
                    reach[cell] += one.reach
        return {cell: (n, reach[cell]) for cell, n in mentions.items()}

    @property
    def repeats(self) -> int:
        """Arrivals that are repeats."""
        return len(self.arrivals) - self.count


def soak_config(source: Path, folder: Path) -> Path:
    """The settings in ``source`` with detectors that are awake after minutes, in ``folder``."""
    shutil.copytree(source, folder)
    (folder / "detectors.yaml").write_text(DETECTORS, encoding="utf-8")
    return folder


def _scenario(count: int, seed: int) -> Scenario:
    """Steady traffic; every brand bursts out once in the last two thirds."""
    span = timedelta(seconds=count / RATE)
    surges = tuple(
        SuddenSurge(brand=brand.name, start=START + span * (0.3 + 0.11 * number), minutes=4, factor=6)
        for number, brand in enumerate(BRANDS)
    )
    return Scenario(
        seed=seed,
        start=START,
        end=START + 2 * span,
        rate=RATE * 86_400 / len(BRANDS),
        hourly=False,
        weekly=False,
        noise=0.0,
        dispersion=0.02,
        private=0.0,
        disorder=Disorder(repeats=0.05, late=0.05),
        limit=count,
        incidents=surges,
    )


def _mention(record: dict[str, object]) -> Mention:
    return Mention.model_validate({**record, "received_at": record["ts"]})
