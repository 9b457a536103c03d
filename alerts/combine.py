"""Combinations: several kinds of signals within a while mean more than each. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.rules import Combination, RuleSet
from alerts.state import KindSeen
from contracts.records import SignalKind, Tier


def remember(
    kinds: tuple[KindSeen, ...], kind: SignalKind, tier: Tier, at: datetime, rules: RuleSet
) -> tuple[KindSeen, ...]:
    """The last time of each kind and tier, no further back than any combination looks; bounded by kinds times tiers."""
    if not rules.combine:
        return ()
    oldest = at - max((one.within for one in rules.combine), default=timedelta(0))
    kept = {(one, rank): when for one, rank, when in kinds if when >= oldest}
    kept[(kind, tier.rank)] = at
    return tuple((one, rank, when) for (one, rank), when in sorted(kept.items()))


def combined(kinds: tuple[KindSeen, ...], at: datetime, rules: RuleSet) -> Combination | None:
    """The combination with the highest tier whose parts were all seen within its while."""
    whole = (one for one in rules.combine if _whole(one, kinds, at))
    return max(whole, key=lambda one: one.tier.rank, default=None)


def _whole(one: Combination, kinds: tuple[KindSeen, ...], at: datetime) -> bool:
    since = at - one.within
    return all(
        any(kind in part.kind and rank >= part.tier.rank and when >= since for kind, rank, when in kinds)
        for part in one.parts
    )
