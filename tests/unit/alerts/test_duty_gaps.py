"""``fenghuo check`` walks a year ahead: the first time in which red would wake nobody, and swaps for nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.duty.lint import AHEAD, Gap, first_gap, problems
from alerts.duty.rota import paged_first
from alerts.duty.settings import DutySettings
from alerts.settings import ReceiverSettings
from contracts.records import Tier
from fenghuo.settings import load_config
from fenghuo.settings import problems as all_problems

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Noon in Shanghai."""
RECEIVERS = ReceiverSettings.model_validate(
    {
        "receivers": [{"type": "terminal", "name": "chat"}, {"type": "terminal", "name": "phone", "wakes": True}],
        "routes": [{"to": ["phone"], "tiers": ["blue"]}, {"to": ["chat"]}],
    }
)
DESK = {"from": "09:00", "to": "18:00", "days": ["workday"]}


def duty(*steps: list[str], **rotas: dict[str, Any]) -> DutySettings:
    return DutySettings.model_validate(
        {
            "zone": "Asia/Shanghai",
            "people": [
                {"name": "lin", "channels": ["phone"]},
                {"name": "wang", "channels": ["chat", "phone"]},
                {"name": "mute", "channels": ["chat"]},
            ],
            "rotas": [{"name": name, "begin": date(2026, 1, 5), **given} for name, given in rotas.items()],
            "escalation": {
                "red": {"steps": [{"after": f"{5 * number}m", "to": to} for number, to in enumerate(steps)]}
            },
        }
    )


def red(settings: DutySettings, now: datetime = MONDAY) -> list[str]:
    return problems(RECEIVERS, settings, now)


def test_a_desk_alone_wakes_nobody_at_night() -> None:
    desk = {"order": ["lin", "wang"], "hours": DESK}
    assert red(duty(["desk"], desk=desk)) == [
        "duty.yaml: from 2026-03-02T18:00+08:00 to 2026-03-03T09:00+08:00 a red warning would wake nobody, because no "
        "step of `escalation.red` has anybody on duty; add somebody to a step, or to the `order` of a rota without "
        "`hours`"
    ]
    assert red(duty(["desk"], ["lin"], desk=desk)) == [], "an empty step passes the page on at once"
    assert red(duty(["desk", "night"], desk=desk, night={"order": ["wang"]})) == []
    night = {"order": ["wang"], "hours": {"from": "18:00", "to": "09:00"}}
    (weekend,) = red(duty(["desk", "night"], desk=desk, night=night))
    assert "from 2026-03-07T09:00+08:00 to 2026-03-07T18:00+08:00" in weekend


def test_a_rota_that_begins_later_or_whose_shifts_end_is_a_gap() -> None:
    (later,) = red(duty(["duty"], duty={"order": ["lin"], "begin": date(2026, 3, 9)}))
    assert "from 2026-03-02T12:00+08:00 to 2026-03-09T09:00+08:00 a red warning would wake nobody" in later
    assert "would wake nobody; mark one" in red(duty(["duty"], duty={"order": ["lin"], "begin": date(2090, 1, 1)}))[0]
    shift = {"person": "lin", "start": MONDAY - timedelta(days=9), "end": MONDAY + timedelta(days=30)}
    (ends,) = red(duty(["duty"], duty={"shifts": [shift]}))
    assert "from 2026-04-01T12:00+08:00 to 2027-03-03T12:00+08:00" in ends
    assert "wake nobody" in red(duty(["duty"], duty={"shifts": [{**shift, "end": MONDAY}]}))[0]
    assert red(duty(["duty"], duty={"shifts": [shift], "order": ["wang"]})) == []


def test_a_turn_of_somebody_who_cannot_be_woken_is_named() -> None:
    assert red(duty(["duty"], duty={"order": ["lin", "mute"]})) == [
        "duty.yaml: from 2026-03-09T09:00+08:00 to 2026-03-16T09:00+08:00 a red warning pages mute by no channel that "
        "wakes; give them a receiver marked `wakes: true`, or lead red to one by a route for all brands"
    ]
    swap = {"out": "lin", "into": "mute", "start": "2026-05-01T00:00:00+08:00", "end": "2026-05-02T00:00:00+08:00"}
    (swapped,) = red(duty(["duty"], duty={"order": ["lin"], "swaps": [swap]}))
    assert "from 2026-05-01T00:00+08:00 to 2026-05-02T00:00+08:00 a red warning pages mute" in swapped


