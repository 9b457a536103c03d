"""Limits moved while all runs: workers killed anywhere, and a replay, end where one that never stopped ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import encode_mixed
from contracts.errors import InvalidSnapshot
from contracts.panes import Panes
from contracts.ports import Checkpoint, In, Out
from contracts.records import Closed, Command, CommandKind, PaneCounts, Record
from contracts.records.incident import rfc3339
from contracts.topics import Topic
from detectors.agents import DetectCore, DetectStage
from detectors.live import limits
from detectors.settings import DetectSettings
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.detectors.streams import mentions

PANES = Panes(pane_seconds=20, bucket_seconds=60)
BASE = 29_005_440 * 3
BRANDS = ("A", "B", "C")
NAMES = ("budget.per_week", "budget.lowest", "budget.highest", "volume.least_voices", "sentiment.least_voices")

bursts = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 30), st.sampled_from(BRANDS)), min_size=3, max_size=18)
moves = st.lists(
    st.tuples(
        st.floats(0, 1),  # where in the log it stands
        st.integers(-60, 2000),  # the pane in which its bucket lies
        st.sampled_from(("*", *BRANDS)),
        st.dictionaries(st.sampled_from(NAMES), st.integers(0, 40), max_size=3),
        st.integers(0, 3),  # or which earlier one is taken back
    ),
    min_size=1,
    max_size=8,
)
kills = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 3)), max_size=4)


class Shelf:
    """Snapshots in memory; one can be lost."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def save(self, name: str, payload: bytes) -> str:
        """Keep it."""
        reference = f"{name}-{len(self.kept)}"
        self.kept[reference] = payload
        return reference

    def load(self, name: str, reference: str) -> bytes:
        """What was kept."""
        if reference not in self.kept:
            raise InvalidSnapshot("lost")
        return self.kept[reference]


Wanted = Sequence[tuple[float, int, str, dict[str, int], int]]


def log_of(parts: list[tuple[int, int, str]], wanted: Wanted) -> list[bytes]:
    """Messages of ``counts``: voices, what closes their panes, and commands among them, some of which cannot be."""
    random, pane = np.random.default_rng(1), BASE
    records: list[Record] = []
    for gap, n, brand in parts:
        pane += gap
        found = mentions(pane, n, random)
        rows = {key.replace("brand=B", f"brand={brand}"): one for key, one in found.rows.items()}
        records.append(PaneCounts(partition=0, pane=pane, brand=brand, rows=rows, evidence=found.evidence))
        records.append(Closed(partition=0, closed=pane + 1, alive=((pane, "crawler"),)))
    records.append(Closed(partition=0, closed=pane + 500))
    for number, (place, begin, brand, values, back) in enumerate(wanted):
        args = {"values": values} if values else {"undo": f"c{number - back}"}
        command = Command.model_validate(
            {
                "id": f"c{number}", "kind": CommandKind.SETTING, "brand": brand, "author": "lin",
                "issued_at": PANES.start_of(BASE) + timedelta(seconds=number),
                "args": {**args, "from": rfc3339(PANES.start_of(BASE + begin))},
            }
        )  # fmt: skip
        records.insert(int(place * len(records)), command)
    return [encode_mixed([one]) for one in records]


def whole(messages: Sequence[bytes]) -> list[tuple[Topic, bytes]]:
    """What one that never stops publishes: a replay."""
    core = DetectCore(0, 1, PANES, DetectSettings())
    return [(out.topic, out.value) for message in messages for out in core.take(message)]


async def killed(messages: Sequence[bytes], stops: Sequence[tuple[float, bool, int]]) -> list[tuple[Topic, bytes]]:
    """What workers publish of which each is killed: after some messages beyond its last commit, perhaps with its
    snapshot lost. What is published again replaces: it is taken once."""
    log, shelf = MemoryLog(), Shelf()
    await log.send([Out(Topic.COUNTS, "counts", one, 0) for one in messages])
    stage = DetectStage(1, PANES, DetectSettings(), shelf, log, every=0)
    committed: Checkpoint | None = None
    published: dict[int, list[tuple[Topic, bytes]]] = {}
    for place, lost, beyond in (*sorted(stops), (1.0, False, 0)):
        state = await stage.open(0, committed)
        start, end = (committed.offset if committed else 0), int(place * len(messages))
        for offset in range(start, min(len(messages), end + beyond)):
            work = await state.handle([In(offset, messages[offset])])
            made = [(out.topic, out.value) for out in work.outs]
            assert published.setdefault(offset, made) == made
            if offset < end:
                committed = await state.checkpoint(0.0, final=True) or committed
        if lost:
            shelf.kept.clear()
    return [one for offset in sorted(published) for one in published[offset]]


@settings(max_examples=25, deadline=None)
@given(bursts, moves, kills)
def test_killed_workers_and_a_replay_end_alike(
    parts: list[tuple[int, int, str]],
    wanted: Wanted,
    stops: list[tuple[float, bool, int]],
) -> None:
    messages = log_of(parts, wanted)
    assert asyncio.run(killed(messages, stops)) == whole(messages)


@settings(max_examples=25, deadline=None)
@given(bursts, moves, st.randoms(use_true_random=False))
def test_it_does_not_matter_where_in_the_log_commands_of_later_buckets_stand(
    parts: list[tuple[int, int, str]], wanted: Wanted, random: object
) -> None:
    values = [
        (0.0, begin, brand, {name: max(1, value) for name, value in some.items()} or {NAMES[0]: 1}, 0)
        for _, begin, brand, some, _ in wanted
    ]
    first = log_of(parts, values)
    commands = [one for one in first if b'"setting"' in one]
    random.shuffle(commands)  # type: ignore[attr-defined]
    rest = [one for one in first if b'"setting"' not in one]
    assert whole([*commands, *rest]) == whole(first)
    assert len(commands) == len(values)


def test_the_values_used_here_may_be_moved() -> None:
    assert set(NAMES) <= set(limits())
