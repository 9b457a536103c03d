"""Rules: time of day, raises, hysteresis, parts of a brand, combinations, versions; and their mistakes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.decide import DecideCore
from alerts.lint import problems
from alerts.reasons import Reason
from alerts.rules import Rule, RuleSet
from alerts.settings import DecidePolicy, RulesFile
from contracts.records import CommandKind, SignalKind, Tier
from tests.unit.alerts.given import at, command, mark, signal, tier_for, told

EVERY = [{"tier": tier.value, "score": float(tier.rank + 1)} for tier in Tier]


def rule(**given: Any) -> Rule:
    return Rule.model_validate({"name": "any", "match": {}, "steps": EVERY, **given})


def core(*rules: Rule, **more: Any) -> DecideCore:
    return DecideCore(DecidePolicy(rules=RuleSet(rules=rules, **more)))


def test_a_rule_for_the_night_is_for_the_night() -> None:
    night = rule(name="night", match={"hours": {"from": "20:00", "to": "21:00", "zone": "Asia/Shanghai"}})
    rules = RuleSet(rules=(night, rule(steps=[])))
    assert tier_for(signal(5, 3.0), rules).rule == "night"
    assert tier_for(signal(3600, 3.0), rules).rule == "any"


@pytest.mark.parametrize(
    ("labels", "tier", "reason"),
    [
        ({}, Tier.YELLOW, Reason.THRESHOLD),
        ({"grade": "vip"}, Tier.ORANGE, Reason.RAISED),
        ({"grade": "vip", "category": "safety"}, Tier.RED, Reason.RAISED),
        ({"grade": "vip", "cap": "yellow"}, Tier.YELLOW, Reason.CAPPED),
    ],
)
def test_a_raise_lifts_the_tier_under_the_caps(labels: dict[str, str], tier: Tier, reason: Reason) -> None:
    lifted = rule(raises=[{"where": {"grade": "vip"}}, {"where": {"category": "safety"}, "by": 3}])
    verdict = tier_for(signal(5, 2.0, labels=labels), RuleSet(rules=(lifted,)))
    assert (verdict.tier, verdict.reason) == (tier, reason)


def test_a_raise_lifts_nothing_that_reached_no_step() -> None:
    lifted = rule(raises=[{"where": {}}])
    assert tier_for(signal(5, 0.5), RuleSet(rules=(lifted,))).tier is None


def test_less_is_enough_to_keep_a_tier_than_to_reach_it() -> None:
    kept = rule(steps=[{"tier": "blue", "score": 1.0}, {"tier": "orange", "score": 3.0, "keep": {"score": 2.0}}])
    one = core(kept)
    events = [*one.feed(signal(5, 2.5)), *one.feed(signal(10, 3.0))]
    for second in range(300, 1800, 300):
        events += one.feed(signal(second, 2.5))
    events += [*one.feed(mark(1500 + 599)), *one.feed(mark(1500 + 600))]
    assert told(events) == [("opened", "blue", 5), ("promoted", "orange", 10), ("demoted", "blue", 2100)]


def test_a_rule_can_hold_longer() -> None:
    long = rule(hold="20m", quiet="1h")
    one = core(long)
    events = [*one.feed(signal(0, 4.0)), *one.feed(mark(7200))]
    assert told(events) == [("opened", "red", 0), ("demoted", "blue", 1200), ("resolved", "blue", 3600)]


def test_a_combination_asks_for_its_parts_within_its_while() -> None:
    both = {
        "name": "both",
        "parts": [{"kind": ["volume.spike"], "tier": "yellow"}, {"kind": ["sentiment.shift"]}],
        "within": "5m",
        "tier": "red",
    }
    one = core(rule(), combine=(both,))
    shift = SignalKind.SENTIMENT_SHIFT
    events = [*one.feed(signal(0, 1.0)), *one.feed(signal(5, 1.0, kind=shift))]
    events += [*one.feed(signal(10, 2.0)), *one.feed(mark(4000))]
    assert told(events)[:2] == [("opened", "blue", 0), ("promoted", "red", 10)]
    assert (events[1].reason, events[1].detail.rule) == (Reason.COMBINED, "both")
    late = core(rule(), combine=(both,))
    assert told([*late.feed(signal(0, 2.0)), *late.feed(signal(305, 1.0, kind=shift))]) == [("opened", "yellow", 0)]
    praise = core(rule(), combine=(both,))
    assert told([*praise.feed(signal(0, 2.0)), *praise.feed(signal(5, 1.0, kind=shift, positive=True))]) == [
        ("opened", "yellow", 0)
    ]


def test_a_signal_without_the_dimension_belongs_to_the_whole_brand() -> None:
    one = core(rule(scope=["category"]))
    (event,) = one.feed(signal(5, 2.0))
    (part,) = one.feed(signal(10, 4.0, labels={"category": "refund"}))
    assert event.scope == {"brand": "Delta"}
    assert part.scope == {"brand": "Delta", "category": "refund"}
    assert event.incident != part.incident


def test_idle_parts_give_way_and_a_flood_of_parts_is_bounded() -> None:
    one = core(rule(scope=["category"]))
    for number in range(400):
        one.feed(signal(5 * number, 2.0, labels={"category": f"c{number}"}))
    assert len(one.open_incidents()) <= 202


def test_a_version_holds_from_the_next_bucket_for_brands_known_and_new() -> None:
    one = core(rule())
    one.feed(signal(65, 1.0))
    strict = {"rules": [{"name": "strict", "match": {}, "steps": [{"tier": "red", "score": 1.0}]}]}
    assert one.feed(command(CommandKind.RULES, brand="*", rules=strict)) == []
    assert told(one.feed(signal(120, 1.0))) == []
    assert told(one.feed(signal(125, 1.0))) == [("promoted", "red", 125)]
    assert told(one.feed(signal(70, 1.0, brand="United"))) == [("opened", "red", 70)]
    assert [(one.author, one.comment) for one in one.versions] == [("lin", "")]


@pytest.mark.parametrize("given", [{}, {"rules": 1}, {"rules": {"rules": [{"name": "x"}]}}, {"rules": {"ruels": []}}])
def test_a_version_that_is_none_is_refused(given: dict[str, Any]) -> None:
    one = core(rule())
    one.feed(command(CommandKind.RULES, **given))
    assert one.held_back is Reason.BAD_ARGUMENT
    assert one.versions == []


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"steps": [{"tier": "blue", "score": 1.0, "keep": {"score": 2.0}}]}, "asks for more score"),
        ({"scope": ["categry"]}, "scope names categry"),
        ({"hold": "0s"}, "longer than 0"),
        ({"hold": "2h", "quiet": "1h"}, "longer than quiet"),
        ({"match": {"hours": {"from": "25:00"}}}, "07:30"),
        ({"match": {"hours": {"zone": "Asia/Peking"}}}, "no such time zone"),
        ({"match": {"hours": {"country": "XX"}}}, "no holidays known"),
    ],
)
def test_contradictions_in_a_rule_are_explained(given: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        rule(**given)


def test_hours_without_a_zone_are_those_of_the_file() -> None:
    file = RulesFile.model_validate(
        {
            "zone": "Asia/Shanghai",
            "rules": [{"name": "a", "match": {"hours": {"from": "08:00"}}}],
            "mutes": [{"name": "m", "hours": {"from": "01:00", "to": "02:00", "zone": "UTC"}}],
        }
    )
    hours = file.rules[0].match.hours
    assert hours is not None and hours.zone == "Asia/Shanghai"
    assert file.mutes[0].hours.zone == "UTC"
    assert hours.covers(datetime.fromisoformat("2026-03-02T00:00:00+00:00"))


def test_check_knows_that_a_rule_for_the_night_leaves_the_day_uncovered() -> None:
    found = problems(RuleSet(rules=(rule(match={"hours": {"from": "22:00", "to": "06:00"}}),)))
    assert "no rule covers every volume.spike signal" in found[0]
    assert "(covered: from 22:00 to 06:00)" in found[0]


def test_check_names_combinations_that_never_come_together() -> None:
    weak = rule(steps=[{"tier": "blue", "score": 1.0}])
    parts = [{"kind": ["volume.spike"], "tier": "orange"}, {"kind": ["repeat"]}]
    never = {"name": "never", "parts": parts, "tier": "red"}
    idle = {"name": "idle", "parts": [{"kind": ["volume.spike"]}, {"kind": ["repeat"]}], "tier": "blue"}
    found = problems(RuleSet.model_validate({"rules": [weak], "combine": [never, idle]}))
    assert [one.split(":")[0] for one in found] == ["combination never", "combination idle"]


def test_a_calendar_never_mutes_red() -> None:
    with pytest.raises(ValidationError, match="must not mute red"):
        RulesFile.model_validate({"mutes": [{"name": "m", "hours": {}, "upto": "red"}]})


def test_silences_in_force_are_listed_until_they_end() -> None:
    one = core(rule())
    one.feed(mark(0))
    one.feed(command(CommandKind.SILENCE, "a", until=at(600).isoformat(), upto="orange"))
    one.feed(signal(5, 3.0))
    assert [(known.brand, known.matched) for known in one.silences()] == [("Delta", 1)]
    one.feed(mark(600))
    assert one.silences() == []
    one.feed(command(CommandKind.UNSILENCE, "b", silence="a"))
    assert one.held_back in (None, Reason.UNKNOWN_SILENCE)


def test_the_first_signal_of_a_part_brings_the_whole_brand_up_to_its_time() -> None:
    one = core(rule(match={"kind": ["repeat"]}, name="parts", scope=["category"]), rule())
    one.feed(signal(5, 4.0))
    events = one.feed(signal(700, 2.0, kind=SignalKind.REPEAT, labels={"category": "refund"}))
    assert told(events) == [("demoted", "blue", 605), ("opened", "yellow", 700)]


def test_an_outage_shortens_no_hold_of_a_long_window() -> None:
    one = core(rule())
    events = [*one.feed(signal(5, 3.0, window_seconds=8 * 3600)), *one.feed(mark(60, "weibo")), *one.feed(mark(120))]
    events += one.feed(mark(9 * 3600))
    assert told(events)[2:] == [("resolved", "orange", 7205)]


def test_a_command_happens_now_in_every_part_of_the_brand() -> None:
    one = core(rule(match={"kind": ["repeat"]}, name="parts", scope=["category"]), rule())
    one.feed(signal(5, 4.0, kind=SignalKind.REPEAT, labels={"category": "refund"}))
    one.feed(signal(100, 1.0))
    events = one.feed(command(CommandKind.SILENCE, until=at(600).isoformat()))
    assert told(events) == [("silenced", "blue", 100), ("silenced", "red", 100)]
