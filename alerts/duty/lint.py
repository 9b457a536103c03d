"""Mistakes of duty and receivers that each setting alone does not show, for ``fenghuo check``."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.duty.settings import DutySettings, Person
from alerts.settings import ReceiverSettings
from contracts.records import IncidentEventKind, Tier

CLIMBS = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)


def problems(receivers: ReceiverSettings, duty: DutySettings) -> list[str]:
    """Every mistake as a sentence that says what to do; empty when all is well."""
    return [*_channels(receivers, duty), *_red(receivers, duty)]


def _channels(receivers: ReceiverSettings, duty: DutySettings) -> Iterator[str]:
    known = {one.name for one in receivers.receivers}
    for person in duty.people:
        unknown = sorted(set(person.channels) - known)
        if unknown:
            yield (
                f"duty.yaml: {person.name} is reached by {', '.join(unknown)}, which no receiver is called; "
                f"known: {', '.join(sorted(known))}"
            )


def _red(receivers: ReceiverSettings, duty: DutySettings) -> Iterator[str]:
    """Red must wake somebody: by a route for every brand, or by the first step of its escalation."""
    waking = {one.name for one in receivers.receivers if one.wakes}
    plan = duty.escalation.get(Tier.RED)
    paged = plan is not None and all(waking & set(one.channels) for one in _first(duty))
    if (paged and _first(duty)) or all(_routed(receivers, waking, event) for event in CLIMBS):
        return
    yield (
        "receivers.yaml: a red warning would wake nobody; mark one that wakes people with `wakes: true` and lead "
        "red to it by a route for all brands, or by everybody of the first step of `escalation.red` in duty.yaml"
    )


def _routed(receivers: ReceiverSettings, waking: set[str], event: IncidentEventKind) -> bool:
    return any(
        Tier.RED in route.tiers and event in route.events and not route.brands and waking & set(route.to)
        for route in receivers.routes
    )


def _first(duty: DutySettings) -> list[Person]:
    plan = duty.escalation.get(Tier.RED)
    names = set(plan.steps[0].to) if plan else set()
    rotas = [one for one in duty.rotas if one.name in names]
    named = names | {name for one in rotas for name in (*one.order, *(shift.person for shift in one.shifts))}
    named |= {swap.into for one in rotas for swap in one.swaps}
    return [one for one in duty.people if one.name in named]