def test_a_route_that_wakes_for_all_brands_needs_no_rota() -> None:
    woken = RECEIVERS.model_copy(
        update={
            "routes": ReceiverSettings.model_validate(
                {"receivers": [{"type": "terminal", "name": "phone", "wakes": True}], "routes": [{"to": ["phone"]}]}
            ).routes
        }
    )
    assert problems(woken, duty(["desk"], desk={"order": ["lin"], "hours": DESK}), MONDAY) == []


def test_the_walk_ends_after_a_year() -> None:
    end = MONDAY + AHEAD
    shift = {"person": "lin", "start": MONDAY, "end": end}
    assert red(duty(["duty"], duty={"shifts": [shift]})) == []
    tick = timedelta(minutes=1)
    assert red(duty(["duty"], duty={"shifts": [{**shift, "end": end - tick}]})) != []
    assert red(duty(["duty"], duty={"shifts": [{**shift, "start": MONDAY + tick}]})) != []


def test_a_gap_ends_where_another_begins() -> None:
    shifts = [
        {"person": "mute", "start": MONDAY, "end": MONDAY + timedelta(hours=1)},
        {"person": "lin", "start": MONDAY + timedelta(hours=2), "end": MONDAY + timedelta(hours=3)},
    ]
    settings = duty(["duty"], duty={"shifts": shifts})
    found = first_gap(settings, {"phone"}, MONDAY, MONDAY + timedelta(hours=9))
    assert found == Gap(MONDAY, MONDAY + timedelta(hours=1), ("mute",))
    rest = first_gap(settings, {"phone"}, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=9))
    assert rest == Gap(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2), ())
    assert first_gap(settings, {"phone", "chat"}, MONDAY, MONDAY + timedelta(hours=1)) is None


def test_a_swap_for_nothing_is_named_with_who_is_on_duty() -> None:
    def swap(out: str, into: str) -> dict[str, str]:
        return {"out": out, "into": into, "start": "2026-03-03T09:00:00+08:00", "end": "2026-03-04T09:00:00+08:00"}

    chain = [swap("lin", "wang"), swap("wang", "lin")]
    assert red(duty(["duty"], duty={"order": ["lin"], "swaps": chain})) == []
    assert red(duty(["duty"], duty={"order": ["lin"], "swaps": [*chain, swap("wang", "lin")]})) == [
        "duty.yaml: swap 3 of rota duty changes nothing: wang has no duty from 2026-03-03T09:00+08:00 to "
        "2026-03-04T09:00+08:00; on duty then: lin"
    ]


def test_a_page_goes_to_the_first_step_with_anybody_on_duty() -> None:
    settings = duty(["desk"], ["desk", "wang"], ["lin"], desk={"order": ["lin"], "hours": DESK})
    night = datetime(2026, 3, 2, 15, tzinfo=UTC)

    def paged(step: int, at: datetime) -> list[str]:
        return [one.name for one in paged_first(settings, Tier.RED, step, at)]

    assert [paged(step, MONDAY) for step in (0, 1, 2, 3)] == [["lin"], ["lin", "wang"], ["lin"], []]
    assert [paged(step, night) for step in (0, 1, 2)] == [["wang"], ["wang"], ["lin"]]
    assert paged_first(settings, Tier.BLUE, 0, MONDAY) == []


@pytest.mark.parametrize("hours", ["", "hours: {from: '09:00', to: '18:00'}, "])
def test_check_looks_at_the_duty_of_a_folder(tmp_path: Path, hours: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text("rules: [{name: all, match: {}, steps: [{tier: red, score: 1}]}]")
    (tmp_path / "receivers.yaml").write_text(
        "receivers: [{name: phone, type: terminal, wakes: true}]\nroutes: [{to: [phone], tiers: [blue]}]"
    )
    (tmp_path / "duty.yaml").write_text(
        "people: [{name: lin, channels: [phone]}]\n"
        f"rotas: [{{name: duty, {hours}order: [lin]}}]\n"
        "escalation: {red: {steps: [{to: [duty]}]}}"
    )
    found = [one for one in all_problems(load_config(tmp_path), MONDAY) if one.startswith("duty.yaml")]
    assert len(found) == bool(hours)
