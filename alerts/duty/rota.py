"""Who is on duty at a time. Pure: the same rota and time give the same person everywhere.

Turns are counted in local handovers and not in hours, so a day of 23 or 25 hours (daylight saving) changes nobody's
turn, only its length.

>>> from datetime import date
>>> rota = Rota(name="duty", order=("lin", "wang"), begin=date(2026, 1, 5), handover=("09:00",), every=7)
>>> on_duty(rota, datetime(2026, 1, 12, 8, 59, tzinfo=UTC)), on_duty(rota, datetime(2026, 1, 12, 9, tzinfo=UTC))
('lin', 'wang')
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.duty.settings import DutySettings, Person, Rota, Shift
from contracts.records import Tier


def on_duty(rota: Rota, at: datetime) -> str | None:
    """The person on duty, swaps considered; none outside of the rota's hours or before it begins."""
    if rota.hours is not None and not rota.hours.covers(at):
        return None
    planned = next((one.person for one in rota.shifts if one.start <= at < one.end), None) or _in_turn(rota, at)
    if planned is None:
        return None
    return next((swap.into for swap in rota.swaps if swap.holds(planned, at)), planned)


def _in_turn(rota: Rota, at: datetime) -> str | None:
    handovers = _handovers(rota, at)
    if not rota.order or handovers <= 0:
        return None
    return rota.order[(handovers - 1) // rota.every % len(rota.order)]


def _handovers(rota: Rota, at: datetime) -> int:
    """How many handovers have been since the rota began, the first one included."""
    local = at.astimezone(ZoneInfo(rota.zone))
    days = (local.date() - rota.begin).days
    today = sum(1 for clock in rota.handover if clock <= local.time())
    return days * len(rota.handover) + today


def shifts(rota: Rota, start: datetime, end: datetime) -> Iterator[Shift]:
    """Who is on duty from when to when within [start, end), neighbours of one person joined."""
    borders = [start, *(one for one in sorted(set(_borders(rota, start, end))) if start < one < end), end]
    person, since = on_duty(rota, start), start
    for border in borders[1:]:
        then = on_duty(rota, border) if border < end else None
        if border == end or then != person:
            if person is not None:
                yield Shift(person=person, start=since, end=border)
            person, since = then, border


def _borders(rota: Rota, start: datetime, end: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(rota.zone)
    first = start.astimezone(zone).date() - timedelta(days=1)
    for ahead in range((end - start).days + 3):
        for clock in rota.handover:
            yield datetime.combine(first + timedelta(days=ahead), clock, zone).astimezone(UTC)
        for clock in (rota.hours.begin, rota.hours.end) if rota.hours else ():
            there = ZoneInfo(rota.hours.zone) if rota.hours else zone
            yield datetime.combine(first + timedelta(days=ahead), clock, there).astimezone(UTC)
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
