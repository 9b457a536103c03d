"""Trying one receiver until it has the message, refuses it, or the time is up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Receiver, Rejected, Retry, Sent
from alerts.notify.render import Message

Sleep = Callable[[float], Awaitable[None]]
SENT, REJECTED, GAVE_UP = "sent", "rejected", "gave_up"


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double up to a cap, in seconds.

    >>> waits = Backoff(first=1, cap=5).waits()
    >>> [next(waits) for _ in range(4)]
    [1, 2, 4, 5]
    """

    first: float = 0.5
    cap: float = 30.0

    def waits(self) -> Iterator[float]:
        """One wait after the other, for ever."""
        wait = self.first
        while True:
            yield min(wait, self.cap)
            wait = min(wait * 2, self.cap)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: ``sent``, ``rejected`` or ``gave_up``, the reason, and how many attempts it took."""

    word: str
    reason: str = ""
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one attempt may take, how to wait between two, and what to wait with."""

    attempt: float = 10.0
    backoff: Backoff = Backoff()
    sleep: Sleep = asyncio.sleep


async def deliver(receiver: Receiver, message: Message, deadline: Deadline, patience: Patience) -> Outcome:
    """Attempts until an end; no wait is begun that would outlast ``deadline``."""
    waits = patience.backoff.waits()
    attempts = 0
    while True:
        attempts += 1
        answer = await _once(receiver, message, deadline.part(patience.attempt))
        if isinstance(answer, Sent):
            return Outcome(SENT, attempts=attempts)
        if isinstance(answer, Rejected):
            return Outcome(REJECTED, answer.reason, attempts)
        pause = max(next(waits), answer.after or 0.0)
        if pause >= deadline.remaining():
            return Outcome(GAVE_UP, answer.reason, attempts)
        await patience.sleep(pause)


async def _once(receiver: Receiver, message: Message, deadline: Deadline) -> Answer:
    """One attempt; a receiver that hangs or breaks only fails itself."""
    try:
        async with asyncio.timeout(deadline.remaining()):
            return await receiver.send(message, deadline)
    except TimeoutError:
        return Retry("no answer in time")
    except Exception as error:
        return Retry(f"it failed ({type(error).__name__})")
