"""One receiver is tried until it has the message, refuses it, or the time is up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from alerts.decide import DecideCore
from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message, render
from alerts.notify.retry import Backoff, Outcome, Patience, deliver
from contracts.clock import ManualClock
from tests.unit.alerts.given import NOON, POLICY, signal

MESSAGE = render(DecideCore(POLICY).feed(signal(5))[0])


class Scripted:
    """Gives the answers it was handed, the last one for ever."""

    name = "scripted"

    def __init__(self, answers: Sequence[Answer | Exception]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


async def tried(answers: Sequence[Answer | Exception], seconds: float = 60) -> tuple[Outcome, list[float]]:
    clock = ManualClock(NOON)
    waits: list[float] = []

    async def sleep(wait: float) -> None:
        waits.append(wait)
        clock.advance(wait)

    patience = Patience(backoff=Backoff(first=1, cap=8), sleep=sleep)
    outcome = await deliver(Scripted(answers), MESSAGE, Deadline(seconds, clock.monotonic), patience)
    return outcome, waits


@pytest.mark.parametrize(
    ("answers", "outcome", "waits"),
    [
        ([Sent()], Outcome("sent"), []),
        ([Rejected("no such chat")], Outcome("rejected", "no such chat"), []),
        ([Retry("busy"), Retry("busy"), Sent()], Outcome("sent", "", 3), [1, 2]),
        ([Retry("busy", after=7), Sent()], Outcome("sent", "", 2), [7]),
        ([Retry("busy", after=0.1), Sent()], Outcome("sent", "", 2), [1]),
        ([Retry("busy"), Rejected("gone")], Outcome("rejected", "gone", 2), [1]),
        ([Retry("busy", after=3600)], Outcome("gave_up", "busy"), []),
        ([Retry("down")], Outcome("gave_up", "down", 10), [1, 2, 4, 8, 8, 8, 8, 8, 8]),
        ([RuntimeError("secret"), Sent()], Outcome("sent", "", 2), [1]),
    ],
)
async def test_answers_lead_to_an_end(
    answers: Sequence[Answer | Exception], outcome: Outcome, waits: list[float]
) -> None:
    assert await tried(answers) == (outcome, waits)


async def test_an_error_is_named_by_its_kind_and_never_by_its_words() -> None:
    outcome, _ = await tried([RuntimeError("https://user:secret@host")], seconds=1)
    assert outcome == Outcome("gave_up", "it failed (RuntimeError)")


async def test_a_receiver_that_hangs_is_given_up() -> None:
    class Hanging:
        name = "hanging"

        async def send(self, message: Message, deadline: Deadline) -> Answer:
            await asyncio.Event().wait()
            return Sent()

    clock = ManualClock(NOON)
    outcome = await deliver(Hanging(), MESSAGE, Deadline(0.01, clock.monotonic), Patience(attempt=0.01))
    assert outcome == Outcome("gave_up", "no answer in time")


def test_a_part_of_a_deadline_cannot_outlast_it() -> None:
    clock = ManualClock(NOON)
    whole = Deadline(10, clock.monotonic)
    clock.advance(7)
    part = whole.part(5)
    assert part.remaining() == 3
    clock.advance(4)
    assert (part.remaining(), part.passed(), whole.passed()) == (0, True, True)
