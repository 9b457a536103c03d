"""Warnings that rules give and no route leads anywhere, by tier and brand, for ``fenghuo check``. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from alerts.rules import RuleSet
from alerts.settings import DecidePolicy, ReceiverSettings
from contracts.records import IncidentEventKind, Tier

CLIMBS = {IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED}


def problems(policy: DecidePolicy, receivers: ReceiverSettings, brands: Collection[str]) -> list[str]:
    """Tiers below red that nobody is told of, as sentences; red must wake somebody, which is another check.

    Parameters
    ----------
    brands
        All there are; none: any name may come.
    """
    missing = {tier: _unled(tier, receivers, brands) for tier in sorted(_given(policy.rules), key=lambda one: one.rank)}
    told = {tier for tier in missing if tier is Tier.RED or tier in policy.escalation}
    by_brands: dict[tuple[str, ...], list[str]] = {}
    for tier, unled in missing.items():
        if unled and tier not in told:
            by_brands.setdefault(unled, []).append(tier.value)
    return list(_sentences(by_brands, brands))


def _sentences(by_brands: dict[tuple[str, ...], list[str]], brands: Collection[str]) -> Iterator[str]:
    for unled, tiers in by_brands.items():
        of = "" if set(unled) == set(brands) else f" of {', '.join(unled)}"
        yield (
            f"receivers.yaml: no route leads warnings that open or climb to {' or '.join(tiers)}{of} to anybody; "
            f"add {', '.join(tiers)} to a route (to the terminal, if nobody need hear of it)"
        )


def _unled(tier: Tier, receivers: ReceiverSettings, brands: Collection[str]) -> tuple[str, ...]:
    """The brands of which no route leads this tier; where any name may come, those that no route names."""
    routes = [one for one in receivers.routes if tier in one.tiers and CLIMBS & set(one.events)]
    if any(not one.brands for one in routes):
        return ()
    led = {brand for one in routes for brand in one.brands}
    return tuple(one for one in brands if one not in led) if brands else ("brands that no route names",)


def _given(rules: RuleSet) -> set[Tier]:
    """The tiers that some rule or combination can give; between the least and the raised ones all may stand."""
    found = {one.tier for one in rules.combine}
    for rule in rules.rules:
        lift = max((one.by for one in rule.raises), default=0)
        for step in rule.steps:
            found |= {tier for tier in Tier if step.tier.rank <= tier.rank <= step.tier.rank + lift}
    return found
