"""Several incidents are told at once, the changes of one incident one after the other, a command in its place."""

from __future__ import annotations

import asyncio

from alerts.agents import MOST_ABREAST, NotifyStage
from alerts.notify.deadline import Deadline
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Sent
from alerts.notify.render import Message
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from contracts.codec import decode, encode_mixed
from contracts.ports import In
from contracts.records import IncidentEvent, Told
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from tests.unit.alerts.given import NOON
from tests.unit.alerts.test_paging import event
from tests.unit.alerts.test_swaps import swap


class Slow:
    """A receiver that notes what it was asked at the same time."""

    name = "terminal"

    def __init__(self) -> None:
        self.under_way: list[str] = []
        self.order: list[str] = []
        self.together = 0

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        one = f"{message.event.incident}/{message.event.seq}"
        self.under_way.append(message.event.incident)
        assert len(set(self.under_way)) == len(self.under_way), "two changes of one incident at once"
        self.together = max(self.together, len(self.under_way))
        for _ in range(3):
            await asyncio.sleep(0)
        self.under_way.remove(message.event.incident)
        self.order.append(one)
        return Sent()


def of(incident: int, seq: int) -> IncidentEvent:
    return event(seq, incident=f"{incident:016x}")


async def told(*records: object) -> tuple[Slow, list[Told]]:
    slow, log = Slow(), MemoryLog()
    stage = NotifyStage(Notifier([slow], ReceiverSettings(), ManualClock(NOON)), log, log)
    state = await stage.open(0, None)
    await state.handle([In(0, encode_mixed(list(records)))])  # type: ignore[arg-type]
    noted = [decode(Told, message.value) async for message in log.read(Topic.NOTIFIED, 0, 0, 2**62)]
    return slow, noted


async def test_different_incidents_abreast_and_the_changes_of_one_in_order() -> None:
    slow, noted = await told(of(1, 0), of(2, 0), of(3, 0), of(1, 1), of(2, 1), of(1, 2))
    assert slow.together == 3
    for incident in (1, 2, 3):
        mine = [int(one.split("/")[1]) for one in slow.order if one.startswith(f"{incident:016x}")]
        assert mine == sorted(mine)
    assert sorted((int(one.incident, 16), one.seq, one.outcome) for one in noted) == [
        (1, 0, "sent"), (1, 1, "sent"), (1, 2, "sent"), (2, 0, "sent"), (2, 1, "sent"), (3, 0, "sent"),
    ]  # fmt: skip


async def test_no_more_than_a_few_at_once_and_none_past_a_command() -> None:
    slow, noted = await told(*(of(number, 0) for number in range(3 * MOST_ABREAST)))
    assert slow.together == MOST_ABREAST
    assert len(noted) == 3 * MOST_ABREAST
    slow, noted = await told(of(1, 0), swap(), of(2, 0))
    assert (slow.together, len(noted)) == (1, 2)
