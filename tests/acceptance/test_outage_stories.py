"""What people hear who could not be reached for a while: what is still true, once, and nothing that is over as new."""

from __future__ import annotations

from alerts.duty.settings import DutySettings
from contracts.records import CommandKind
from tests.acceptance.duty_story import PEOPLE, Night

NOBODY = DutySettings.model_validate({"people": PEOPLE.model_dump()["people"]})
"""Nobody is paged: only the routes tell."""
ALONE = DutySettings.model_validate(
    {
        "people": [{"name": "lin", "channels": ["lin-phone", "chat"]}, {"name": "wang", "channels": ["wang-phone"]}],
        "escalation": {"red": {"steps": [{"after": "0s", "to": ["lin"]}], "remind": "2h", "remind_most": 1}},
    }
)
"""One person, one step."""


def burning(night: Night, begin: int, end: int, score: float = 4.2, brand: str = "Delta") -> Night:
    """A signal a minute."""
    for minute in range(begin, end + 1):
        night.push(f"{minute}:00", score, brand)
    return night


async def test_a_receiver_down_for_ten_minutes_hears_of_the_red_that_still_burns_once() -> None:
    night = burning(Night(NOBODY).away("desk", "0:00", "10:00").push("1:00", 2.5), 5, 14)
    await night.play("14:00")
    assert night.heard("desk") == ["10:15 promoted red"]
    assert "补发：此前未能送达" in night.phones["desk"].texts[0]
    assert night.outcomes("desk") == ["gave_up", "gave_up", "sent", "over"]


async def test_red_is_tried_again_and_again_until_the_receiver_is_back() -> None:
    night = burning(Night(NOBODY).away("desk", "0:00", "1:00:00"), 1, 62)
    await night.play("1:02:00")
    (heard,) = night.heard("desk")
    assert heard in {f"60:{second:02} opened red" for second in range(0, 50, 5)}, "within one give_up"
    assert night.outcomes("desk") == ["gave_up", "sent"], "the log is not filled with attempts"


async def test_what_came_and_went_meanwhile_is_not_told_as_if_it_were_new() -> None:
    night = burning(Night(NOBODY).away("desk", "0:00", "2:00:00").push("1:00", 4.2), 119, 121, brand="United")
    await night.play("2:02:00")
    assert [one.event.value for one in night.events if one.brand == "Delta"][-1] == "resolved"
    assert [one.split(" ", 1)[1] for one in night.heard("desk")] == ["opened red"]
    assert "United" in night.phones["desk"].texts[0]
    assert night.outcomes("desk").count("over") == len([one for one in night.events if one.brand == "Delta"])


async def test_a_red_that_fell_meanwhile_is_told_as_it_stands_now() -> None:
    night = Night(NOBODY).away("desk", "0:00", "15:00").push("1:00", 4.2)
    for minute in range(2, 20):
        night.push(f"{minute}:00", 1.1)
    await night.play("19:00")
    assert [one.split(" ", 1)[1] for one in night.heard("desk")] == ["demoted blue"]


async def test_how_it_stands_is_told_also_where_no_route_tells_of_a_fall() -> None:
    routes = [{"to": ["desk"], "tiers": ["orange", "red"], "events": ["opened", "promoted"]}]
    night = Night(NOBODY, routes=routes).away("desk", "0:00", "15:00").push("1:00", 4.2)
    for minute in range(2, 20):
        night.push(f"{minute}:00", 2.5)
    night.push("2:00", 4.2, brand="United")
    await night.play("19:00")
    assert [one.split(" ", 1)[1] for one in night.heard("desk")] == ["demoted orange"]
    assert "Delta" in night.phones["desk"].texts[0], "and of United, which is at no tier that is led there, nothing"


async def test_the_end_of_what_was_heard_before_is_told_after_the_outage() -> None:
    night = Night(NOBODY).push("1:00", 4.2).away("desk", "2:00", "1:30:00")
    await night.play("1:31:00")
    assert [one.split(" ", 1)[1] for one in night.heard("desk")] == ["opened red", "resolved blue"]


async def test_many_that_waited_come_as_one_message_the_gravest_named() -> None:
    night = Night(NOBODY).away("desk", "0:00", "10:00")
    for brand, score in (("Delta", 1.1), ("United", 4.2), ("Sigma", 2.5)):
        burning(night, 1, 11, score, brand)
    await night.play("11:00")
    assert len(night.heard("desk")) == 1
    assert night.phones["desk"].titles == ["[红 RED] 3 项变化 3 changes"]


