"""Who is on duty at a time. Pure: the same rota and time give the same person everywhere.

Turns are counted in handovers, each an :func:`~alerts.hours.instant` of its zone, and not in hours: a day of 23 or 25
hours (daylight saving) changes nobody's turn, only its length, and the hour that comes twice hands over once.

>>> from datetime import UTC, date
>>> rota = Rota(name="duty", order=("lin", "wang"), begin=date(2026, 1, 5), handover=("09:00",), every=7)
>>> on_duty(rota, datetime(2026, 1, 12, 8, 59, tzinfo=UTC)), on_duty(rota, datetime(2026, 1, 12, 9, tzinfo=UTC))
('lin', 'wang')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from alerts.duty.settings import DutySettings, Person, Rota, Shift, Swap
from alerts.hours import instant
from contracts.records import Tier


def on_duty(rota: Rota, at: datetime) -> str | None:
    """The person on duty, swaps considered; none outside of the rota's hours or before it begins."""
    if rota.hours is not None and not rota.hours.covers(at):
        return None
    planned = next((one.person for one in rota.shifts if one.start <= at < one.end), None) or _in_turn(rota, at)
    return None if planned is None else stand_in(rota.swaps, planned, at)


def stand_in(swaps: Iterable[Swap], planned: str, at: datetime) -> str:
    """Who is on duty then instead of the person planned: the swaps one after the other, in the order they were made.

    Each replaces whoever would have been on duty by the ones before it, so that a stand-in can be replaced. One the
    other way round for the same time, made straight after, takes a swap back.

    >>> from datetime import UTC
    >>> start, end = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
    >>> made = [Swap(out=out, into=into, start=start, end=end) for out, into in (("lin", "wang"), ("wang", "chief"))]
    >>> stand_in(made, "lin", start), stand_in([made[0], made[0].reverse], "wang", start), stand_in(made, "lin", end)
    ('chief', 'wang', 'lin')
    """
    standing: list[Swap] = []
    for swap in swaps:
        if not swap.start <= at < swap.end:
            continue
        if standing and swap.takes_back(standing[-1]):
            standing.pop()
        else:
            standing.append(swap)
    for swap in standing:
        planned = swap.into if swap.out == planned else planned
    return planned


def _in_turn(rota: Rota, at: datetime) -> str | None:
    handovers = _handovers(rota, at)
    if not rota.order or handovers <= 0:
        return None
    return rota.order[(handovers - 1) // rota.every % len(rota.order)]


def _handovers(rota: Rota, at: datetime) -> int:
    """How many handovers have been since the rota began, the first one included."""
    yesterday = at.astimezone(ZoneInfo(rota.zone)).date() - timedelta(days=1)
    lately = sum(1 for one in _instants(rota, yesterday, 3) if one <= at)
    return (yesterday - rota.begin).days * len(rota.handover) + lately


def _instants(rota: Rota, first: date, days: int) -> Iterator[datetime]:
    for ahead in range(days):
        yield from _handed_over(first + timedelta(days=ahead), rota.handover, rota.zone)


@lru_cache(maxsize=2_048)
def _handed_over(day: date, clocks: tuple[time, ...], zone: str) -> tuple[datetime, ...]:
    """The handovers of one local day; whoever walks through a year asks for each day again and again."""
    return tuple(instant(day, clock, zone) for clock in clocks)


def shifts(rota: Rota, start: datetime, end: datetime) -> Iterator[Shift]:
    """Who is on duty from when to when within [start, end), neighbours of one person joined."""
    person, since = on_duty(rota, start), start
    for border in (*borders(rota, start, end), end):
        then = on_duty(rota, border) if border < end else None
        if border == end or then != person:
            if person is not None:
                yield Shift(person=person, start=since, end=border)
            person, since = then, border


def people_between(rota: Rota, start: datetime, end: datetime) -> list[str]:
    """Who has any duty within [start, end), each once, by time."""
    return list(dict.fromkeys(one.person for one in shifts(rota, start, end)))


def borders(rota: Rota, start: datetime, end: datetime) -> list[datetime]:
    """Every instant within (start, end) at which somebody else may come on duty."""
    return [one for one in sorted(set(_borders(rota, start, end))) if start < one < end]


def _borders(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    first = start.astimezone(ZoneInfo(rota.zone)).date() - timedelta(days=1)
    days = (end - start).days + 3
    yield from _instants(rota, first, days)
    if rota.hours is not None:
        for ahead in range(days):
            for clock in (rota.hours.begin, rota.hours.end):
                yield instant(first + timedelta(days=ahead), clock, rota.hours.zone)
    yield from (one for shift in rota.shifts for one in (shift.start, shift.end))
    yield from (one for swap in rota.swaps for one in (swap.start, swap.end))


def step_people(duty: DutySettings, tier: Tier, step: int, at: datetime) -> list[Person]:
    """Whom a step of the escalation pages, each once."""
    plan = duty.escalation.get(tier)
    if plan is None or step >= len(plan.steps):
        return []
    rotas = {one.name: one for one in duty.rotas}
    named = (on_duty(rotas[name], at) if name in rotas else name for name in plan.steps[step].to)
    return [duty.person(name) for name in dict.fromkeys(named) if name is not None]


def paged_first(duty: DutySettings, tier: Tier, step: int, at: datetime) -> list[Person]:
    """Whom a page of this step goes to: when nobody of it is on duty the next step is paged at once."""
    plan = duty.escalation.get(tier)
    steps = range(step, len(plan.steps) if plan else 0)
    return next((people for one in steps if (people := step_people(duty, tier, one, at))), [])
