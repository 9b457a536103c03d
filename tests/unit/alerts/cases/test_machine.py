"""The case machine step by step: what each event does to a case, and every finding with its deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.cases.machine import Case, Finding, FindingKind, apply, begin, due_of, next_of, raise_grade, tick, under
from alerts.cases.settings import CaseSettings
from tests.unit.alerts.cases.given import at, clock, event, settings

TICK = timedelta(microseconds=1)
SPECIAL = [
    {"which": {"channel": ["media"]}, "within": "1h"},
    {"which": {"department": ["finance"]}, "within": "4h"},
    {"which": {"grade": ["urgent"]}, "within": "8h"},
]
GRADED = [{"grade": "urgent", "channel": ["media"]}, {"grade": "serious", "department": ["finance"]}]


def opened(given: CaseSettings, **more: Any) -> Case:
    return begin(event(0, "opened", **more), given)


def after(case: Case, given: CaseSettings, *steps: tuple[float, str]) -> Case:
    for hours, what in steps:
        case, _ = apply(case, event(hours, what), given)
    return case


def test_a_case_begins_with_grade_channel_and_department() -> None:
    given = settings(clock(special=SPECIAL), graded=GRADED)
    media, finance = opened(given, channel="media"), opened(given, department="finance")
    assert (media.grade, media.channel, media.department) == (2, "media", None)
    assert (finance.grade, finance.channel, finance.department) == (1, None, "finance")
    assert (media.since, media.heard, media.resolved, media.paused_at) == (at(0), at(0), False, None)
    lengths = [due_of(one, given.clocks[0], given) - at(0) for one in (media, finance, opened(given))]
    assert lengths == [timedelta(hours=1), timedelta(hours=4), timedelta(hours=24)]


def test_later_events_say_channel_and_department_and_never_unsay_them() -> None:
    given = settings()
    case = opened(given, channel="web")
    case, _ = apply(case, event(1, "assigned", department="finance"), given)
    assert (case.channel, case.department) == ("web", "finance")
    case, _ = apply(case, event(2, "assigned", channel="media"), given)
    assert (case.channel, case.department) == ("media", "finance")


def test_heard_is_the_latest_event_whatever_the_order() -> None:
    case = after(opened(settings()), settings(), (5, "assigned"), (3, "assigned"))
    assert case.heard == at(5)


def test_a_clock_for_some_cases_runs_for_those_alone() -> None:
    for only, more in (
        ({"channel": ["media"]}, {"channel": "media"}),
        ({"department": ["finance"]}, {"department": "finance"}),
        ({"grade": ["serious"]}, {"severity": 3}),
    ):
        given = settings(clock(only=only), graded=[{"grade": "serious", "severity": 3}])
        assert next_of(opened(given, **more), given) is not None
        assert next_of(opened(given), given) is None


def test_each_finding_carries_its_clock_its_deadline_and_its_step() -> None:
    given = settings(clock(warn="2h", escalate=["4h", "24h"]))
    _, told = tick(opened(given), at(100), given)
    assert told == (
        Finding(FindingKind.WARNED, at(22), "answer", at(24)),
        Finding(FindingKind.OVERDUE, at(24), "answer", at(24)),
        Finding(FindingKind.ESCALATED, at(28), "answer", at(24), 1),
        Finding(FindingKind.ESCALATED, at(48), "answer", at(24), 2),
    )


def test_what_is_due_at_the_very_instant_fires_unless_something_is_done_then() -> None:
    given = settings()
    case = opened(given)
    assert tick(case, at(24) - TICK, given)[1] == ()
    assert [one.kind for one in tick(case, at(24), given)[1]] == ["overdue"]
    assert tick(case, at(24), given, inclusive=False)[1] == ()
    assert apply(case, event(24, "assigned"), given)[1] == ()
    assert [one.kind for one in apply(case, event(24.001, "assigned"), given)[1]] == ["overdue"]


def test_of_two_clocks_due_at_once_the_first_in_the_settings_fires_first() -> None:
    given = settings(clock("b"), clock("a"))
    assert [one.clock for one in tick(opened(given), at(24), given)[1]] == ["b", "a"]


def test_one_event_meets_every_clock_it_meets_also_behind_one_that_is_met() -> None:
    given = settings(clock("a"), clock("b", met_by=("resolved",)), clock("c"))
    case = after(opened(given), given, (1, "replied"))
    assert [one.met for one in case.dials] == [True, False, True]
    case = after(case, given, (2, "resolved"))
    assert [one.met for one in case.dials] == [True, True, True]


def test_met_late_and_corrected_carry_the_deadline_they_are_about() -> None:
    given = settings()
    late, _ = tick(opened(given), at(30), given)
    found = [apply(late, event(hours, "replied"), given)[1] for hours in (25, 24, 23)]
    assert found == [
        (Finding(FindingKind.MET_LATE, at(25), "answer", at(24)),),
        (Finding(FindingKind.CORRECTED, at(24), "answer", at(24)),),
        (Finding(FindingKind.CORRECTED, at(23), "answer", at(24)),),
    ]


def test_a_case_is_resolved_by_resolving_alone_and_no_more_when_reopened() -> None:
    given = settings()
    assert after(opened(given), given, (1, "replied")).resolved is False
    done = after(opened(given), given, (1, "resolved"))
    assert done.resolved is True
    again, told = apply(done, event(5, "reopened"), given)
    assert again.resolved is False
    assert (again.since, again.dials[0].met, again.grade) == (at(5), False, 1)
    assert told == (Finding(FindingKind.RAISED, at(5), note="normal to serious: reopened"),)


def test_reopening_forgets_pauses_of_the_time_before() -> None:
    given = settings()
    for steps in (((1, "waiting"),), ((1, "waiting"), (9, "assigned"))):
        again = after(opened(given), given, *steps, (20, "reopened"))
        assert (again.paused_at, again.paused) == (None, timedelta(0))
        assert due_of(again, given.clocks[0], given) == at(44)


def test_a_pause_adds_what_it_lasted_and_waiting_twice_is_one_pause() -> None:
    given = settings()
    case = after(opened(given), given, (2, "waiting"), (4, "waiting"), (7, "assigned"))
    assert (case.paused_at, case.paused) == (None, timedelta(hours=5))
    assert due_of(case, given.clocks[0], given) == at(29)
    case = after(case, given, (8, "waiting"), (8, "rated"), (9, "assigned"))
    assert case.paused == timedelta(hours=6)


def test_what_comes_late_ends_a_pause_without_a_length_below_nothing() -> None:
    given = settings()
    case = after(opened(given), given, (10, "waiting"), (8, "assigned"))
    assert (case.paused_at, case.paused) == (None, timedelta(0))


@pytest.mark.parametrize("what", ["waiting", "reopened"])
def test_what_comes_late_begins_nothing_but_at_the_same_instant_it_does(what: str) -> None:
    given = settings()
    case = after(opened(given), given, (10, "assigned"))
    late, told = apply(case, event(9, what), given)
    assert (late, told) == (case, ())
    same, _ = apply(case, event(10, what), given)
    assert same != case


def test_a_late_reply_meets_its_clock() -> None:
    given = settings()
    assert after(opened(given), given, (10, "assigned"), (9, "replied")).dials[0].met is True


def test_a_grade_rises_to_the_gravest_and_no_further() -> None:
    given = settings()
    case = opened(given)
    told: list[str] = []
    for _ in range(4):
        case, found = raise_grade(case, at(1), given, "why")
        told += [one.note for one in found]
    assert told == ["normal to serious: why", "serious to urgent: why"]
    assert case.grade == 2


def test_other_settings_keep_what_each_clock_and_the_grade_stood_at() -> None:
    before = settings(clock("a"), clock("b", warn="2h"), grades=["low", "mid", "high"])
    case, _ = tick(begin(event(0, "opened"), before), at(23), before)
    case, _ = raise_grade(case, at(1), before, "x")
    moved = under(case, before, settings(clock("b", warn="2h"), clock("new"), grades=["none", "low", "mid"]))
    assert [(one.met, one.fired) for one in moved.dials] == [(False, 1), (True, 0)]
    assert moved.grade == 2
    fewer = under(case, before, settings(clock("a"), grades=["x", "y", "z"]))
    assert fewer.grade == 1
    one = under(case, before, settings(clock("a"), grades=["x"]))
    assert one.grade == 0


def test_a_clock_of_workdays_counts_whole_ones_in_the_zone_of_the_settings() -> None:
    given = settings(clock(workdays=1), zone="Asia/Shanghai")
    late_evening = begin(event(5, "opened"), given)  # 01:00 of the third of March in Shanghai
    assert due_of(late_evening, given.clocks[0], given) == at(5) + timedelta(hours=47)
    assert due_of(opened(given), given.clocks[0], given) == at(28)