async def test_a_kill_during_the_outage_loses_nothing_and_repeats_nothing() -> None:
    night = burning(Night(NOBODY).away("desk", "0:00", "10:00"), 1, 14).killed("5:00", "9:55", "12:00")
    night.push("2:00", 1.1, brand="United")
    await night.play("14:00")
    assert len(night.heard("desk")) == 1
    assert night.phones["desk"].titles == ["[红 RED] 2 项变化 2 changes"]


async def test_after_a_kill_nothing_that_is_over_is_told_as_if_it_were_new() -> None:
    night = Night(NOBODY).away("desk", "0:00", "1:58:00").push("1:00", 4.2).push("1:30", 1.1, brand="United")
    night.killed("1:59:00")
    await night.play("2:03:00")
    assert {one.event.value for one in night.events} >= {"opened", "resolved"}
    assert night.heard("desk") == []


async def test_what_a_stand_in_took_is_not_told_again_even_after_a_kill() -> None:
    receivers = [
        {"name": "desk", "type": "terminal", "instead": ["chat"]},
        *({"name": name, "type": "terminal"} for name in ("lin-phone", "chat", "wang-phone", "chief-phone")),
    ]
    quiet = [{"to": ["lin-phone"], "hours": {"from": "11:00", "to": "13:00"}}]
    routes = [{"to": ["desk"]}, {"to": ["lin-phone"], "tiers": ["orange"]}]
    night = Night(NOBODY, receivers=receivers, routes=routes, quiet=quiet).away("desk", "0:00", "10:00")
    burning(night.push("0:30", 2.5, brand="United"), 1, 14).killed("5:00", "12:00")
    await night.play("14:00")
    assert night.heard("chat") == ["0:30 opened orange", "1:00 opened red"]
    assert [one for one in night.heard("desk") if "opened" in one] == []


async def test_a_stand_in_that_is_told_anyway_is_told_once() -> None:
    receivers = [
        {"name": "desk", "type": "terminal", "instead": ["chat"]},
        *({"name": name, "type": "terminal"} for name in ("lin-phone", "chat", "wang-phone", "chief-phone")),
    ]
    night = Night(NOBODY, receivers=receivers, routes=[{"to": ["desk", "chat"]}]).away("desk", "0:00", "3:00")
    await burning(night, 1, 5).play("5:00")
    assert night.heard("chat") == ["1:00 opened red"]
    assert len(night.heard("desk")) == 1


async def test_a_page_that_reached_nobody_is_tried_until_somebody_has_it_and_once() -> None:
    night = Night(ALONE).away("lin-phone", "0:00", "9:00").away("chat", "0:00", "9:00")
    await burning(night, 1, 20).killed("4:00", "15:00").play("20:00")
    (heard,) = night.heard("lin-phone")
    assert heard in {f"9:{second:02} opened red" for second in range(0, 50, 5)}
    assert night.heard("chat") == []


async def test_a_page_that_reached_nobody_is_not_tried_after_an_acknowledgement_or_the_end() -> None:
    night = Night(ALONE).away("lin-phone", "0:00", "9:00").away("chat", "0:00", "9:00")
    burning(night, 1, 20).says("5:00", CommandKind.ACK, incident="open", by="wang").killed("7:00")
    await night.play("20:00")
    assert night.heard("lin-phone") == night.heard("chat") == []
    over = Night(ALONE).away("lin-phone", "0:00", "1:30:00").away("chat", "0:00", "1:30:00").push("1:00", 4.0)
    await over.play("1:40:00")
    assert over.events[-1].event.value == "resolved"
    assert over.heard("lin-phone") == over.heard("chat") == []


async def test_digests_and_grouped_messages_keep_quiet_hours_too() -> None:
    quiet = [{"to": ["desk"], "hours": {"from": "12:05", "to": "12:30"}}]
    digest = Night(NOBODY, quiet=quiet, digest=[{"to": ["desk"], "every": "10m"}]).push("1:00", 1.1)
    await digest.play("31:00")
    assert [one.split(" ")[0] for one in digest.heard("desk")] == ["30:00"]
    grouped = Night(NOBODY, quiet=quiet, rate={"most": 1, "per": "10m"})
    await grouped.push("1:00", 1.6).push("2:00", 1.6, brand="United").play("31:00")
    assert [one.split(" ")[0] for one in grouped.heard("desk")] == ["1:00", "30:00"]


async def test_what_waited_for_a_receiver_that_was_down_keeps_quiet_hours_unless_it_is_red() -> None:
    quiet = [{"to": ["desk"], "hours": {"from": "12:05", "to": "12:20"}}]
    night = Night(NOBODY, quiet=quiet).away("desk", "0:00", "10:00")
    burning(burning(night, 1, 22, 2.5, "United"), 2, 22)
    await night.play("22:00")
    first, second = night.heard("desk")
    assert first.startswith("10:") and first.endswith("opened red")
    assert second == "20:00 opened orange"
