"""Signals, marks, commands and policies for tests of deciding; event time counts in seconds from noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from alerts.rules import Match, Rule, RuleSet, Step, Verdict, judge, rule_for
from alerts.settings import DecidePolicy, Timing, load_policy
from contracts.records import Command, CommandKind, IncidentEvent, Mark, Signal, SignalKind, Tier

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PANE = 5
SHIPPED = Path(__file__).parents[3] / "config"
STEPS = tuple(Step(tier=tier, score=float(tier.rank + 1)) for tier in Tier)
"""Score 1 blue, 2 yellow, 3 orange, 4 red."""
POLICY = DecidePolicy(timing=Timing(), rules=RuleSet(rules=(Rule(name="any", match=Match(), steps=STEPS),)))


@cache
def shipped() -> DecidePolicy:
    """The policy that Fenghuo ships."""
    return load_policy(SHIPPED / "rules")


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def pane(seconds: float) -> int:
    """The number of the pane that ends then."""
    return int(seconds // PANE)


def signal(seconds: float, score: float = 1.0, index: int = 0, brand: str = "Delta", **fields: Any) -> Signal:
    """A signal whose evidence ended ``seconds`` after noon."""
    given: dict[str, Any] = {
        "id": f"{brand}-{seconds}-{index}",
        "brand": brand,
        "series": f"brand={brand}",
        "bucket": at(seconds - (seconds - PANE) % 60 - PANE),
        "at": at(seconds),
        "order": (pane(seconds), index),
        "kind": SignalKind.VOLUME_SPIKE,
        "observed": 80.0,
        "expected": 10.0,
        "score": score,
        "support": 100,
        **fields,
    }
    return Signal(**given)


def tier_for(signal: Signal, rules: RuleSet, standing: Tier | None = None) -> Verdict:
    """What the rules say of one signal by itself."""
    return judge(signal, rule_for(signal, rules), standing)


def mark(seconds: float, *stale: str, brand: str = "Delta") -> Mark:
    """The mark that closes the brand up to ``seconds`` after noon."""
    return Mark(brand=brand, at=at(seconds), order=(pane(seconds), 999_999), stale=stale)


def command(kind: CommandKind, name: str = "c1", brand: str = "Delta", **args: Any) -> Command:
    """A command of a person."""
    return Command(id=name, kind=kind, brand=brand, author="lin", issued_at=NOON, args=args)


def told(events: list[IncidentEvent]) -> list[tuple[str, str, float]]:
    """Events as (what, tier, seconds after noon)."""
    return [(one.event.value, one.tier.value, (one.at - NOON).total_seconds()) for one in events]
