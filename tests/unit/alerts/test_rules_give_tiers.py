"""Rules map a signal to a tier, and say why."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from alerts.reasons import Reason
from alerts.rules import Bounds, Match, Rule, RuleSet, cap_of
from contracts.records import Signal, SignalKind, State, Tier
from tests.unit.alerts.given import POLICY, STEPS, shipped, signal, tier_for


def rules(*given: Rule) -> RuleSet:
    return RuleSet(rules=given)


@pytest.mark.parametrize(
    ("score", "support", "tier"),
    [
        (0.99, 500, None),
        (1.0, 1, Tier.BLUE),
        (1.6, 1, Tier.YELLOW),
        (2.4, 19, Tier.YELLOW),
        (2.4, 20, Tier.ORANGE),
        (3.5, 39, Tier.ORANGE),
        (3.5, 40, Tier.RED),
        (9.0, 5, Tier.YELLOW),
    ],
)
def test_the_shipped_spike_rule_asks_score_and_voices(score: float, support: int, tier: Tier | None) -> None:
    verdict = tier_for(signal(5, score, support=support), shipped().rules)
    assert (verdict.tier, verdict.rule) == (tier, "volume-spike")
    assert verdict.reason is (Reason.THRESHOLD if tier else Reason.BELOW)


@pytest.mark.parametrize("kind", list(SignalKind))
def test_the_shipped_rules_let_every_kind_warn(kind: SignalKind) -> None:
    assert tier_for(signal(5, 1.0, kind=kind, support=10), shipped().rules).tier is not None


@pytest.mark.parametrize("kind", list(SignalKind))
def test_praise_is_never_more_than_blue(kind: SignalKind) -> None:
    verdict = tier_for(signal(5, 50.0, kind=kind, positive=True), shipped().rules)
    assert (verdict.tier, verdict.reason) == (Tier.BLUE, Reason.POSITIVE)


def test_collection_that_starts_is_at_most_yellow_unless_an_event_was_announced() -> None:
    change = signal(5, 50.0, kind=SignalKind.SOURCE_CHANGE)
    announced = change.model_copy(update={"labels": {"announced": "sale"}})
    assert tier_for(change, POLICY.rules).tier is Tier.YELLOW
    assert tier_for(change, POLICY.rules).reason is Reason.CAPPED
    assert tier_for(announced, POLICY.rules).tier is Tier.RED


@pytest.mark.parametrize(
    ("labels", "positive", "cap"),
    [
        ({"cap": "orange"}, False, Tier.ORANGE),
        ({"cap": "orange"}, True, Tier.BLUE),
        ({"cap": "purple"}, False, None),
        ({}, False, None),
    ],
)
def test_the_lowest_cap_counts(labels: dict[str, str], positive: bool, cap: Tier | None) -> None:
    assert cap_of(signal(5, labels=labels, positive=positive)) is cap


def test_a_cap_raises_nothing() -> None:
    verdict = tier_for(signal(5, 1.0, labels={"cap": "orange"}), POLICY.rules)
    assert (verdict.tier, verdict.reason) == (Tier.BLUE, Reason.THRESHOLD)


def test_the_first_rule_that_fits_decides_even_if_it_gives_nothing() -> None:
    quiet = Rule(name="quiet", match=Match(where={"channel": "mail"}))
    every = Rule(name="any", match=Match(), steps=STEPS)
    by_mail = signal(5, 4.0, series="brand=Delta,channel=mail")
    assert tier_for(by_mail, rules(quiet, every)).reason is Reason.IGNORED
    assert tier_for(by_mail, rules(every, quiet)).tier is Tier.RED


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({"brand": "Delta"}, True),
        ({"brand": ["United", "Delta"]}, True),
        ({"brand": "United"}, False),
        ({"category": "*"}, True),
        ({"grade": "A"}, True),
        ({"grade": "B"}, False),
        ({"region": "*"}, False),
        ({"category": "baggage", "grade": "B"}, False),
    ],
)
def test_labels_and_series_dimensions_are_matched_alike(where: dict[str, object], fits: bool) -> None:
    given = signal(5, series="brand=Delta,category=baggage", labels={"grade": "A"})
    assert Match.model_validate({"where": where}).fits(given) is fits


@pytest.mark.parametrize(
    ("match", "fields", "fits"),
    [
        (Match(positive=True), {}, False),
        (Match(positive=False), {}, True),
        (Match(least=Bounds(reach=100)), {"reach": 99}, False),
        (Match(least=Bounds(reach=100)), {"reach": 100}, True),
        (Match(least=Bounds(effect=2.0)), {}, False),
        (Match(least=Bounds(effect=2.0)), {"effect": 2.0}, True),
        (Match(kind=(SignalKind.REPEAT,)), {}, False),
    ],
)
def test_least_values_must_be_there_and_reached(match: Match, fields: dict[str, Any], fits: bool) -> None:
    assert match.fits(signal(5, **fields)) is fits


@pytest.mark.parametrize(("state", "reason"), [(State.WARMING, Reason.WARMING), (State.STALE, Reason.STALE)])
def test_a_signal_that_means_nothing_yet_warns_nobody(state: State, reason: Reason) -> None:
    verdict = tier_for(signal(5, 9.0, state=state), POLICY.rules)
    assert (verdict.tier, verdict.reason) == (None, reason)


def test_a_signal_without_a_rule_says_so() -> None:
    assert tier_for(signal(5, 9.0), rules()).reason is Reason.NO_RULE


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a", "match": {}, "steps": [{"tier": "red"}, {"tier": "blue"}]},
        {"name": "a", "match": {}, "steps": [{"tier": "red"}, {"tier": "red"}]},
        {"name": "a", "match": {"kind": []}},
        {"name": "a", "match": {"where": {"channel": []}}},
        {"name": "a", "match": {"kinds": ["repeat"]}},
        {"name": "a", "match": {}, "steps": [{"tier": "red", "score": float("nan")}]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(wrong)


def test_a_higher_score_never_gives_a_lower_tier() -> None:
    def rank(one: Signal) -> int:
        tier = tier_for(one, shipped().rules).tier
        return -1 if tier is None else tier.rank

    for kind in SignalKind:
        ranks = [rank(signal(5, score / 10, kind=kind)) for score in range(120)]
        assert ranks == sorted(ranks)
