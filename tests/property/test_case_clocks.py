"""Case clocks: restarts and the rhythm of marks change nothing, and a plain calculation finds the same overdue."""

from __future__ import annotations

import csv
import pickle
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts.cases.fellow import CaseFellow
from contracts.records import CaseEvent, Mark
from tests.unit.alerts.cases.given import clock, event, mark, noted, played, settings, shipped

REPLIES = Path(__file__).parents[3] / "shared" / "data" / "citizen_replies_2011_2020.csv"
SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = settings(
    clock(warn="2h", escalate=["4h"]),
    clock("first", ("replied", "waiting", "resolved"), within="1h", pauses=False),
    clock("close", ("resolved",), workdays=2),
)
WHAT = st.sampled_from(["opened", "assigned", "replied", "waiting", "resolved", "reopened", "rated"])
STEPS = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 3), WHAT), min_size=1, max_size=15)


def moment(one: CaseEvent | Mark) -> datetime:
    return one.ts if isinstance(one, CaseEvent) else one.at


def story(steps: list[tuple[int, int, str]]) -> list[CaseEvent]:
    return [event(hours, what, f"c{case}", author="p") for hours, case, what in sorted(steps, key=lambda step: step[0])]


@hypothesis_settings(deadline=None, max_examples=60)
@given(STEPS, st.lists(st.integers(0, 150), max_size=6))
def test_the_rhythm_of_marks_changes_nothing(steps: list[tuple[int, int, str]], marks: list[int]) -> None:
    events = story(steps)
    happened: list[CaseEvent | Mark] = [*events, *map(mark, marks)]
    with_marks = sorted(happened, key=lambda one: (moment(one), isinstance(one, Mark)))
    few = played(CaseFellow(RULES), *events, mark(1_000))
    assert sorted(played(CaseFellow(RULES), *with_marks, mark(1_000))) == sorted(few)


@hypothesis_settings(deadline=None, max_examples=40)
@given(STEPS, st.sets(st.integers(0, 15), max_size=4))
def test_restarts_change_nothing(steps: list[tuple[int, int, str]], cuts: set[int]) -> None:
    records = [one for at in story(steps) for one in (at, mark((at.ts - event(0, "opened").ts).total_seconds() / 3600))]
    whole = played(CaseFellow(RULES), *records, mark(1_000))
    fellow, found = CaseFellow(RULES), []
    for number, record in enumerate([*records, mark(1_000)]):
        if number in cuts:
            fellow = pickle.loads(pickle.dumps(fellow))  # noqa: S301
            assert fellow.adopt(CaseFellow(RULES))
        found += played(fellow, record)
    assert found == whole


def replies() -> list[tuple[str, datetime, datetime]]:
    """Each message once, with its time and the time of the official reply."""
    if not REPLIES.exists():
        pytest.skip(f"{REPLIES.name} is not here: it is for development only and no part of the project")
    with REPLIES.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["id"], datetime.fromisoformat(row["ts"]), datetime.fromisoformat(row["replied_at"]))
            for row in csv.DictReader(file)
            if row["replied_at"]
        ]
    return list({name: (name, asked, replied) for name, asked, replied in rows}.values())


def directly(asked: datetime, workdays: int) -> datetime:
    """The end of the n-th working day after, counted on the fingers."""
    day: date = asked.astimezone(SHANGHAI).date()
    while workdays:
        day += timedelta(days=1)
        workdays -= chinese_calendar.is_workday(day)
    return datetime.combine(day + timedelta(days=1), time(0), SHANGHAI)


def test_ten_years_of_citizens_messages_give_the_overdue_cases_that_a_plain_calculation_gives() -> None:
    rows = [row for row in replies() if row[2] >= row[1]]
    assert len(rows) > 2_000
    steps: list[tuple[datetime, int, str, str]] = []
    for name, asked, replied in rows:
        steps += [(asked, 0, name, "opened"), (replied, 1, name, "resolved")]
    fellow = CaseFellow(shipped())
    found: dict[str, set[str]] = {}
    for when, _, name, what in sorted(steps):
        utc = when.astimezone(UTC)
        step = CaseEvent(
            id=f"{name}-{what}", ts=utc, received_at=utc, source="hall", brand="hall", case_id=name, event=what
        )
        for happening in (step, Mark(brand="hall", at=utc, order=(int(utc.timestamp()) // 5, 0))):
            for note in noted(fellow, happening):
                if note.what == "case.overdue":
                    found.setdefault(str(note.body["clock"]), set()).add(note.subject)
    hours = {"first-reply": 0.25, "answer": 24, "solution": 72}
    for clock_name, length in hours.items():
        late = {name for name, asked, replied in rows if replied > asked + timedelta(hours=length)}
        assert found[clock_name] == late
    for clock_name, days in {"close-7": 7, "close-15": 15}.items():
        assert found[clock_name] == {name for name, asked, replied in rows if replied > directly(asked, days)}
