"""Everybody who waits hears what became of his own items."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from contracts.errors import Unavailable
from streams import gather
from streams.gather import Gatherer


class Log:
    """Keeps what is sent, one send at a time, holding until released."""

    def __init__(self, *, held: bool = False) -> None:
        self.sends: list[list[int]] = []
        self.release = asyncio.Event()
        self.entered = asyncio.Event()
        if not held:
            self.release.set()

    async def __call__(self, items: Sequence[int]) -> None:
        self.entered.set()
        await self.release.wait()
        self.sends.append(list(items))
        if -1 in items:
            raise Unavailable("away")


async def test_items_of_many_travel_in_one_send_in_order() -> None:
    log = Log()
    gatherer = Gatherer(log, wait=0.01)
    await asyncio.gather(*(gatherer.add([n]) for n in range(10)))
    assert log.sends == [list(range(10))]


async def test_enough_items_go_at_once() -> None:
    log = Log()
    gatherer = Gatherer(log, wait=3_600, size=3)
    await asyncio.gather(gatherer.add([1]), gatherer.add([2, 3]))
    assert log.sends == [[1, 2, 3]]


async def test_a_failure_reaches_everybody_whose_items_it_carried_and_nobody_else() -> None:
    log = Log()
    gatherer = Gatherer(log, wait=0)
    results = await asyncio.gather(gatherer.add([1]), gatherer.add([-1]), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)
    await gatherer.add([2])
    assert log.sends[-1] == [2]


async def test_what_comes_during_a_send_goes_with_the_next() -> None:
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0)
    first = asyncio.create_task(gatherer.add([1]))
    await log.entered.wait()
    second = asyncio.create_task(gatherer.add([2]))
    await asyncio.sleep(0)
    log.release.set()
    await asyncio.gather(first, second)
    assert log.sends == [[1], [2]]


async def test_who_gives_up_waiting_costs_others_nothing() -> None:
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0)
    leaving, staying = (asyncio.create_task(gatherer.add([n])) for n in (1, 2))
    await log.entered.wait()
    leaving.cancel()
    log.release.set()
    await staying
    assert log.sends == [[1, 2]] and leaving.cancelled()


async def test_too_much_waiting_is_refused_at_once() -> None:
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0, bound=5)
    first = asyncio.create_task(gatherer.add([1, 2, 3]))
    await log.entered.wait()
    with pytest.raises(Unavailable, match="too much waits"):
        await gatherer.add([4, 5, 6])
    assert gatherer.waiting == 3
    log.release.set()
    await first
    assert gatherer.waiting == 0


async def test_closing_sends_what_waits() -> None:
    log = Log()
    gatherer = Gatherer(log, wait=3_600)
    adding = asyncio.create_task(gatherer.add([1]))
    await asyncio.sleep(0)
    await gatherer.close()
    await adding
    assert log.sends == [[1]]


async def test_stopping_in_the_middle_reaches_everybody() -> None:
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0)
    sending = asyncio.create_task(gatherer.add([1]))
    await log.entered.wait()
    waiting = asyncio.create_task(gatherer.add([2]))
    await asyncio.sleep(0)
    assert gatherer._task is not None
    gatherer._task.cancel()
    results = await asyncio.gather(sending, waiting, return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results)


async def test_closing_gives_up_what_the_log_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "CLOSE_SECONDS", 0.01)
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0)
    waiting = asyncio.create_task(gatherer.add([1]))
    await log.entered.wait()
    behind = asyncio.create_task(gatherer.add([2]))
    await asyncio.sleep(0)
    await gatherer.close()
    for one in (waiting, behind):
        with pytest.raises(Unavailable, match="stopping"):
            await one
    assert log.sends == []


async def test_a_log_that_says_nothing_is_waited_for_no_longer_than_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "PATIENCE", 0.01)
    log = Log(held=True)
    gatherer = Gatherer(log, wait=0)
    with pytest.raises(Unavailable, match="does not answer"):
        await gatherer.add([1])
    log.release.set()
    await gatherer.close()
    assert log.sends == [[1]], "giving up waiting takes nothing back"
