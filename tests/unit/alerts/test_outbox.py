"""What waits is known until every receiver it waits for has been told; red waits for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.decide import DecideCore
from alerts.notify.outbox import Outbox
from alerts.settings import ReceiverSettings
from contracts.records import Tier
from tests.unit.alerts.given import NOON, POLICY, signal

(BLUE,) = DecideCore(POLICY).feed(signal(5, 1.0))
AT_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = ReceiverSettings.model_validate(
    {
        "receivers": [{"name": name, "type": "terminal"} for name in ("a", "b")],
        "routes": [{"to": ["a", "b"]}],
        "digest": [{"to": ["a"], "every": "1h"}, {"to": ["b"], "every": "2h"}],
    }
)


def test_an_event_waits_until_the_last_of_its_receivers_is_told() -> None:
    box = Outbox(SETTINGS)
    later = BLUE.model_copy(update={"seq": 1})
    assert not any(box.take(name, one, NOON) for one in (BLUE, later) for name in ("a", "b"))
    assert [name for name, _ in box.due(NOON + timedelta(hours=1))] == ["a"]
    assert box.holds(BLUE.incident, 0)
    assert box.holds(BLUE.incident, 1)
    assert not box.holds(BLUE.incident, 2)
    assert [events for _, events in box.due(NOON + timedelta(hours=2))] == [[BLUE, later]]
    assert not box.holds(BLUE.incident, 0)
    assert not box.holds(BLUE.incident, 1)
    assert box.empty


def test_quiet_hours_hold_back_every_tier_but_red_and_only_for_whom_they_are() -> None:
    given = SETTINGS.model_dump(include={"receivers", "routes"})
    quiet = {"to": ["a"], "hours": {"from": "06:00", "to": "18:00", "zone": "UTC"}}
    box = Outbox(ReceiverSettings.model_validate({**given, "quiet": [quiet]}))
    at_once = {
        tier: [name for name in ("a", "b") if box.take(name, BLUE.model_copy(update={"tier": tier}), AT_NOON)]
        for tier in Tier
    }
    assert at_once == {Tier.BLUE: ["b"], Tier.YELLOW: ["b"], Tier.ORANGE: ["b"], Tier.RED: ["a", "b"]}
    assert box.due(AT_NOON + timedelta(hours=5, minutes=59)) == []
    assert [name for name, _ in box.due(AT_NOON + timedelta(hours=6))] == ["a"]
