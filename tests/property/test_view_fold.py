"""However the log is cut, told again from earlier places, and its topics interleaved: the view comes out the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.records import IncidentEvent, LedgerEntry, Told
from contracts.view import Viewed
from fenghuo.adapters.view_memory import memory_view
from tests.integration.test_live_view import Decider, everything
from tests.unit.alerts.given import at, mark, signal


@cache
def night() -> tuple[Viewed, ...]:
    """Three brands whose incidents climb, fall, end and come back, with plans, and who was told of each change."""
    decide = Decider()
    records: list[Viewed] = []
    for minute in range(1, 240, 7):
        brand = f"brand-{minute % 3}"
        records += decide(signal(minute * 60, 1.0 + minute % 4, brand=brand), mark(minute * 60 + 5, brand=brand))
    events = [one for one in records if isinstance(one, IncidentEvent) and one.notify]
    told: list[Viewed] = [
        Told(incident=e.incident, seq=e.seq, brand=e.brand, receiver="desk", outcome=outcome, told_at=at(e.seq))
        for number, e in enumerate(events)
        for outcome in ["gave_up" if number % 5 == 0 else "sent"]
    ]
    return (*records, *told)


def shown(parts: Sequence[Sequence[Viewed]]) -> object:
    """What a view shows after these parts."""

    async def fill() -> object:
        view = memory_view()
        for part in parts:
            await view.take(part)
        return await everything(view)

    return asyncio.run(fill())


@cache
def whole() -> object:
    return shown([night()])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(night())), max_size=8), st.lists(st.integers(0, 40), max_size=8))
def test_cuts_and_repeats_change_nothing(cuts: list[int], back: list[int]) -> None:
    """Each part begins at a cut or some records before it, as after a crash."""
    records, borders = night(), sorted({0, *cuts})
    steps = [*back, *[0] * len(borders)]
    ends = [*borders[1:], len(records)]
    parts = [records[max(0, begin - step) : end] for begin, end, step in zip(borders, ends, steps, strict=False)]
    assert shown(parts) == whole()


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_topics_may_run_ahead_of_each_other(chance: Random) -> None:
    """The order within a topic holds, between topics it does not."""
    kinds = (IncidentEvent, Told, LedgerEntry)
    topics: list[list[Viewed]] = [[one for one in night() if isinstance(one, kind)] for kind in kinds]
    topics.append([one for one in night() if not isinstance(one, kinds)])
    mixed: list[list[Viewed]] = []
    while any(topics):
        topic = chance.choice([one for one in topics if one])
        mixed.append([topic.pop(0) for _ in range(min(len(topic), chance.randint(1, 9)))])
    assert shown(mixed) == whole()
