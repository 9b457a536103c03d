"""The presets hold what they promise; storms repeat and delay within bounds; cases live their life."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import groupby, pairwise

import pytest
from pydantic import ValidationError

from contracts.records.mention import CaseEventKind
from fenghuo.simulator import BRANDS, Scenario, Simulation, calm, case_events, demo, storm
from fenghuo.simulator.incidents import QuietNight, SuddenSurge
from tests.unit.simulator.worlds import START, at, scenario, when


def test_demo_is_28_calm_days_and_24_hours_of_spaced_incidents() -> None:
    now = at(29 * 24)
    run = Simulation(demo(now))
    assert run.scenario.start == START
    assert run.scenario.end == now
    starts = [one.start for one in run.truths]
    assert starts[0] == now - timedelta(hours=23)
    assert now - timedelta(hours=3) < starts[-1] < now - timedelta(hours=1)
    assert all(one.end <= now for one in run.truths)
    assert all(later - earlier >= timedelta(minutes=15) for earlier, later in pairwise(starts))


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_what_needs_traffic_to_be_seen_comes_by_day_whenever_the_demo_starts(hour: int) -> None:
    shift = next(one for one in demo(at(hour)).incidents if one.kind == "sentiment_shift")
    assert 7 <= shift.start.hour <= 17, "a span of six hours that ends by 23:00"


def test_demo_with_fewer_brands_drops_the_incidents_of_the_others() -> None:
    run = Simulation(demo(at(29 * 24), brands=BRANDS[1:2]))
    assert {one.brand for one in run.truths} == {BRANDS[1].name, None}


def test_calm_plants_nothing_but_quiet_nights() -> None:
    world = calm(START, days=10)
    assert {type(one) for one in world.incidents} == {QuietNight}
    assert all(START <= one.start and one.end <= world.end for one in world.incidents)


def test_a_storm_repeats_five_percent_and_delays_five_percent_within_the_lateness() -> None:
    run = Simulation(storm(START, count=4_000))
    lines = list(run.lines())
    ids = Counter(record["id"] for _, record in lines)
    assert len(ids) == run.tally.distinct == 4_000
    assert len(lines) == run.tally.sent
    assert run.tally.repeated == sum(number - 1 for number in ids.values())
    assert run.tally.repeated / 4_000 == pytest.approx(0.05, abs=0.01)
    assert run.tally.late / 4_000 == pytest.approx(0.05, abs=0.015)
    newest, seen = 0, set()
    for ms, record in lines:
        if record["id"] not in seen:
            assert newest - ms <= 13_000, "a first delivery is never later than the lateness"
        seen.add(record["id"])
        newest = max(newest, ms)


def test_a_repeat_is_the_same_record_again() -> None:
    found = sorted(Simulation(storm(START, count=2_000)).records(), key=lambda one: str(one["id"]))
    groups = [list(group) for _, group in groupby(found, key=lambda one: one["id"])]
    assert any(len(group) == 2 for group in groups)
    assert all(one == group[0] for group in groups for one in group)


def test_a_limit_ends_the_run() -> None:
    assert len(list(Simulation(scenario(limit=17)).records())) == 17


def test_case_events_follow_their_complaints_in_order() -> None:
    world = scenario(days=4, brands=BRANDS[:1])
    opened = {one["case_id"]: when(one) for one in Simulation(world).records() if "case_id" in one}
    events = list(case_events(world))
    times = [when(one) for one in events]
    assert times == sorted(times)
    assert {one["case_id"] for one in events} == set(opened)
    assert {one["event"] for one in events} == {kind.value for kind in CaseEventKind}
    assert all(when(one) > opened[one["case_id"]] for one in events)
    assert len({one["id"] for one in events}) == len(events)
    assert all(0 <= one["rating"] <= 10 for one in events if one["event"] == "rated")
    assert max(times) < world.end


@pytest.mark.parametrize(
    "changes",
    [
        {"end": START},
        {"brands": BRANDS[:1] * 2},
        {"brands": ()},
        {"incidents": (SuddenSurge(brand="别家", start=START),)},
        {"rate": 0},
        {"seed": -1},
        {"unknown": 1},
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Scenario.model_validate({"start": START, "end": at(1), **changes})
