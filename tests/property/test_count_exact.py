"""Counting stays exact whatever is killed when: random logs, random kills, random losses of the id store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contracts.ports import Checkpoint, In, Out
from contracts.records import Batch, Mention
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from streams.count_state import CountState
from streams.watermark import Watermark
from tests.unit.streams.counting import PANES, START, batch, closings, commit, core, corrections, counted, feed, mention

SOURCES = ("shop", "weibo")


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Messages of two sources: out of order, repeated, some late, marks between."""
    wire: list[bytes] = []
    base = 0.0
    said: list[Mention] = []
    for number in range(draw(st.integers(4, 25))):
        base += draw(st.floats(0, 12))
        source = draw(st.sampled_from(SOURCES))
        items = []
        for index in range(draw(st.integers(0, 3))):
            again = [one for one in said if one.source == source]
            if again and draw(st.integers(0, 4)) == 0:
                items.append(draw(st.sampled_from(again)))
            else:
                at = max(0.0, base - draw(st.floats(0, 30)))
                items.append(mention(f"{number}.{index}", at, brand=draw(st.sampled_from("AB")), source=source))
        said.extend(items)
        progress = base - draw(st.sampled_from([0.0, 0.0, 40.0])) if draw(st.booleans()) else None
        progress = None if progress is None else max(0.0, progress)
        wire.append(batch(*items, progress=progress, source=source))
    wire.append(batch(progress=base + 200, source="shop"))
    wire.append(batch(progress=base + 200, source="weibo"))
    return wire


@dataclass
class Run:
    """One life of a partition under a plan of batch sizes, kills and losses."""

    wire: list[bytes]
    log: MemoryLog = field(default_factory=MemoryLog)
    seen: MemorySeenIds = field(default_factory=lambda: MemorySeenIds(7200))
    outs: list[Out] = field(default_factory=list)

    def go(self, plan: list[tuple[int, str]]) -> Run:
        asyncio.run(self.log.send([Out(Topic.MENTIONS, "", value, 0) for value in self.wire]))
        committed: Checkpoint | None = None
        part = core(self.log, self.seen)
        position, steps = 0, iter(plan)
        while position < len(self.wire):
            size, event = next(steps, (3, "commit"))
            read = self.log.messages(Topic.MENTIONS, 0)[position : position + size]
            published = feed(part, read)
            if event != "killed before publishing":
                self.outs.extend(published)
            position += len(read)
            if event == "commit":
                committed = commit(part) or committed
            elif event == "ids lost":
                self.seen.forget()
            elif event.startswith("killed"):
                part = core(self.log, self.seen, committed)
                position = committed.offset if committed else 0
        return self


EVENTS = ("commit", "go on", "killed before publishing", "killed after publishing", "ids lost")
plans = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(EVENTS)), max_size=25)


QUICK = [Phase.explicit, Phase.reuse, Phase.generate]


@settings(max_examples=150, deadline=None, phases=QUICK)
@given(logs(), plans)
def test_kills_change_no_count_and_no_correction(wire: list[bytes], plan: list[tuple[int, str]]) -> None:
    calm, wild = Run(wire).go([]), Run(wire).go(plan)
    assert counted(wild.outs) == counted(calm.outs)
    assert corrections(wild.outs) == corrections(calm.outs)
    assert signs(wild.outs) == signs(calm.outs)


def signs(outs: list[Out]) -> set[tuple[int, str]]:
    """Signs of life as the detecting stage takes them: those of a pane that was told closed before are known."""
    found: set[tuple[int, str]] = set()
    closed = 0
    for one in closings(out for out in outs if out.partition == 0):
        found.update((pane, source) for pane, source in one.alive if pane >= closed)
        closed = max(closed, one.closed)
    return found


@settings(max_examples=50, deadline=None, phases=QUICK)
@given(logs())
def test_every_distinct_mention_is_counted_once(wire: list[bytes]) -> None:
    calm = Run(wire).go([])
    part = core(MemoryLog(), MemorySeenIds(7200))
    asyncio.run(part.handle([In(index, value) for index, value in enumerate(wire)]))
    on_time = sum(cell.n for (_, key), cell in counted(calm.outs).items() if "," not in key)
    late = sum(one.rows[f"brand={one.brand}"].n for one in corrections(calm.outs).values())
    assert on_time + late == part.tally["mentions"] + part.tally["late"] - late == len(distinct(wire))


def distinct(wire: list[bytes]) -> set[tuple[str, str]]:
    """Ids counted apart, from the wire alone."""
    return {(one.source, one.id) for value in wire for one in Batch.model_validate_json(value).mentions}


def test_without_the_closed_pane_counts_come_out_too_low(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number committed beside the offset is what makes it exact: forget it and the test above must fail."""
    wire = [batch(mention("a", 1)), batch(mention("b", 2), mention("x", 60)), batch(progress=80), batch(progress=81)]
    plan = [(2, "commit"), (1, "killed after publishing")]
    exact = counted(Run(wire).go([]).outs)
    assert counted(Run(wire).go(plan).outs) == exact
    nothing = Watermark(patience=120_000_000).pack()
    monkeypatch.setattr(CountState, "read", staticmethod(lambda text: CountState(0, 0, 0, nothing)))
    wrong = counted(Run(wire).go(plan).outs)
    first = (PANES.pane_of(START), "brand=Delta")
    assert (exact[first].n, wrong[first].n) == (2, 1)
