"""A stage that lives in snapshots: a thread whose waiter went is never saved behind; when a snapshot is due."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from contracts.ports import In, Out
from contracts.snapshotting import GRACE, Snapshotting, restored
from contracts.topics import Topic

START = datetime(2026, 3, 2, tzinfo=UTC)
DUE = 68.0
"""Two thirds of the interval of 100 s: the first of this partition."""


class Core:
    """Event time is what it was told; it waits where it is told to."""

    def __init__(self) -> None:
        self.at = START
        self.taken: list[bytes] = []

    def take(self, value: bytes) -> list[Out]:
        if value == b"wait":
            HELD.set()
            GO.wait(10)
        self.taken.append(value)
        if value == b"on":
            self.at += timedelta(seconds=5)
        return []

    def reached(self) -> datetime | None:
        return self.at

    def adopt(self, fresh: Core) -> bool:
        return True


HELD, GO = threading.Event(), threading.Event()


class Snapshots:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    @property
    def saved(self) -> int:
        return len(self.kept)

    def save(self, name: str, payload: bytes) -> str:
        reference = f"{name}.{len(self.kept)}"
        self.kept[reference] = payload
        return reference

    def load(self, name: str, reference: str) -> bytes:
        return self.kept[reference]


class NoLog:
    """A log that must not be read: the snapshot is there."""

    def read(self, topic: Topic, partition: int, start: int, stop: int) -> AsyncIterator[In]:
        raise AssertionError("the state was built from the log")


def opened(every: float = 100.0) -> tuple[Snapshotting[Core], Snapshots]:
    store = Snapshots()
    return Snapshotting("detect", 0, Core(), 0, store, every), store


async def test_what_a_thread_was_changing_when_its_waiter_went_is_never_saved() -> None:
    state, store = opened()
    HELD.clear()
    GO.clear()
    handling = asyncio.create_task(state.handle([In(0, b"on"), In(1, b"wait"), In(2, b"on")]))
    await asyncio.to_thread(HELD.wait, 10)
    handling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handling
    assert await state.checkpoint(1.0, final=True) is None
    GO.set()
    assert await state.checkpoint(1_000.0, final=True) is None
    assert store.saved == 0


async def test_a_snapshot_that_is_due_waits_until_event_time_has_moved_on() -> None:
    state, store = opened()
    assert await state.checkpoint(0.0) is None
    await state.handle([In(0, b"on")])
    assert await state.checkpoint(1.0) is None
    await state.handle([In(1, b"x")])
    assert await state.checkpoint(DUE) is None
    await state.handle([In(2, b"on")])
    made = await state.checkpoint(DUE + 1)
    assert made is not None
    assert (made.offset, store.saved) == (3, 1)
    again = await restored("detect", Topic.COUNTS, 0, Core, made, store, NoLog(), 100.0)
    assert again.core.taken == [b"on", b"x", b"on"]


async def test_it_waits_no_longer_than_a_moment_of_grace() -> None:
    state, store = opened()
    assert await state.checkpoint(0.0) is None
    await state.handle([In(0, b"x")])
    assert await state.checkpoint(DUE) is None
    assert await state.checkpoint(DUE + GRACE) is not None
    assert await state.checkpoint(DUE + GRACE + 200.0) is None
    assert store.saved == 1
