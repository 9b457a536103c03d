"""What findings become warnings: one incident swallows its repeats, and the allowance is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from contracts.records import State
from detectors.budget import WEEK, Account, Budget, Told
from detectors.budget_settings import BudgetSettings
from detectors.grid import DAY, HOUR
from detectors.protocol import Reason, Score


def finding(value: float, certainty: float = 5.0) -> Score:
    return Score(value, State.READY, Reason.BEYOND if certainty >= 1 else Reason.NORMAL, certainty=certainty)


def told(budget: Budget, findings: Sequence[tuple[float, float]]) -> list[Told]:
    return [budget.ask(second, finding(value)).told for second, value in findings]


def test_one_incident_is_told_once_however_long_it_lasts() -> None:
    budget = Budget(BudgetSettings())
    results = told(budget, [(WEEK + 600.0 * step, 5.0) for step in range(6 * 24 * 3)])
    assert results[0] is Told.NEW
    assert set(results[1:]) == {Told.MORE}


def test_within_a_day_only_what_is_much_larger_is_told_again() -> None:
    budget = Budget(BudgetSettings())
    start = float(WEEK)
    assert told(budget, [(start, 3.0), (start + 5 * HOUR, 4.0), (start + 8 * HOUR, 30.0)]) == [
        Told.NEW,
        Told.HELD,
        Told.NEW,
    ]


def test_nothing_is_told_below_the_absolute_floor_however_long_it_was_calm() -> None:
    budget = Budget(BudgetSettings(per_week=50))
    assert budget.ask(100.0 * WEEK, finding(9.0, certainty=0.99)).told is Told.HELD
    assert budget.ask(100.0 * WEEK + 1, finding(0.15)).told is Told.HELD
    assert budget.ask(100.0 * WEEK + 2, finding(9.0)).told is Told.NEW


@pytest.mark.parametrize(("per_week", "weeks"), [(7.0, 8), (1.0, 26), (7 / 30.4375, 104)])
@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_candidates_is_held_to_the_allowance(per_week: float, weeks: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    budget = Budget(BudgetSettings(per_week=per_week))
    seconds = np.sort(random.uniform(0, weeks * WEEK, 60 * weeks))
    values = 1 + random.pareto(1.5, len(seconds))
    results = told(budget, list(zip(seconds.tolist(), values.tolist(), strict=True)))
    realised = results.count(Told.NEW) / (per_week * weeks)
    assert realised <= 1.1
    if per_week <= 1:
        assert realised >= 0.5


def test_a_smaller_allowance_tells_fewer() -> None:
    random = np.random.default_rng(5)
    seconds = np.arange(0, 8 * WEEK, DAY / 3).tolist()
    values = (1 + random.pareto(2.0, len(seconds))).tolist()
    counts = [
        told(Budget(BudgetSettings(per_week=per_week)), list(zip(seconds, values, strict=True))).count(Told.NEW)
        for per_week in (0.25, 1.0, 7.0)
    ]
    assert counts[0] < counts[1] < counts[2]


def test_what_a_person_confirms_does_not_count() -> None:
    plain, confirmed = Budget(BudgetSettings(per_week=0.5)), Budget(BudgetSettings(per_week=0.5))
    findings = [(2 * DAY * step + WEEK, 3.0) for step in range(20)]
    before = told(plain, findings).count(Told.NEW)
    after = 0
    for second, value in findings:
        if confirmed.ask(second, finding(value)).told is Told.NEW:
            after += 1
            confirmed.confirm()
    assert after > before


def test_a_tier_whose_own_allowance_is_spent_is_capped_below() -> None:
    budget = Budget(BudgetSettings(per_week=7, orange_per_week=0.01))
    verdict = budget.ask(float(WEEK), finding(9.0))
    assert verdict.told is Told.NEW
    assert verdict.cap == "yellow"


def test_what_may_reach_a_tier_is_paid_for_and_may_climb_to_it_throughout() -> None:
    budget = Budget(BudgetSettings(per_week=7, red_per_week=0.5, head_start_weeks=2.0))
    found = [budget.ask(2.0 * DAY * number, finding(9.0)) for number in range(1, 4)]
    assert [one.told for one in found] == [Told.NEW] * 3
    assert [one.cap for one in found] == [None, "orange", "orange"]
    fresh = Budget(BudgetSettings(per_week=7, red_per_week=0.5, head_start_weeks=2.0))
    first, more = fresh.ask(DAY, finding(9.0)), fresh.ask(DAY + 600.0, finding(9.0))
    assert (first.told, first.cap, more.told, more.cap) == (Told.NEW, None, Told.MORE, None)


def test_after_a_calm_time_one_warning_leaves_the_threshold_at_its_lowest() -> None:
    budget = Budget(BudgetSettings())
    budget.ask(20.0 * WEEK, finding(9.0))
    assert budget.limit == pytest.approx(budget.floor)
    budget.ask(20.0 * WEEK + 2 * DAY, finding(9.0))
    assert budget.limit > 1.05 * budget.floor


def test_an_account_saves_up_no_more_than_its_weeks() -> None:
    account = Account(per_week=1.0, weeks=3, start=0.0)
    assert account.holds(50.0 * WEEK) == 3.0


def test_a_large_allowance_tells_more_of_what_the_stream_often_does_and_rests_for_less() -> None:
    day, usual = Budget(BudgetSettings(per_week=7.0)), Budget(BudgetSettings(per_week=2.0))
    start = 60.0 * WEEK
    assert told(day, [(start, 0.6), (start + 13 * HOUR, 0.6)]) == [Told.NEW, Told.NEW]
    assert told(usual, [(start, 0.6), (start + 13 * HOUR, 0.6)]) == [Told.HELD, Told.HELD]
    assert told(usual, [(start + DAY, 3.0), (start + DAY + 13 * HOUR, 3.0)]) == [Told.NEW, Told.HELD]


def test_an_incident_at_the_same_hour_of_the_next_day_is_no_repeat() -> None:
    budget = Budget(BudgetSettings())
    start = 10.0 * WEEK
    assert told(budget, [(start + day * DAY, 4.0) for day in (0, 1, 4, 11)]) == [Told.NEW] * 4
