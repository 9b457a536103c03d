"""What waits is known until every receiver it waits for has been told; red waits for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.decide import DecideCore
from alerts.notify.outbox import Outbox, Waiting
from alerts.settings import ReceiverSettings
from contracts.records import IncidentEventKind, Tier
from tests.unit.alerts.given import NOON, POLICY, signal

(BLUE,) = DecideCore(POLICY).feed(signal(5, 1.0))
(RED,) = DecideCore(POLICY).feed(signal(5, 4.0, brand="United"))
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
    assert [[one.event for one in waiting] for _, waiting in box.due(NOON + timedelta(hours=2))] == [[BLUE, later]]
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


def quiet_box(**more: object) -> Outbox:
    given = SETTINGS.model_dump(include={"receivers", "routes"})
    quiet = [
        {"to": ["a"], "hours": {"from": "22:00", "to": "07:00", "zone": "UTC"}},
        {"to": ["a"], "hours": {"from": "07:00", "to": "09:00", "zone": "UTC"}},
    ]
    return Outbox(ReceiverSettings.model_validate({**given, "quiet": quiet, **more}))


def test_what_a_digest_or_a_share_puts_off_is_put_off_past_the_quiet_hours_too() -> None:
    evening, morning = AT_NOON.replace(hour=21, minute=50), AT_NOON.replace(day=3, hour=9)
    digest = quiet_box(digest=[{"to": ["a"], "every": "1h"}])
    shared = quiet_box(rate={"most": 1, "per": "20m"})
    assert not digest.take("a", BLUE, evening)
    assert shared.take("a", BLUE, evening) and not shared.take("a", BLUE, evening)
    for box in (digest, shared):
        assert box.due(morning - timedelta(seconds=1)) == []
        assert [name for name, _ in box.due(morning)] == ["a"]


def test_what_was_due_just_before_the_quiet_hours_and_was_not_looked_at_waits_for_their_end() -> None:
    box = quiet_box(digest=[{"to": ["a"], "every": "10m"}])
    assert not box.take("a", BLUE, AT_NOON.replace(hour=21, minute=45))
    assert box.due(AT_NOON.replace(hour=22)) == []
    assert len(box.due(AT_NOON.replace(day=3, hour=9))) == 1


def test_hours_that_never_end_hold_back_for_ever_and_break_nothing() -> None:
    given = SETTINGS.model_dump(include={"receivers", "routes"})
    always = [{"to": ["a"], "hours": {}}] * 2
    box = Outbox(ReceiverSettings.model_validate({**given, "quiet": always}))
    assert not box.take("a", BLUE, AT_NOON)
    assert box.due(AT_NOON + timedelta(days=4000)) == []
    assert box.take("a", RED, AT_NOON)


def test_all_that_a_receiver_missed_is_tried_at_once_and_as_soon_as_it_answers() -> None:
    box = Outbox(SETTINGS)
    give_up = SETTINGS.give_up
    box.missed("b", [Waiting(RED, AT_NOON, AT_NOON)], AT_NOON)
    later = AT_NOON + give_up / 2
    box.missed("b", [Waiting(BLUE, later, later)], later)
    assert box.due(AT_NOON + give_up) == []
    ((name, waiting),) = box.due(later + give_up)
    assert (name, [one.event.tier for one in waiting]) == ("b", [Tier.RED, Tier.BLUE])
    box.missed("b", waiting, later + give_up)
    box.awake("b", later + give_up)
    assert len(box.due(later + give_up)[0][1]) == 2
    assert box.empty and not box.holds(BLUE.incident, 0)


def test_what_came_after_is_known_only_of_incidents_of_which_something_waits() -> None:
    box = Outbox(SETTINGS)
    box.see(BLUE)
    assert box.stands(BLUE.incident) is None
    box.missed("b", [Waiting(BLUE, AT_NOON, AT_NOON)], AT_NOON)
    later = BLUE.model_copy(update={"seq": 1, "event": IncidentEventKind.DEMOTED})
    box.see(later)
    box.see(later.model_copy(update={"seq": 2, "event": IncidentEventKind.ACKNOWLEDGED}))
    assert box.stands(BLUE.incident) == later
    assert box.waits("b", BLUE) and not box.waits("a", BLUE) and not box.waits("b", later)
    box.due(AT_NOON + timedelta(hours=1))
    box.due(AT_NOON + timedelta(hours=1))
    assert box.stands(BLUE.incident) is None
