"""What complaints were graded gives a case its grade, and with it its deadlines."""

from __future__ import annotations

import pytest

from alerts.cases.fellow import CaseFellow
from alerts.ledger.chain import Note
from alerts.rules import Match
from contracts.records import CaseGrade, Grade
from tests.unit.alerts.cases.given import at, clock, event, mark, noted, played, settings
from tests.unit.alerts.given import signal

GRADED = [{"grade": "urgent", "evaluated": "critical"}, {"grade": "serious", "evaluated": "serious"}]
SPECIAL = [{"which": {"grade": ["urgent"]}, "within": "8h"}]


def fellow(**more: object) -> CaseFellow:
    return CaseFellow(settings(clock(special=SPECIAL), graded=GRADED, **more))


def grade(hours: float, what: Grade, case: str = "c1") -> CaseGrade:
    return CaseGrade(
        brand="Delta",
        case_id=case,
        mention="m",
        at=at(hours),
        grade=what,
        centre=1.0,
        memberships={one.value: 1.0 if one is what else 0.0 for one in Grade},
        factors={"heat": (0.0, 0.0, 0.5, 0.5)},
    )


def test_a_grade_known_before_the_case_is_opened_sets_its_deadline() -> None:
    found = played(fellow(), grade(0, Grade.CRITICAL), event(1, "opened"), mark(30))
    assert found == [("graded", "", 1), ("overdue", "answer", 9)]


def test_a_grade_that_comes_later_brings_the_deadline_forward_once() -> None:
    story = (event(0, "opened"), grade(2, Grade.CRITICAL), grade(3, Grade.CRITICAL), mark(30))
    assert played(fellow(), *story) == [("graded", "", 2), ("overdue", "answer", 8)]


def test_a_lower_grade_changes_nothing() -> None:
    story = (event(0, "opened", severity=0), grade(1, Grade.CRITICAL), grade(2, Grade.SERIOUS), grade(3, Grade.MINOR))
    assert played(fellow(), *story, mark(30)) == [("graded", "", 1), ("overdue", "answer", 8)]
    assert played(fellow(), grade(0, Grade.MINOR), event(1, "opened"), mark(30)) == [("overdue", "answer", 25)]


@pytest.mark.parametrize("which", ["channel", "department"])
def test_a_grade_may_ask_for_the_channel_and_the_department_of_the_case(which: str) -> None:
    graded = [{"grade": "urgent", "evaluated": "critical", which: ["desk"]}]
    one = CaseFellow(settings(clock(special=SPECIAL), graded=graded))
    here, there = event(0, "opened", **{which: "desk"}), event(0, "opened", "c2", **{which: "shop"})
    story = (here, there, grade(2, Grade.CRITICAL), grade(2, Grade.CRITICAL, "c2"), mark(30))
    assert played(one, *story) == [("graded", "", 2), ("overdue", "answer", 8), ("overdue", "answer", 24)]


def test_a_resolved_case_is_left_alone() -> None:
    assert played(fellow(), event(0, "opened"), event(1, "resolved"), grade(2, Grade.CRITICAL), mark(99)) == []


def test_the_note_shows_the_memberships() -> None:
    one = fellow()
    answers = [note for happening in (event(0, "opened"), grade(2, Grade.SERIOUS)) for note in noted(one, happening)]
    (note,) = (one for one in answers if isinstance(one, Note))
    assert (note.what, note.body["grade"]) == ("case.graded", "serious")
    assert note.body["note"] == (
        "serious by evaluation: minor 0.00, moderate 0.00, serious 1.00, critical 0.00 (heat 0.00 0.00 0.50 0.50)"
    )


def test_grades_that_wait_for_their_case_are_bounded() -> None:
    one = fellow(most_cases=5)
    for number in range(50):
        assert list(one.follow(grade(0, Grade.CRITICAL, case=f"c{number}"))) == []
    assert played(one, event(1, "opened", case="c0"), mark(9.5)) == []
    assert played(one, event(1, "opened", case="c49"), mark(9.5)) == [("graded", "", 1), ("overdue", "answer", 9)]


def test_a_rule_may_ask_for_the_grade() -> None:
    match = Match(where={"grade": ["serious", "critical"]})
    assert match.fits(signal(0, labels={"grade": "critical"}))
    assert not match.fits(signal(0, labels={"grade": "minor"}))
    assert not match.fits(signal(0))
