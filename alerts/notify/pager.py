"""Paging people: who a step of the escalation means, channel by channel, and the next person when all are down.

The people of a step are paged at the same time. A person counts as reached when one of their channels has taken the
message. When nobody of a step can be reached the next step is paged at once, without waiting for its time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime

from alerts.duty.rota import step_people
from alerts.duty.settings import DutySettings, Person
from alerts.notify.retry import GAVE_UP, SENT, Outcome
from contracts.records import IncidentEvent, IncidentEventKind, Told

Key = tuple[str, int, str]
Try = Callable[[str, Person], Awaitable[Outcome]]
"""Delivers by one channel (its name) to one person."""
Record = Callable[[str, Outcome], Told]


def label(person: str, channel: str) -> str:
    """How a page stands in the notification log.

    >>> label("lin", "phone")
    'lin/phone'
    """
    return f"{person}/{channel}"


def paged(event: IncidentEvent, already: Collection[Key]) -> set[str]:
    """People who were reached for this event before."""
    return {key[2].split("/")[0] for key in already if key[:2] == (event.incident, event.seq) and "/" in key[2]}


async def page(
    event: IncidentEvent, at: datetime, duty: DutySettings, done: Collection[str], attempt: Try, record: Record
) -> list[Told]:
    """Page the step of ``event``, by the rota of ``at``; every attempt is one entry.

    The people of a step are paged side by side, so that channels of one that hang delay no other.
    """
    told: list[Told] = []
    tier = event.detail.was or event.tier if event.event is IncidentEventKind.ESCALATED else event.tier
    plan = duty.escalation.get(tier)
    first = event.detail.step
    if plan is None or first is None:
        return told
    tried: set[str] = set()
    for step in range(first, len(plan.steps)):
        people = [one for one in step_people(duty, tier, step, at) if one.name not in tried]
        tried |= {one.name for one in people}
        ends = await asyncio.gather(*(_reach(one, attempt, record) for one in people if one.name not in done))
        told += [entry for entries in ends for entry in entries]
        if any(one.name in done for one in people) or any(entry.outcome == SENT for entry in told):
            break
    return told


async def _reach(person: Person, attempt: Try, record: Record) -> list[Told]:
    """Try the channels in their order until one has it."""
    told: list[Told] = []
    for channel in person.channels:
        outcome = await attempt(channel, person)
        told.append(record(label(person.name, channel), outcome))
        if outcome.word == SENT:
            break
    return told


def reached_nobody(told: Sequence[Told]) -> bool:
    """Whether a page must be tried again: nobody has it, and some channel might take it later."""
    outcomes = {one.outcome for one in told}
    return SENT not in outcomes and GAVE_UP in outcomes


def channels_known(duty: DutySettings, receivers: Mapping[str, object]) -> list[str]:
    """Channels of people that no receiver is called."""
    return sorted({name for one in duty.people for name in one.channels} - set(receivers))
