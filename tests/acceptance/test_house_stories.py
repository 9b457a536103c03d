"""What a whole house lives through: plans that start, workers that die, a view that is lost, a stage that hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.duty.settings import DutySettings
from alerts.rules import Match, Rule, RuleSet, Step
from contracts.records import CommandKind, IncidentEventKind, Tier
from contracts.series import partition_of
from fenghuo.viewing import rebuild
from tests.acceptance.duty_story import PEOPLE
from tests.acceptance.house_story import PARTITIONS, House
from tests.integration.test_live_view import everything
from tests.unit.alerts.given import shipped


def surge(house: House, brand: str = "Delta") -> House:
    """A surge that grows for four minutes."""
    for minute, score in ((1, 1.0), (2, 2.0), (3, 3.0), (5, 4.0)):
        house.push(f"{minute}:00", score, brand)
    return house


async def test_a_surge_climbs_to_red_in_four_minutes_and_the_plan_starts(tmp_path: Path) -> None:
    house = await surge(House(tmp_path)).play("6:00")
    assert house.heard("desk") == [
        "1:00 opened blue",
        "2:00 promoted yellow",
        "3:00 promoted orange",
        "3:00 plan_started orange",
        "5:00 promoted red",
    ]
    assert house.heard("lin-phone") == ["5:00 promoted red"]
    (run,) = await house.view.runs()
    assert (run.plan, run.level, run.by) == ("complaint-surge", "I", "rules")
    assert run.tasks and all(one.due > run.started for one in run.tasks)
    (card,) = await house.view.open_incidents()
    assert (card.tier, card.runs, card.step) == (Tier.RED, (run.run,), 0)


async def test_a_task_of_the_plan_that_nobody_does_is_told_once_and_one_that_is_done_is_not(tmp_path: Path) -> None:
    house = await surge(House(tmp_path)).play("6:00")
    (run,) = await house.view.runs()
    first = min(run.tasks, key=lambda one: (one.due, one.name))
    house.says("7:00", CommandKind.PLAN, do="done", run=run.run, task=first.name)
    await house.play("30:00")
    (run,) = await house.view.runs()
    assert next(one for one in run.tasks if one.name == first.name).state == "done"
    overdue = [one for one in run.tasks if one.state == "overdue"]
    told = [one.detail.note for one in house.events() if one.event is IncidentEventKind.ESCALATED and one.notify]
    assert all(sum(one.title.zh in note for note in told) == 1 for one in overdue)
    assert not any(first.title.zh in note for note in told)


async def test_of_two_workers_one_is_killed_and_nobody_is_told_twice_or_not_at_all(tmp_path: Path) -> None:
    alone, both = House(tmp_path / "alone", 1), House(tmp_path / "both", 2)
    assert {partition_of(name, PARTITIONS) for name in both.brands} == {0, 1}
    for house in (alone, both):
        surge(surge(house), "Sigma")
        await house.play("3:30")
    both.kill(0)
    for house in (alone, both):
        await house.play("20:00")
    assert both.phones["desk"].heard == alone.phones["desk"].heard
    assert both.heard("lin-phone") == alone.heard("lin-phone")
    for brand in both.brands:
        assert both.events(brand) == alone.events(brand)
    assert await everything(both.view) == await everything(alone.view)


async def test_the_view_is_emptied_and_rebuilt_and_nobody_is_told_again(tmp_path: Path) -> None:
    house = await surge(House(tmp_path)).play("6:00")
    (card,) = await house.view.open_incidents()
    house.says("7:00", CommandKind.ACK, incident=card.incident)
    house.says("8:00", CommandKind.SILENCE, until="2026-03-02T14:00:00+00:00", upto="orange")
    await house.play("10:00")
    before, heard = await everything(house.view), house.heard("desk")
    await house.view.clear()
    assert await house.view.open_incidents() == []
    assert await rebuild(house.view, house.log, PARTITIONS) > 0
    assert await everything(house.view) == before
    await house.play("11:00")
    assert (await everything(house.view), house.heard("desk")) == (before, heard)
    (card,) = await house.view.open_incidents()
    assert (card.owner, card.silenced_until is not None) == ("lin", card.tier is not Tier.RED)


@pytest.mark.parametrize("stage", ["decide", "notify"])
async def test_a_stage_that_stands_still_silences_the_switch_and_its_return_ends_that(
    tmp_path: Path, stage: str
) -> None:
    house = await surge(House(tmp_path)).play("6:00")
    assert house.outside[-1] == 360
    stuck = (stage, partition_of("Delta", PARTITIONS))
    house.stuck = {stuck}
    (card,) = await house.view.open_incidents()
    await house.says("7:00", CommandKind.ACK, incident=card.incident).play("12:00")
    assert 415 <= house.outside[-1] < 480, "a minute after it had work and did not move"
    house.stuck = set()
    await house.play("13:00")
    assert house.outside[-1] == 780


async def test_new_settings_in_the_middle_hold_from_the_restart_and_tell_nobody_again(tmp_path: Path) -> None:
    house = House(tmp_path).push("1:00", 3.0)
    await house.play("3:00")
    heard = house.heard("desk")
    strict = RuleSet(rules=(Rule(name="strict", match=Match(), steps=(Step(tier=Tier.RED, score=2.0),)),))
    swapped = DutySettings.model_validate(
        {**PEOPLE.model_dump(mode="json"), "rotas": [{"name": "duty", "order": ["wang"], "begin": "2026-03-02"}]}
    )
    house.settle(shipped().model_copy(update={"rules": strict}), swapped)
    house.restart()
    await house.play("5:00")
    assert house.heard("desk") == heard, "nothing happened but that settings changed"
    await house.push("6:00", 2.5).play("6:30")
    assert house.heard("desk")[len(heard) :] == ["6:00 promoted red"]
    assert (house.heard("wang-phone"), house.heard("lin-phone")) == (["6:00 promoted red"], [])


async def test_a_complaint_that_nobody_answers_is_told_in_a_digest_first_and_louder_as_it_waits(tmp_path: Path) -> None:
    digest = [{"to": ["desk"], "tiers": ["blue"], "every": "10m"}]
    house = await House(tmp_path, digest=digest).case("1:00", "opened").play("2:00:00")
    assert house.heard("desk")[:3] == ["20:00 opened blue", "31:05 promoted yellow", "76:05 promoted orange"]
    assert house.heard("lin-phone") == [], "one late answer is no emergency"
    (card,) = await house.view.open_incidents()
    assert (card.scope, card.kind.value) == ({"brand": "Delta", "clock": "first-reply"}, "case.late")


async def test_a_complaint_that_is_answered_wakes_nobody(tmp_path: Path) -> None:
    house = House(tmp_path).case("1:00", "opened").case("9:00", "replied").case("50:00", "resolved")
    await house.play("2:00:00")
    assert house.heard("desk") == house.heard("lin-phone") == []
