"""Combinations at their borders: how far back they look, which of several counts, what is remembered."""

from __future__ import annotations

from datetime import timedelta

from alerts.combine import combined, remember
from alerts.rules import Combination, Match, Part, Rule, RuleSet, Step
from alerts.state import KindSeen
from contracts.records import SignalKind, Tier
from tests.unit.alerts.given import at

SPIKE, SHIFT = SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT
TICK = timedelta(microseconds=1)


def both(name: str = "both", tier: Tier = Tier.ORANGE, seconds: int = 600) -> Combination:
    parts = (Part(kind=(SPIKE,)), Part(kind=(SHIFT,), tier=Tier.YELLOW))
    return Combination(name=name, parts=parts, within=timedelta(seconds=seconds), tier=tier)


def rules(*combine: Combination) -> RuleSet:
    return RuleSet(rules=(Rule(name="any", match=Match(), steps=(Step(tier=Tier.BLUE),)),), combine=combine)


def seen(*kinds: tuple[SignalKind, Tier, float]) -> tuple[KindSeen, ...]:
    return tuple((kind, tier.rank, at(seconds)) for kind, tier, seconds in kinds)


def test_both_parts_must_be_seen_within_the_while_its_border_counted() -> None:
    kinds = seen((SPIKE, Tier.BLUE, 0), (SHIFT, Tier.YELLOW, 100))
    found = combined(kinds, at(600), rules(both()))
    assert found is not None
    assert found.name == "both"
    assert combined(kinds, at(600) + TICK, rules(both())) is None
    assert combined(kinds[:1], at(1), rules(both())) is None


def test_a_part_asks_for_its_tier_or_above() -> None:
    def of(tier: Tier) -> Combination | None:
        return combined(seen((SPIKE, Tier.BLUE, 0), (SHIFT, tier, 0)), at(1), rules(both()))

    assert [of(tier) is not None for tier in Tier] == [False, True, True, True]


def test_of_several_the_highest_tier_counts() -> None:
    kinds = seen((SPIKE, Tier.BLUE, 0), (SHIFT, Tier.YELLOW, 0))
    for order in ((Tier.YELLOW, Tier.RED, Tier.ORANGE), (Tier.RED, Tier.YELLOW), (Tier.ORANGE, Tier.RED)):
        found = combined(kinds, at(1), rules(*(both(tier.value, tier) for tier in order)))
        assert found is not None
        assert found.tier is Tier.RED
    assert combined(kinds, at(1), rules()) is None


def test_what_no_combination_looks_back_to_is_forgotten_and_the_border_is_kept() -> None:
    asked = rules(both(seconds=600), both("longer", seconds=900))
    kinds = seen((SHIFT, Tier.BLUE, 100), (SHIFT, Tier.YELLOW, 99))
    kept = remember(kinds, SPIKE, Tier.RED, at(1000), asked)
    assert kept == ((SHIFT, Tier.BLUE.rank, at(100)), (SPIKE, Tier.RED.rank, at(1000)))
    assert remember(kinds, SPIKE, Tier.RED, at(1000), rules()) == ()


def test_the_last_time_of_a_kind_and_tier_replaces_the_one_before() -> None:
    kinds = seen((SPIKE, Tier.BLUE, 10), (SPIKE, Tier.YELLOW, 10))
    assert remember(kinds, SPIKE, Tier.BLUE, at(20), rules(both())) == (
        (SPIKE, Tier.BLUE.rank, at(20)),
        (SPIKE, Tier.YELLOW.rank, at(10)),
    )
