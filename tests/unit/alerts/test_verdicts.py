"""What a verdict carries with it, and the answer that is kept for each signal."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.decide import DecideCore
from alerts.reasons import Reason
from alerts.rules import cap_of, judge
from alerts.why import Answer
from contracts.records import CommandKind, IncidentEventKind, SignalKind, Tier
from tests.unit.alerts.given import POLICY, at, command, mark, signal

(ANY,) = POLICY.rules.rules


@pytest.mark.parametrize(
    ("score", "fields", "tier", "reason"),
    [
        (0.5, {}, None, Reason.BELOW),
        (4.0, {"positive": True}, Tier.BLUE, Reason.POSITIVE),
        (4.0, {"labels": {"cap": "orange"}}, Tier.ORANGE, Reason.CAPPED),
        (3.0, {"labels": {"cap": "orange"}}, Tier.ORANGE, Reason.THRESHOLD),
    ],
)
def test_a_verdict_knows_its_rule_and_a_cap_at_the_tier_itself_takes_nothing(
    score: float, fields: dict[str, Any], tier: Tier | None, reason: Reason
) -> None:
    verdict = judge(signal(5, score, **fields), ANY)
    assert (verdict.tier, verdict.reason, verdict.rule, verdict.by) == (tier, reason, "any", ANY)


def test_of_several_caps_the_lowest_tier_holds_not_the_first_by_name() -> None:
    held = signal(5, 4.0, kind=SignalKind.SOURCE_CHANGE, labels={"cap": "orange"})
    assert cap_of(held) is Tier.YELLOW
    assert judge(signal(5), None).rule == ""


def answers(core: DecideCore) -> list[tuple[str, str, bool, IncidentEventKind | None, bool]]:
    def shown(one: Answer) -> tuple[str, str, bool, IncidentEventKind | None, bool]:
        return one.rule, one.reason.value, bool(one.incident), one.event, one.told

    return [shown(one) for one in core.why.of("Delta")]


def test_each_signal_has_its_answer_with_rule_incident_and_reason() -> None:
    core = DecideCore(POLICY)
    for one in (signal(5, 0.5), signal(10, 1.0), signal(15, 1.0), signal(20, 2.0), mark(25)):
        core.feed(one)
    assert answers(core) == [
        ("any", "below", False, None, False),
        ("any", "threshold", True, IncidentEventKind.OPENED, True),
        ("any", "same_tier", True, None, False),
        ("any", "threshold", True, IncidentEventKind.PROMOTED, True),
    ]
    incidents = {one.incident for one in core.why.of("Delta")}
    assert len(incidents - {""}) == 1


def test_what_was_imported_as_history_is_answered_as_such() -> None:
    core = DecideCore(POLICY)
    core.feed(command(CommandKind.HISTORY, until=at(60).isoformat()))
    core.feed(signal(5, 4.0))
    assert answers(core) == [("", "history", False, None, False)]
