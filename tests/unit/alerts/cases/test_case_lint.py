"""Deadlines of cases that contradict each other are named."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.cases.lint import problems
from tests.unit.alerts.cases.given import clock, settings, shipped

SOLVED = ("resolved",)
URGENT = {"which": {"grade": ["urgent"]}, "within": "8h"}
TWO = {"which": {"department": ["a", "b"]}, "within": "4h"}
ONE = {"which": {"department": ["b"]}, "within": "2h"}


def test_the_shipped_clocks_agree() -> None:
    assert problems(shipped()) == []


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        (
            [clock("answer"), clock("solution", SOLVED, within="12h")],
            "clock solution is due (12 h) before answer (24 h) for cases that are normal, though what meets it"
            " (resolved) meets answer too; make it longer or the other shorter",
        ),
        (
            [
                clock("answer"),
                clock("solution", SOLVED, within="72h", special=[URGENT]),
            ],
            "clock solution is due (8 h) before answer (24 h) for cases that are urgent,",
        ),
        (
            [clock("answer", workdays=3), clock("solution", SOLVED, within="48h")],
            "clock solution is due (48 h) before answer (3 working days)",
        ),
        (
            [clock("close-15", SOLVED, workdays=5)],
            "clock close-15 (close-15 close-15) lasts 5 working days, and its name says",
        ),
        (
            [
                clock(
                    special=[
                        {"which": {"department": ["a", "b"]}, "within": "4h"},
                        {"which": {"department": ["b"]}, "within": "2h"},
                    ]
                )
            ],
            "clock answer: special length 2 never holds",
        ),
    ],
)
def test_a_contradiction_is_named(clocks: list[dict[str, Any]], said: str) -> None:
    found = problems(settings(*clocks))
    assert len(found) == 1
    assert found[0].startswith(f"cases.yaml: {said}")


def test_clocks_for_different_cases_do_not_contradict() -> None:
    answer = clock("answer", only={"department": ["a"]})
    assert problems(settings(answer, clock("solution", SOLVED, within="12h", only={"department": ["b"]}))) == []
    assert problems(settings(clock("answer", workdays=3), clock("solution", SOLVED, within="96h"))) == []
