"""Shifts to the minute: borders of handovers, hours, calendars and swaps, in the zone of the rota and of its hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from alerts.duty.lint import problems
from alerts.duty.rota import on_duty, shifts
from alerts.duty.settings import DutySettings, Rota
from alerts.settings import ReceiverSettings

TICK = timedelta(microseconds=1)


def day(number: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, number, hour, minute, tzinfo=UTC)


def rota(**given: Any) -> Rota:
    plain = {"name": "duty", "order": ["lin", "wang"], "begin": date(2026, 3, 1), "every": 1}
    return Rota.model_validate({**plain, **given})


def planned(one: Rota, start: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
    return [(shift.person, shift.start, shift.end) for shift in shifts(one, start, end)]


def test_shifts_change_at_the_handover_of_the_rotas_zone() -> None:
    shanghai = rota(zone="Asia/Shanghai", handover=["09:00"])
    assert planned(shanghai, day(2), day(4)) == [
        ("lin", day(2), day(2, 1)),
        ("wang", day(2, 1), day(3, 1)),
        ("lin", day(3, 1), day(4)),
    ]


def test_shifts_of_a_zone_that_is_behind_begin_the_day_before() -> None:
    honolulu = rota(zone="Pacific/Honolulu", handover=["20:00"], begin=date(2026, 2, 1))
    assert planned(honolulu, day(2, 5), day(2, 7)) == [("wang", day(2, 5), day(2, 6)), ("lin", day(2, 6), day(2, 7))]
    kiritimati = rota(zone="Pacific/Kiritimati", handover=["01:00"], begin=date(2026, 2, 1))
    assert [start for _, start, _ in planned(kiritimati, day(2, 10), day(2, 12))] == [day(2, 10), day(2, 11)]


def test_a_border_at_the_start_or_the_end_makes_no_empty_shift() -> None:
    one = rota(handover=["09:00"])
    assert planned(one, day(2, 9), day(3, 9)) == [("wang", day(2, 9), day(3, 9))]
    assert planned(one, day(2, 9), day(2, 9) + TICK) == [("wang", day(2, 9), day(2, 9) + TICK)]
    assert planned(one, day(3, 9) - TICK, day(3, 9)) == [("wang", day(3, 9) - TICK, day(3, 9))]


def test_neighbours_of_one_person_are_one_shift() -> None:
    assert planned(rota(order=["lin"]), day(2), day(9)) == [("lin", day(2), day(9))]


def test_hours_have_a_zone_of_their_own() -> None:
    desk = rota(order=["lin"], hours={"from": "09:00", "to": "18:00", "zone": "America/New_York"})
    assert planned(desk, day(2), day(4)) == [("lin", day(2, 14), day(2, 23)), ("lin", day(3, 14), day(3, 23))]
    whole = planned(desk, day(2, 14), day(2, 23))
    assert whole == [("lin", day(2, 14), day(2, 23))]
    assert planned(desk, day(2), day(2, 14)) == []


def test_hours_over_midnight_go_on_into_the_first_day() -> None:
    night = rota(order=["lin"], hours={"from": "22:00", "to": "06:00"})
    assert planned(night, day(2), day(3)) == [("lin", day(2), day(2, 6)), ("lin", day(2, 22), day(3))]


def test_a_calendars_shift_ends_before_its_end_and_goes_before_the_turn() -> None:
    one = rota(shifts=[{"person": "zhao", "start": day(2, 12), "end": day(2, 13)}], handover=["00:00"])
    assert planned(one, day(2), day(3)) == [
        ("wang", day(2), day(2, 12)),
        ("zhao", day(2, 12), day(2, 13)),
        ("wang", day(2, 13), day(3)),
    ]
    assert [on_duty(one, at) for at in (day(2, 12) - TICK, day(2, 12), day(2, 13) - TICK, day(2, 13))] == [
        "wang",
        "zhao",
        "zhao",
        "wang",
    ]


def test_a_swap_cuts_a_shift_in_three() -> None:
    swap = {"out": "wang", "into": "zhao", "start": day(2, 6), "end": day(2, 8)}
    one = rota(swaps=[swap], handover=["00:00"])
    assert planned(one, day(2), day(3)) == [
        ("wang", day(2), day(2, 6)),
        ("zhao", day(2, 6), day(2, 8)),
        ("wang", day(2, 8), day(3)),
    ]
    assert [on_duty(one, at) for at in (day(2, 8) - TICK, day(2, 8))] == ["zhao", "wang"]


@pytest.mark.parametrize("days", [1, 2, 3, 30])
def test_every_handover_within_is_a_border(days: int) -> None:
    starts = [
        start
        for _, start, _ in planned(rota(handover=["09:00", "21:00"]), day(1, 12), day(1, 12) + timedelta(days=days))
    ]
    assert starts == [day(1, 12), *(day(1, 21) + timedelta(hours=12 * number) for number in range(2 * days))]


def test_times_of_shifts_are_in_utc() -> None:
    found = planned(rota(zone="Asia/Shanghai"), day(2), day(4))
    assert {one.utcoffset() for _, start, end in found for one in (start, end)} == {timedelta(0)}
    assert {str(one.tzinfo) for _, start, _ in found[1:] for one in (start,)} == {"UTC"}


WAKING = ReceiverSettings.model_validate(
    {
        "receivers": [
            {"type": "terminal", "name": "chat"},
            {"type": "terminal", "name": "phone", "wakes": True},
        ],
        "routes": [{"to": ["chat"]}],
    }
)


def paging(first: list[str], second: list[str]) -> DutySettings:
    steps = [{"after": "0s", "to": first}, {"after": "5m", "to": second}]
    people = [{"name": "loud", "channels": ["chat", "phone"]}, {"name": "quiet", "channels": ["chat"]}]
    return DutySettings.model_validate({"people": people, "escalation": {"red": {"steps": steps}}})


def test_red_must_wake_everybody_of_its_first_step_and_not_of_a_later_one() -> None:
    assert problems(WAKING, paging(["loud"], ["quiet"]), day(2)) == []
    told = (
        "receivers.yaml: a red warning would wake nobody; mark one that wakes people with `wakes: true` and lead red "
        "to it by a route for all brands, or by everybody of the first step of `escalation.red` in duty.yaml"
    )
    assert problems(WAKING, paging(["quiet"], ["loud"]), day(2)) == [told]
    assert problems(WAKING, paging(["loud", "quiet"], ["loud"]), day(2)) == [told]


def test_channels_that_are_no_receivers_are_named_with_those_that_are() -> None:
    people = [{"name": "lin", "channels": ["pager", "phone", "fax"]}]
    duty = DutySettings.model_validate({"people": people, "escalation": {"red": {"steps": [{"to": ["lin"]}]}}})
    assert problems(WAKING, duty, day(2)) == [
        "duty.yaml: lin is reached by fax, pager, which no receiver is called; known: chat, phone"
    ]
