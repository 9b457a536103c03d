"""What waits is known until every receiver it waits for has been told."""

from __future__ import annotations

from datetime import timedelta

from alerts.decide import DecideCore
from alerts.notify.outbox import Outbox
from alerts.settings import ReceiverSettings
from tests.unit.alerts.given import NOON, POLICY, signal

(BLUE,) = DecideCore(POLICY).feed(signal(5, 1.0))
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
