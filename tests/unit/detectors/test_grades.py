"""How grave cases are: graded from evidence and what is remembered, told as it rises, on signals too."""

from __future__ import annotations

import pickle

import pytest

from contracts.codec import decode_mixed, encode_mixed
from contracts.records import CaseGrade, CaseWords, Closed, Evidence, Grade, PaneCounts, Sentiment
from detectors.agents import DetectCore
from detectors.brand import BrandDetector
from detectors.grades import Grades
from detectors.settings import DetectSettings
from streams.text.grade import Grader, GradeSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, evidence, pane_input

GRADER = Grader(GradeSettings())
CALM = {
    "case_id": "c",
    "sentiment": Sentiment.NEGATIVE,
    "category": "logistics",
    "heat": 0.1,
    "case_words": CaseWords(),
}


def complaint(number: int, **fields: object) -> Evidence:
    return evidence(BASE + number, 0, **(CALM | fields))


def graded(*complaints: Evidence, every: int = 1, save: bool = False) -> list[CaseGrade]:
    detector = BrandDetector("B", PANES, DetectSettings(), GRADER)
    found: list[CaseGrade] = []
    for number, one in enumerate(complaints):
        pane = BASE + every * number
        found += detector.step(pane, pane_input("B", (one,)), alive_at(pane)).grades
        if save:
            detector = pickle.loads(pickle.dumps(detector))  # noqa: S301
    return found


def test_a_case_is_graded_once_and_again_when_it_rises() -> None:
    found = graded(complaint(0), complaint(1), complaint(2, category="privacy-leak"), complaint(3))
    assert [(one.grade, one.reason) for one in found] == [(Grade.MINOR, "evaluation"), (Grade.CRITICAL, "at_least")]
    assert found[0].at == PANES.start_of(BASE + 1)
    assert sum(found[0].memberships.values()) == pytest.approx(1, abs=1e-5)
    assert set(found[0].factors) == {"category", "heat", "reach", "repeats", "authority"}


def test_what_belongs_to_no_case_or_is_said_by_staff_has_no_grade() -> None:
    assert graded(complaint(0, case_id=None), complaint(1, author_class="agent")) == []


def test_authorities_and_repeats_make_it_graver() -> None:
    plain, named = (graded(complaint(0, case_words=CaseWords(authority=n)))[0].centre for n in (0, 2))
    assert named > plain
    again = graded(*(complaint(n, author="a", case_id=f"c{n}") for n in range(4)), every=60)
    assert [one.factors["repeats"][0] for one in again] == [1.0, 0.0, 0.0, 0.0]
    assert again[-1].centre > again[0].centre


def test_a_saved_detector_grades_on() -> None:
    story = [complaint(n, category=name) for n, name in enumerate(("logistics", "price", "safety", "privacy-leak"))]
    assert graded(*story, save=True) == graded(*story)


def test_the_label_grade_stands_on_signals_of_single_voices() -> None:
    detector = BrandDetector("B", PANES, DetectSettings(), GRADER)
    heavy = complaint(0, reach=9_000_000, category="safety")
    (signal,) = detector.step(BASE, pane_input("B", (heavy,)), alive_at(BASE)).signals
    assert signal.labels["grade"] == "serious"


def test_cases_are_bounded() -> None:
    grades = Grades("B", GRADER, cases=10)
    for number in range(100):
        grades.hear(complaint(number, case_id=f"c{number}"), 1, PANES.start_of(BASE))
    assert len(grades) == 10


def test_a_worker_grades_the_cases_that_it_hears_of() -> None:
    one = complaint(0)
    given = pane_input("B", (one,))
    counts = PaneCounts(partition=0, pane=BASE, brand="B", part=0, rows=given.rows, evidence=given.evidence)
    closed = Closed(partition=0, closed=BASE + 1, alive=((BASE, one.source),))
    found = DetectCore(0, 1, PANES, DetectSettings(), GRADER).take(encode_mixed([counts, closed]))
    graded = [one for out in found for one in decode_mixed(out.value) if isinstance(one, CaseGrade)]
    assert [(one.brand, one.case_id) for one in graded] == [("B", "c")]


def test_another_grading_needs_a_state_from_the_log() -> None:
    one = DetectCore(0, 1, PANES, DetectSettings(), GRADER)
    assert one.adopt(DetectCore(0, 1, PANES, DetectSettings(), Grader(GradeSettings())))
    assert not one.adopt(DetectCore(0, 1, PANES, DetectSettings(), Grader(GradeSettings(weights={"heat": 1.0}))))
