"""What people on duty live through: who is paged, when it stops, and what a bad night does not do to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.duty.settings import DutySettings
from alerts.reasons import Reason
from contracts.records import CommandKind, SignalKind, Tier
from tests.acceptance.duty_story import PEOPLE, Night
from tests.unit.alerts.given import NOON, POLICY

ACK, SILENCE = CommandKind.ACK, CommandKind.SILENCE


async def test_red_pages_the_person_on_duty_at_once() -> None:
    night = await Night().push("1:00", 4.0).play("2:00")
    assert night.heard("lin-phone") == ["1:00 opened red"]
    assert night.heard("desk") == ["1:00 opened red"]


async def test_escalation_reaches_the_third_person_and_stops_at_the_acknowledgement() -> None:
    night = Night().push("1:00", 4.0).says("12:00", ACK, incident="open", by="chief")
    await night.play("1:00:00")
    assert night.heard("lin-phone") == ["1:00 opened red"]
    assert night.heard("wang-phone") == ["6:00 escalated red"]
    assert night.heard("chief-phone") == ["11:00 escalated blue"], "it fell unheard, and still somebody must look"
    assert night.heard("desk")[:3] == ["1:00 opened red", "11:00 demoted blue", "12:00 acknowledged blue"]


async def test_an_acknowledgement_in_time_wakes_nobody_else() -> None:
    night = Night().push("1:00", 4.0).says("3:00", ACK, incident="open")
    await night.play("1:00:00")
    assert night.heard("wang-phone") == night.heard("chief-phone") == []
    assert night.heard("desk")[1] == "3:00 acknowledged red"


async def test_when_nobody_answers_the_last_one_is_reminded_so_often_and_no_more() -> None:
    night = Night()
    for minute in range(1, 90, 5):
        night.push(f"{minute}:00", 4.0)
    await night.play("1:30:00")
    assert night.heard("chief-phone") == ["11:00 escalated red", "26:00 escalated red", "41:00 escalated red"]
    assert [one.reason for one in night.events if one.event.value == "escalated"] == [
        Reason.UNACKNOWLEDGED,
        Reason.UNACKNOWLEDGED,
        Reason.REMINDER,
        Reason.REMINDER,
    ]


async def test_an_incident_handed_over_pages_nobody() -> None:
    night = Night().push("1:00", 4.0).says("2:00", ACK, incident="open")
    night.says("3:00", CommandKind.HAND_OVER, incident="open", to="wang")
    await night.play("10:00")
    (one,) = night.core.open_incidents()
    assert one.owner == "wang"
    assert [event.detail.by for event in night.events[1:3]] == ["lin", "wang"]
    assert night.heard("wang-phone") == []


async def test_a_rise_after_the_acknowledgement_is_told_once_and_pages_nobody() -> None:
    night = Night().push("1:00", 2.5).says("2:00", ACK, incident="open").push("3:00", 4.0)
    await night.play("20:00")
    assert night.heard("desk")[:3] == ["1:00 opened orange", "2:00 acknowledged orange", "3:00 promoted red"]
    assert night.heard("lin-phone") == []


async def test_a_shift_change_in_the_middle_pages_who_is_on_duty_then() -> None:
    shift = datetime.fromisoformat("2026-03-03T08:57:00+00:00") - NOON
    night = Night(shift=shift).push("1:00", 2.5).push("4:00", 4.0)
    await night.play("5:00")
    assert night.heard("wang-phone") == ["4:00 promoted red"]
    assert night.heard("lin-phone") == []


async def test_the_night_the_clock_is_put_forward_changes_nobodys_turn() -> None:
    given = PEOPLE.model_dump(mode="json", by_alias=True)
    given["rotas"] = [
        {
            "name": "duty",
            "order": ["lin", "wang"],
            "begin": "2026-03-28",
            "handover": ["03:00"],
            "every": 1,
            "zone": "Europe/Berlin",
        }
    ]
    before = datetime(2026, 3, 29, 1, 58, tzinfo=ZoneInfo("Europe/Berlin"))
    night = Night(DutySettings.model_validate(given), shift=before - NOON)
    night.push("1:00", 4.0).push("2:00", 4.0, brand="United")
    await night.play("3:00")
    assert night.heard("lin-phone") == ["1:00 opened red"], "01:59 is the old shift"
    assert night.heard("wang-phone") == ["2:00 opened red"], "02:00 does not exist: it is 03:00 and the next shift"


async def test_a_make_up_workday_is_the_desks_and_a_holiday_the_stand_bys() -> None:
    given = PEOPLE.model_dump(mode="json", by_alias=True)
    hours = {"from": "00:00", "to": "00:00", "zone": "Asia/Shanghai"}
    given["rotas"] = [
        {"name": "desk-duty", "order": ["lin"], "hours": {**hours, "days": ["workday"]}},
        {"name": "stand-by", "order": ["wang"], "hours": {**hours, "days": ["restday"]}},
    ]
    given["escalation"]["red"]["steps"] = [{"after": "0s", "to": ["desk-duty", "stand-by"]}]
    duty = DutySettings.model_validate(given)
    for day, phone, other in (("2026-10-10", "lin-phone", "wang-phone"), ("2026-10-01", "wang-phone", "lin-phone")):
        start = datetime.fromisoformat(f"{day}T10:00:00+08:00")
        night = await Night(duty, shift=start - NOON).push("1:00", 4.0).play("2:00")
        assert (night.heard(phone), night.heard(other)) == (["1:00 opened red"], []), day


async def test_a_receiver_down_for_an_hour_is_stood_in_for_by_the_next_channel() -> None:
    night = Night().broken("lin-phone", "0:00", "1:00:00").push("1:00", 4.0)
    await night.play("3:00")
    assert night.heard("chat") == ["1:00 opened red"]
    assert night.heard("wang-phone") == []


async def test_when_every_channel_of_a_person_is_down_the_next_person_is_paged_at_once() -> None:
    night = Night().broken("lin-phone", "0:00", "1:00:00").broken("chat", "0:00", "1:00:00").push("1:00", 4.0)
    await night.play("3:00")
    assert night.heard("wang-phone") == ["1:00 opened red"]


async def test_quiet_hours_hold_orange_until_morning_and_let_red_through() -> None:
    quiet = [{"to": ["desk"], "hours": {"from": "12:00", "to": "12:30"}}]
    night = Night(quiet=quiet).push("1:00", 2.5).push("2:00", 4.0, brand="United")
    await night.play("30:30")
    assert night.heard("desk") == ["2:00 opened red", "30:00 opened orange"]


async def test_a_worker_killed_between_two_pages_pages_nobody_twice() -> None:
    night = Night().push("1:00", 4.0).killed("1:30", "6:00", "6:05", "8:00")
    await night.play("12:00")
    assert night.heard("lin-phone") == ["1:00 opened red"]
    assert night.heard("wang-phone") == ["6:00 escalated red"]
    assert night.heard("chief-phone") == ["11:00 escalated blue"]


async def test_a_kill_while_quiet_hours_hold_something_loses_nothing() -> None:
    quiet = [{"to": ["desk"], "hours": {"from": "12:00", "to": "12:10"}}]
    night = Night(quiet=quiet).push("1:00", 2.5).killed("5:00")
    await night.play("10:30")
    assert night.heard("desk") == ["10:00 opened orange"]


async def test_what_a_silence_kept_back_and_is_still_true_is_told_when_it_ends() -> None:
    night = Night().says("0:30", SILENCE, lasts=300)
    for minute in range(1, 8):
        night.push(f"{minute}:00", 4.0)
    await night.play("9:00")
    assert night.heard("desk") == ["5:30 promoted red"]
    assert night.heard("lin-phone") == ["5:30 promoted red"]
    assert night.events[-1].reason == Reason.NOW_TOLD


async def test_a_silence_says_that_it_is_about_to_end() -> None:
    night = Night().push("1:00", 2.5).says("2:00", SILENCE, lasts=1800)
    for minute in range(3, 40, 4):
        night.push(f"{minute}:00", 2.5)
    await night.play("33:00")
    assert night.heard("desk") == ["1:00 opened orange", "2:00 silenced orange", "22:00 silenced orange"]
    assert night.events[-1].reason == Reason.SILENCE_ENDS


async def test_a_silence_ended_early_speaks_at_once() -> None:
    night = Night().says("0:30", SILENCE, lasts=3600).push("1:00", 4.0)
    night.says("2:00", CommandKind.UNSILENCE, silence="30-0")
    await night.play("3:00")
    assert night.heard("desk") == ["2:00 promoted red"]


async def test_a_silence_for_a_part_of_the_brand_lets_the_rest_through() -> None:
    night = Night().says("0:30", SILENCE, lasts=3600, where={"category": "refund"}).push("1:00", 4.0)
    await night.play("2:00")
    assert night.heard("desk") == ["1:00 opened red"]
    assert [one.matched for one in night.core.silences()] == [0]


def with_scope() -> Night:
    rules = POLICY.rules.rules[0].model_copy(update={"scope": ("category",)})
    return Night(policy=POLICY.model_copy(update={"rules": POLICY.rules.model_copy(update={"rules": (rules,)})}))


async def test_a_part_is_an_incident_of_its_own_and_the_whole_brand_speaks_for_it() -> None:
    night = with_scope().push("1:00", 2.0, labels={"category": "refund"}).push("2:00", 3.0)
    await night.play("3:00")
    assert night.heard("desk") == ["1:00 opened yellow", "2:00 opened orange"]
    assert [(one.event.value, one.notify, one.scope.get("category")) for one in night.events] == [
        ("opened", True, "refund"),
        ("opened", True, None),
        ("muted", False, "refund"),
    ]


async def test_a_part_that_climbs_above_the_whole_brand_is_told() -> None:
    night = with_scope().push("1:00", 2.0).push("2:00", 2.0, labels={"category": "refund"})
    night.push("3:00", 4.0, labels={"category": "refund"})
    await night.play("4:00")
    assert night.heard("desk") == ["1:00 opened yellow", "3:00 promoted red"]


async def test_new_rules_in_the_middle_hold_from_the_next_bucket_and_tell_nobody_again() -> None:
    strict = {"rules": [{"name": "strict", "match": {}, "steps": [{"tier": "red", "score": 2.0}]}]}
    night = Night().push("1:00", 2.0).says("2:30", CommandKind.RULES, rules=strict)
    night.push("2:55", 2.0).push("3:05", 2.0)
    await night.play("4:00")
    assert night.heard("desk") == ["1:00 opened yellow", "3:05 promoted red"]
    assert [one.author for one in night.core.versions] == ["lin"]


async def test_volume_and_mood_together_mean_more_than_each() -> None:
    both = {
        "name": "volume-and-mood",
        "parts": [{"kind": ["volume.spike"]}, {"kind": ["sentiment.shift"]}],
        "within": "5m",
        "tier": "red",
    }
    rules = shipped_with(combine=[both])
    night = Night().says("0:05", CommandKind.RULES, rules=rules).push("2:00", 1.1)
    night.push("4:00", 1.1, kind=SignalKind.SENTIMENT_SHIFT)
    await night.play("5:00")
    assert night.heard("desk") == ["2:00 opened blue", "4:00 promoted red"]
    assert night.events[-1].reason == Reason.COMBINED


def shipped_with(**more: object) -> dict[str, object]:
    steps = [{"tier": tier.value, "score": float(tier.rank + 1)} for tier in Tier]
    return {"rules": [{"name": "any", "match": {}, "steps": steps}], **more}


async def test_a_mute_calendar_holds_orange_back_and_tells_it_when_it_ends() -> None:
    mute = {"name": "works", "hours": {"from": "12:00", "to": "12:10"}, "upto": "orange"}
    night = Night().says("0:05", CommandKind.RULES, rules=shipped_with(mutes=[mute])).push("2:00", 3.0)
    night.push("3:00", 4.0, brand="United").push("9:00", 3.0)
    await night.play("11:00")
    assert night.heard("desk") == ["3:00 opened red", "10:00 promoted orange"]


async def test_a_dead_source_stops_no_escalation() -> None:
    night = Night().push("1:00", 4.0).down("2:00", "1:00:00")
    await night.play("12:00")
    assert night.heard("chief-phone") == ["11:00 escalated red"]


async def test_why_is_kept_for_each_signal() -> None:
    night = Night().push("1:00", 0.5).push("2:00", 4.0).push("3:00", 2.0).says("4:00", SILENCE, lasts=600)
    night.push("5:00", 4.0, brand="United")
    await night.play("6:00")
    assert [(one.reason, one.told) for one in night.core.why.of("Delta")] == [
        (Reason.BELOW, False),
        (Reason.THRESHOLD, True),
        (Reason.SAME_TIER, False),
    ]
    assert timedelta(0) < night.core.why.of("United")[0].at - NOON
