"""Names in rules, plans, routes and mutes that exist nowhere: a typo there is valid, and simply never fits. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from alerts.plans.settings import PlanBook
from alerts.rules import ANNOUNCED, ANY, CAP, SCOPES
from alerts.settings import DecidePolicy, ReceiverSettings
from contracts.records import Grade, Tier
from contracts.series import DIMENSIONS

LABELS = (
    *("clock", "deadline", "case_grade"),
    *("chance", "capacity", "expected_at"),
    *("why", "by", "who", "light", "grade", "topic", ANNOUNCED, CAP),
)
"""Labels that signals carry beside the dimensions of their series."""
_CLOSED: Mapping[str, Collection[str]] = {
    "grade": tuple(grade.value for grade in Grade),
    CAP: tuple(tier.value for tier in Tier),
    "light": ("burdens", "heat", "threat", "danger"),
}
"""Labels whose values are fixed."""

Values = Mapping[str, Collection[str]]
"""By label: all values that the settings give it; a label that is not here may have any."""


def problems(policy: DecidePolicy, plans: PlanBook, receivers: ReceiverSettings, values: Values) -> list[str]:
    """Every name that nothing bears, as a sentence with the nearest one that exists."""
    known = {**_CLOSED, **values}
    found: list[str] = []
    for rule in policy.rules.rules:
        place = policy.rules.places.get(rule.name)
        where = f"rules: {place}: rule {rule.name}" if place else f"rules: rule {rule.name}"
        for asked in (rule.match.where, *(one.where for one in rule.raises)):
            found.extend(_where(where, asked, ("brand", *DIMENSIONS, *LABELS), known))
    for plan in plans.plans:
        for start in plan.starts:
            found.extend(_where(f"plan {plan.name}: starts", start.where, ("brand", *SCOPES), known))
    for number, route in enumerate(receivers.routes, 1):
        found.extend(_brands(f"receivers.yaml: route {number} to {', '.join(route.to)}", route.brands, known))
    for mute in policy.mutes:
        found.extend(_brands(f"rules: mute {mute.name}", mute.brands, known))
    return found


def nearest(name: str, known: Collection[str]) -> str:
    """A question after the name that was meant, or all that are known where none is near.

    >>> nearest("logistcs", ["logistics", "price"]), nearest("zebra", ["logistics", "price"])
    ('did you mean logistics?', 'known: logistics, price')
    """
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"


def _where(place: str, where: Mapping[str, Collection[str]], names: Collection[str], known: Values) -> Iterator[str]:
    for name, asked in where.items():
        if name not in names:
            yield f"{place}: where asks for {name}, which nothing has, so it never fits; {nearest(name, names)}"
        else:
            yield from _values(place, name, asked, known)


def _brands(place: str, brands: Collection[str], known: Values) -> Iterator[str]:
    return _values(place, "brand", brands, known)


def _values(place: str, name: str, asked: Collection[str], known: Values) -> Iterator[str]:
    for value in asked if name in known else ():
        if value != ANY and value not in known[name]:
            yield f"{place}: no {name} is called {value}, so it never fits; {nearest(value, known[name])}"
