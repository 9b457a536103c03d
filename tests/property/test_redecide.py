"""Deciding again from columns tells what the live budget tells when it is asked about every single score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from contracts.records import State
from detectors.budget import Budget, Told
from detectors.budget_settings import BudgetSettings
from detectors.protocol import Reason, Score
from detectors.redecide import Finding, Findings, decided

START = datetime(2026, 1, 5, tzinfo=UTC)
ROWS = some.lists(
    some.tuples(some.integers(1, 400), some.floats(0.2, 12), some.floats(0.8, 6)), min_size=1, max_size=120
)
ALLOWED = some.builds(
    BudgetSettings,
    per_week=some.floats(0.1, 30),
    lowest=some.floats(0.3, 1.5),
    gain=some.floats(0.02, 0.5),
    repeat_hours=some.floats(1, 60),
    joins_hours=some.floats(0.1, 8),
    larger=some.floats(1, 6),
    debt=some.floats(0, 2),
)


@given(steps=ROWS, allowance=ALLOWED)
@settings(max_examples=150, deadline=None)
def test_columns_decide_as_the_live_budget_does(
    steps: list[tuple[int, float, float]], allowance: BudgetSettings
) -> None:
    rows, row = [], 0
    for step, value, certainty in steps:
        row += step
        rows.append((row, value, certainty))
    times = [START + timedelta(minutes=10 * place) for place in range(row + 1)]
    live = Budget(allowance, START.timestamp())
    told = []
    for place, value, certainty in rows:
        score = Score(value, State.READY, Reason.BEYOND, certainty=certainty)
        verdict = live.ask(times[place].timestamp(), score)
        if verdict.told is Told.NEW:
            told.append((times[place], verdict.score))
    found = Findings.of(Finding(place, times[place].timestamp(), 0, value, sure, 1.0) for place, value, sure in rows)
    assert [(one.at, one.score) for one in decided(found, allowance, times, START.timestamp())] == told
