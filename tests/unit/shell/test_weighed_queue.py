"""Queues of a worker are bounded by messages and by bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mode.utils.queues import FlowControlEvent

from fenghuo.adapters.weighed_queue import MOST_BYTES, WeighedQueue


@dataclass
class Message:
    value: bytes | None


@dataclass
class Event:
    message: Message


class Fetcher:
    """Notes whether it was told to pause."""

    paused = False

    def pause(self) -> None:
        self.paused = True

    def go_on(self) -> None:
        self.paused = False


def put(queue: WeighedQueue, fetcher: Fetcher, value: bytes | None) -> None:
    high: Callable[[], None] = fetcher.pause
    queue.put_nowait_enhanced(Event(Message(value)), on_pressure_high=high, on_pressure_drop=fetcher.go_on)


async def made(most: int = 1_000) -> tuple[WeighedQueue, Fetcher]:
    return WeighedQueue(most, flow_control=FlowControlEvent()), Fetcher()


async def test_few_heavy_messages_pause_fetching_until_most_are_worked_off() -> None:
    queue, fetcher = await made()
    heavy = b"x" * (MOST_BYTES // 10)
    told = []
    for _ in range(9):
        put(queue, fetcher, heavy)
        told.append(fetcher.paused)
    assert told == [False] * 8 + [True]
    taken: list[Any] = []
    while fetcher.paused:
        taken.append(queue.get_nowait())
    assert 4 <= len(taken) <= 6
    assert not queue.empty()


async def test_many_light_messages_pause_fetching_too() -> None:
    queue, fetcher = await made(10)
    for _ in range(9):
        put(queue, fetcher, None)
    assert fetcher.paused


async def test_what_is_forgotten_weighs_nothing() -> None:
    queue, fetcher = await made()
    put(queue, fetcher, b"x" * MOST_BYTES)
    queue.clear()
    assert (queue.qsize(), queue.empty()) == (0, True)
    put(queue, fetcher, b"x")
    queue.get_nowait()
    assert queue.qsize() == 0
