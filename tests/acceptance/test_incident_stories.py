"""What a duty manager lives through, on a manual clock, with the rules that Fenghuo ships."""

from __future__ import annotations

from alerts.reasons import Reason
from contracts.records import CommandKind, SignalKind
from tests.acceptance.story import SHIFT, Story, want
from tests.unit.alerts.given import at


async def test_a_surge_climbs_to_red_in_four_minutes() -> None:
    story = Story().push("1:00", 1.1, support=12).push("2:00", 1.8, support=25)
    story.push("3:00", 2.6, support=60).push("4:00", 3.9, support=140)
    heard = await story.play("5:00")
    want(
        heard,
        ("opened", "blue", "1:00", "1:00"),
        ("promoted", "yellow", "2:00", "2:00"),
        ("promoted", "orange", "3:00", "3:00"),
        ("promoted", "red", "4:00", "4:00"),
    )
    assert len({one.event.incident for one in heard}) == 1


async def test_a_surge_that_ends_calms_step_by_step_and_is_resolved() -> None:
    story = Story().push_often("1:00", "10:00", 5, 4.0).push_often("10:05", "15:00", 5, 1.7)
    want(
        await story.play("1:00:00"),
        ("opened", "red", "1:00", "1:00"),
        ("demoted", "yellow", "20:00", "20:05"),
        ("demoted", "blue", "25:00", "25:05"),
        ("resolved", "blue", "45:00", "45:05"),
    )


async def test_flapping_tells_once() -> None:
    story = Story()
    for minute in range(1, 60, 2):
        story.push(f"{minute}:00", 2.0)
    want(await story.play("1:00:00"), ("opened", "yellow", "1:00", "1:00"))


async def test_flickering_around_two_limits_tells_each_tier_once() -> None:
    story = Story()
    for minute in range(1, 31):
        story.push(f"{minute}:00", 2.6 if minute % 3 == 0 else 1.1)
    want(await story.play("30:00"), ("opened", "blue", "1:00", "1:00"), ("promoted", "orange", "3:00", "3:00"))


async def test_a_dead_collector_resolves_nothing() -> None:
    story = Story().push_often("1:00", "5:00", 60, 4.0).down("6:00", "3:00:00")
    story.push("6:00", 1.0, kind=SignalKind.SOURCE_DOWN)
    want(await story.play("3:00:00"), ("opened", "red", "1:00", "1:00"), ("stale", "red", "6:00", "6:00"))


async def test_after_the_collector_is_back_quiet_means_quiet_again() -> None:
    story = Story().push("1:00", 2.0).down("6:00", "2:00:00")
    want(
        await story.play("3:00:00"),
        ("opened", "yellow", "1:00", "1:00"),
        ("stale", "yellow", "6:00", "6:00"),
        ("demoted", "blue", "2:05:00", "2:05:00"),
        ("resolved", "blue", "2:30:00", "2:30:00"),
    )


async def test_a_dead_collector_alone_is_a_warning_of_its_own() -> None:
    story = Story().push("1:00", 1.0, kind=SignalKind.SOURCE_DOWN, support=0).down("1:00", "20:00")
    heard = await story.play("1:00:00")
    want(
        heard,
        ("opened", "yellow", "1:00", "1:00"),
        ("demoted", "blue", "30:00", "30:00"),
        ("resolved", "blue", "50:00", "50:00"),
    )
    assert {one.event.kind for one in heard} == {SignalKind.SOURCE_DOWN}


async def test_praise_stays_blue_however_loud() -> None:
    heard = await Story().push_often("1:00", "9:00", 5, 9.0, positive=True).play("10:00")
    want(heard, ("opened", "blue", "1:00", "1:00"))
    assert heard[0].event.reason == Reason.POSITIVE


async def test_anger_amid_praise_is_not_held_down() -> None:
    story = Story().push("1:00", 9.0, positive=True).push("2:00", 4.0, kind=SHIFT)
    want(await story.play("3:00"), ("opened", "blue", "1:00", "1:00"), ("promoted", "red", "2:00", "2:00"))


async def test_collection_that_starts_is_at_most_yellow() -> None:
    heard = await Story().push_often("1:00", "5:00", 5, 30.0, kind=SignalKind.SOURCE_CHANGE).play("6:00")
    want(heard, ("opened", "yellow", "1:00", "1:00"))
    assert heard[0].event.kind is SignalKind.SOURCE_CHANGE


async def test_what_comes_back_within_the_window_is_the_same_incident() -> None:
    heard = await Story().push("1:00", 2.0).push("1:40:00", 2.6).play("1:41:00")
    want(
        heard,
        ("opened", "yellow", "1:00", "1:00"),
        ("demoted", "blue", "11:00", "11:00"),
        ("resolved", "blue", "31:00", "31:00"),
        ("reopened", "orange", "1:40:00", "1:40:00"),
    )
    assert [one.event.seq for one in heard] == [0, 1, 2, 3]
    assert len({one.event.incident for one in heard}) == 1


async def test_what_comes_back_after_the_window_is_another() -> None:
    heard = await Story().push("1:00", 1.0).push("2:35:00", 1.0).play("2:36:00")
    assert [one.event.event.value for one in heard] == ["opened", "resolved", "opened"]
    assert heard[0].event.incident != heard[2].event.incident


async def test_a_flicker_straight_after_the_end_wakes_nobody() -> None:
    story = Story().push("1:00", 1.0).push("35:00", 1.2)
    want(await story.play("40:00"), ("opened", "blue", "1:00", "1:00"), ("resolved", "blue", "31:00", "31:00"))
    assert story.core.suppressed[Reason.REFRACTORY] == 1


async def test_several_kinds_join_one_incident() -> None:
    story = Story().push("1:00", 1.1).push("2:00", 1.7, kind=SHIFT).push("3:00", 2.0, kind=SignalKind.EMOTION_RED)
    heard = await story.play("4:00")
    want(
        heard,
        ("opened", "blue", "1:00", "1:00"),
        ("promoted", "yellow", "2:00", "2:00"),
        ("promoted", "red", "3:00", "3:00"),
    )
    assert [one.event.kind.value for one in heard] == ["volume.spike", "sentiment.shift", "emotion.red"]


async def test_two_brands_are_two_incidents() -> None:
    heard = await Story().push("1:00", 1.1).push("1:00", 4.0, brand="United").play("2:00")
    assert sorted((one.event.brand, one.event.tier.value) for one in heard) == [("Delta", "blue"), ("United", "red")]


async def test_imported_history_tells_nobody_and_the_present_does() -> None:
    story = Story().says("0:05", CommandKind.HISTORY, until=at(1800).isoformat())
    story.push("10:00", 9.0).push("30:00", 9.0).push("30:05", 1.0)
    want(await story.play("40:00"), ("opened", "blue", "30:05", "30:05"))


async def test_a_silence_holds_back_the_telling_and_ends() -> None:
    story = Story().push("1:00", 1.0).says("2:00", CommandKind.SILENCE, until=at(600).isoformat())
    story.push("5:00", 1.7).push("12:00", 4.0)
    want(
        await story.play("13:00"),
        ("opened", "blue", "1:00", "1:00"),
        ("silenced", "blue", "2:00", "2:00"),
        ("promoted", "yellow", "10:00", "10:00"),
        ("promoted", "red", "12:00", "12:00"),
    )


async def test_a_weak_signal_wakes_nobody_and_the_reason_is_kept() -> None:
    story = Story().push_often("1:00", "9:00", 60, 0.9)
    want(await story.play("10:00"))
    assert story.core.suppressed == {Reason.BELOW: 9}
