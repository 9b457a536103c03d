"""Deadlines by grade, channel and department; warned before, escalated after, paused while waiting."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from alerts.cases.fellow import CaseFellow
from tests.unit.alerts.cases.given import at, clock, event, mark, played, settings, shipped

STEPS = clock(warn="2h", escalate=["4h", "24h"])


def test_a_case_is_warned_overdue_and_escalated_each_once() -> None:
    fellow = CaseFellow(settings(STEPS))
    found = played(fellow, event(0, "opened"), mark(1), mark(30), mark(30), mark(100), mark(200))
    assert found == [
        ("warned", "answer", 22),
        ("overdue", "answer", 24),
        ("escalated", "answer", 28),
        ("escalated", "answer", 48),
    ]


def test_a_reply_at_the_deadline_is_in_time_and_a_later_one_is_not() -> None:
    assert played(CaseFellow(settings()), event(0, "opened"), event(24, "replied"), mark(99)) == []
    late = played(CaseFellow(settings()), event(0, "opened"), event(25, "replied"), mark(99))
    assert late == [("overdue", "answer", 24), ("met_late", "answer", 25)]


def test_a_reply_that_is_heard_late_takes_the_reproach_back() -> None:
    found = played(CaseFellow(settings()), event(0, "opened"), mark(30), event(20, "replied"), mark(40))
    assert found == [("overdue", "answer", 24), ("corrected", "answer", 20)]


def test_waiting_for_the_customer_stops_what_pauses_and_nothing_else() -> None:
    fellow = CaseFellow(settings(clock(), clock("first", within="12h", pauses=False)))
    story = (event(0, "opened"), event(10, "waiting"), mark(50), event(60, "assigned"), mark(73), event(74, "replied"))
    assert played(fellow, *story, mark(200)) == [("overdue", "first", 12), ("met_late", "first", 74)]
    fellow = CaseFellow(settings())
    assert played(fellow, *story[:4], mark(200)) == [("overdue", "answer", 74)]


def test_a_reopened_case_begins_anew_a_grade_higher() -> None:
    special = [{"which": {"grade": ["serious"]}, "within": "8h"}]
    fellow = CaseFellow(settings(clock(special=special)))
    story = (event(0, "opened"), event(1, "resolved"), mark(100), event(110, "reopened"), mark(150))
    assert played(fellow, *story) == [("raised", "", 110), ("overdue", "answer", 118)]


def test_the_third_case_of_one_person_within_thirty_days_is_raised() -> None:
    fellow = CaseFellow(settings())
    days = (0, 10, 20, 35, 90)
    story = [event(day * 24, "opened", f"c{day}", author="p") for day in days]
    story += [event(day * 24 + 1, "resolved", f"c{day}") for day in days]
    story.sort(key=lambda one: one.ts)
    assert played(fellow, *story) == [("raised", "", 480), ("raised", "", 840)]
    assert played(CaseFellow(settings()), *(event(1, "opened", f"c{n}", author=f"p{n}") for n in range(9))) == []


def test_finance_has_four_hours_also_when_the_department_is_known_only_later() -> None:
    fellow = CaseFellow(shipped())
    found = played(fellow, event(0, "opened"), event(1, "assigned", department="财务部"), mark(5))
    assert ("overdue", "answer", 4) in found
    other = played(CaseFellow(shipped()), event(0, "opened", department="质量部"), mark(5))
    assert ("overdue", "answer", 4) not in other


@pytest.mark.parametrize(
    ("more", "hours"),
    [({"severity": 5}, 8), ({"severity": 3}, 24), ({"channel": "regulator"}, 24), ({}, 24)],
)
def test_severity_and_channel_grade_a_case(more: dict[str, Any], hours: float) -> None:
    found = played(CaseFellow(shipped()), event(0, "opened", **more), mark(200))
    assert ("overdue", "answer", hours) in found


def test_the_shipped_clocks() -> None:
    found = played(CaseFellow(shipped()), event(0, "opened"), mark(24 * 60))
    overdue = {name: hours for what, name, hours in found if what == "overdue"}
    # Monday 2 March 2026, 20:00 in Shanghai; working days end at 16:00 UTC
    assert overdue == {"first-reply": 0.25, "answer": 24, "solution": 72, "close-7": 220, "close-15": 508}


def test_working_days_know_the_long_holiday_and_the_worked_weekend() -> None:
    days = settings(clock("close", ("resolved",), workdays=7))
    fellow = CaseFellow(days)
    start = (24 * 211) - 4  # Tuesday 29 September 2026, 16:00 in Shanghai
    assert at(start).isoformat() == "2026-09-29T08:00:00+00:00"
    found = played(fellow, event(start, "opened"), mark(start + 24 * 40))
    assert [at(hours).isoformat() for _, _, hours in found] == ["2026-10-14T16:00:00+00:00"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"clocks": [clock(workdays=3, within="1h")]}, "give either within"),
        ({"clocks": [clock(warn="24h")]}, "must be shorter than within"),
        ({"clocks": [clock(escalate=["4h", "2h"])]}, "escalate must rise"),
        ({"clocks": [clock(met_by=("opened",))]}, "must not name the events that begin it"),
        ({"clocks": [clock(), clock()]}, "two clocks share a name"),
        ({"clocks": [clock(only={"grade": ["mild"]})]}, "no such grade: mild"),
        ({"country": "XX"}, "no holidays known"),
    ],
)
def test_what_contradicts_itself_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(**{"clocks": (clock(),), **more}) if "clocks" not in more else settings(*more["clocks"])


def test_memory_is_bounded() -> None:
    fellow = CaseFellow(settings(most_cases=50, most_people=20))
    for number in range(500):
        played(
            fellow, event(number, "opened", f"c{number}", author=f"p{number}"), event(number, "assigned", f"c{number}")
        )
        if number % 2:
            played(fellow, event(number, "resolved", f"c{number}"), mark(number))
    assert len(fellow) <= 50
    assert len(fellow._people) <= 20
    assert sum(map(len, fellow._turns.values())) <= 4 * 50 + 1_000
    played(fellow, mark(10_000))
    assert all(not case.resolved for case in fellow.open_cases())


def test_other_settings_keep_what_stands_and_begin_new_clocks_with_new_cases() -> None:
    fellow = CaseFellow(settings(clock()))
    played(fellow, event(0, "opened", "old"))
    fresh = CaseFellow(settings(clock("new", within="1h"), clock(within="48h"), repeats=2))
    assert fellow.adopt(fresh)
    found = played(fellow, event(10, "opened", "young"), mark(100))
    assert found == [("overdue", "new", 11), ("overdue", "answer", 48), ("overdue", "answer", 58)]
