"""Mistakes of duty and receivers that each setting alone does not show, for ``fenghuo check``. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.duty.rota import borders, paged_first, people_between
from alerts.duty.settings import DutySettings
from alerts.settings import ReceiverSettings
from contracts.records import IncidentEventKind, Tier

CLIMBS = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)
AHEAD = timedelta(days=366)
"""How far from now on it is looked whether red wakes somebody."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a page of red wakes nobody, or not everybody it goes to."""

    start: datetime
    end: datetime
    asleep: tuple[str, ...]
    """Who would be paged, but by no channel that wakes; empty: nobody is on duty."""


def problems(receivers: ReceiverSettings, duty: DutySettings, now: datetime) -> list[str]:
    """Every mistake as a sentence that says what to do; empty when all is well from ``now`` on for a year."""
    return [*_channels(receivers, duty), *_swaps(duty), *_red(receivers, duty, now)]


def _channels(receivers: ReceiverSettings, duty: DutySettings) -> Iterator[str]:
    known = {one.name for one in receivers.receivers}
    for person in duty.people:
        unknown = sorted(set(person.channels) - known)
        if unknown:
            yield (
                f"duty.yaml: {person.name} is reached by {', '.join(unknown)}, which no receiver is called; "
                f"known: {', '.join(sorted(known))}"
            )


def _swaps(duty: DutySettings) -> Iterator[str]:
    """Swaps that change nothing, because the one who goes out would not be on duty after the swaps before."""
    for rota in duty.rotas:
        for number, swap in enumerate(rota.swaps):
            before = rota.model_copy(update={"swaps": rota.swaps[:number]})
            there = people_between(before, swap.start, swap.end)
            if swap.out not in there:
                yield (
                    f"duty.yaml: swap {number + 1} of rota {rota.name} changes nothing: {swap.out} has no duty from "
                    f"{_clock(swap.start)} to {_clock(swap.end)}; on duty then: {', '.join(there) or 'nobody'}"
                )


def _red(receivers: ReceiverSettings, duty: DutySettings, now: datetime) -> Iterator[str]:
    """Red must wake somebody at any time: by a route for every brand, or by its escalation."""
    waking = {one.name for one in receivers.receivers if one.wakes}
    if all(_routed(receivers, waking, event) for event in CLIMBS):
        return
    gap = first_gap(duty, waking, now, now + AHEAD)
    if gap is None:
        return
    if (gap.start, gap.end) == (now, now + AHEAD):
        yield (
            "receivers.yaml: a red warning would wake nobody; mark one that wakes people with `wakes: true` and lead "
            "red to it by a route for all brands, or by everybody of the first step of `escalation.red` in duty.yaml"
        )
        return
    zone = ZoneInfo(duty.zone)
    when = f"from {_clock(gap.start.astimezone(zone))} to {_clock(gap.end.astimezone(zone))}"
    if gap.asleep:
        yield (
            f"duty.yaml: {when} a red warning pages {', '.join(gap.asleep)} by no channel that wakes; give them a "
            "receiver marked `wakes: true`, or lead red to one by a route for all brands"
        )
    else:
        yield (
            f"duty.yaml: {when} a red warning would wake nobody, because no step of `escalation.red` has anybody on "
            "duty; add somebody to a step, or to the `order` of a rota without `hours`"
        )


def first_gap(duty: DutySettings, waking: set[str], start: datetime, end: datetime) -> Gap | None:
    """The first time within [start, end) in which somebody whom a new red pages has no channel that wakes."""
    began: tuple[datetime, tuple[str, ...]] | None = None
    for border in (start, *_turns(duty, start, end)):
        people = paged_first(duty, Tier.RED, 0, border)
        asleep = tuple(one.name for one in people if not waking & set(one.channels))
        bad = bool(asleep) or not people
        if began is not None and not (bad and bool(asleep) == bool(began[1])):
            return Gap(began[0], border, began[1])
        if bad and began is None:
            began = border, asleep
    return None if began is None else Gap(began[0], end, began[1])


def _turns(duty: DutySettings, start: datetime, end: datetime) -> list[datetime]:
    """When anybody else may come on duty in a step of red."""
    plan = duty.escalation.get(Tier.RED)
    named = {name for step in plan.steps for name in step.to} if plan else set()
    return sorted({one for rota in duty.rotas if rota.name in named for one in borders(rota, start, end)})


def _routed(receivers: ReceiverSettings, waking: set[str], event: IncidentEventKind) -> bool:
    return any(
        Tier.RED in route.tiers and event in route.events and not route.brands and waking & set(route.to)
        for route in receivers.routes
    )


def _clock(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
