"""How grave each case is, over all its complaints: graded as they come, told when it is known first and as it rises.

Category, heat, reach, value and authorities come with the complaint; how often its author or case has complained is
known here. Memory is bounded: the cases not heard for longest are forgotten first, and graded anew when they come back.
"""

from __future__ import annotations

from datetime import datetime

from contracts.ports import Grader
from contracts.records import CaseGrade, Evidence, Facts, Graded


class Grades:
    """The grades of one brand's cases.

    Parameters
    ----------
    cases
        How many are remembered.
    """

    __slots__ = ("_brand", "_cases", "_grader", "_most")

    def __init__(self, brand: str, grader: Grader, cases: int) -> None:
        self._brand = brand
        self._grader = grader
        self._most = cases
        self._cases: dict[str, int] = {}
        """The rank told of each case, the one heard of longest ago first."""

    def of(self, one: Evidence, times: int) -> Graded:
        """The grade of one complaint; ``times`` are the complaints of its author or case, this one included."""
        words = one.case_words
        facts = Facts(
            category=one.category,
            heat=one.heat,
            customer_value=one.customer_value,
            reach=one.reach,
            repeats=times,
            authority=0 if words is None else words.authority,
        )
        return self._grader.grade(facts)

    def hear(self, one: Evidence, times: int, at: datetime) -> CaseGrade | None:
        """Take in a complaint; the grade of its case, if that is new or higher than what was told."""
        if one.case_id is None:
            return None
        graded = self.of(one, times)
        known = self._cases.pop(one.case_id, None)
        rank = graded.grade.rank if known is None else max(known, graded.grade.rank)
        self._cases[one.case_id] = rank
        while len(self._cases) > self._most:
            del self._cases[next(iter(self._cases))]
        if rank == known:
            return None
        return CaseGrade(
            brand=self._brand,
            case_id=one.case_id,
            mention=one.id,
            at=at,
            grade=graded.grade,
            centre=graded.centre,
            memberships=dict(graded.memberships),
            factors={name: _six(row) for name, row in graded.factors.items()},
            reason=graded.reason,
        )

    def __len__(self) -> int:
        """How many cases are remembered."""
        return len(self._cases)


def _six(row: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return round(row[0], 6), round(row[1], 6), round(row[2], 6), round(row[3], 6)
