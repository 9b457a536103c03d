"""Cases whose deadline is near or over, as signals: so they are told by rules, routes and rota as everything else is.

In the flow: :class:`alerts.cases.fellow.CaseFellow` gathers what it finds of a brand at one time, and answers with one
signal a clock. Rules make blue of a warning (told in a digest) and page for what was escalated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from alerts.cases.machine import Finding, FindingKind
from alerts.cases.settings import CaseClock, CaseSettings
from contracts.records import Contribution, Signal, SignalKind
from contracts.records.incident import rfc3339
from contracts.series import series_key

_SCORES = {FindingKind.WARNED: 1.0, FindingKind.OVERDUE: 2.0}
_ESCALATED = 2.0
"""An escalation scores this and its step."""
UNKNOWN = "-"
"""A case without a department."""


def score_of(found: Finding) -> float | None:
    """1 near, 2 over, 3 and on escalated; nothing for what is not late.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> kinds = FindingKind.OVERDUE, FindingKind.ESCALATED, FindingKind.RAISED
    >>> [score_of(Finding(kind, at, step=2)) for kind in kinds]
    [2.0, 4.0, None]
    """
    return _ESCALATED + found.step if found.kind is FindingKind.ESCALATED else _SCORES.get(found.kind)


@dataclass(frozen=True, slots=True)
class Late:
    """Cases of one brand that one clock has late."""

    score: float
    """Of the worst."""
    grade: int
    """Of the gravest case, as its place among the grades."""
    departments: Counter[str]
    """How many cases of each."""
    about: str = ""
    """Which they are, so that no two signals of one instant are taken for one."""

    def signal(self, brand: str, at: datetime, clock: CaseClock, settings: CaseSettings) -> Signal:
        """What deciding hears of them at ``at``."""
        count = self.departments.total()
        grade = settings.grades[min(self.grade, len(settings.grades) - 1)]
        return Signal(
            id=blake2b(f"{brand}\n{clock.name}\n{rfc3339(at)}\n{self.about}".encode(), digest_size=8).hexdigest(),
            brand=brand,
            series=series_key({"brand": brand}),
            bucket=at,
            at=at,
            order=(0, 0),
            kind=SignalKind.CASE_LATE,
            observed=float(count),
            expected=0.0,
            score=self.score,
            support=count,
            window_seconds=1,
            labels={"clock": clock.name, "deadline": f"{clock.zh} {clock.en}", "case_grade": grade},
            contributions=tuple(
                Contribution(dimension="department", value=name, excess=float(number))
                for name, number in sorted(self.departments.items(), key=lambda one: (-one[1], one[0]))
            ),
        )


class Gathered:
    """What is found late of one clock at one time: a case counts once, as late as it is found last."""

    def __init__(self) -> None:
        self._cases: dict[str, tuple[float, int, str]] = {}

    def add(self, case: str, score: float, grade: int, department: str | None) -> None:
        """A case is found as late as ``score`` says.

        >>> found = Gathered()
        >>> for score in (1.0, 2.0, 3.0):
        ...     found.add("c1", score, 0, "logistics")
        >>> found.late().score, found.late().departments
        (3.0, Counter({'logistics': 1}))
        """
        known = self._cases.get(case, (0.0, 0, ""))
        self._cases[case] = (max(known[0], score), max(known[1], grade), department or UNKNOWN)

    def late(self) -> Late:
        """All of them together; there must be one."""
        scores, grades, departments = zip(*self._cases.values(), strict=True)
        about = " ".join(f"{case}:{one[0]:g}" for case, one in sorted(self._cases.items()))
        return Late(max(scores), max(grades), Counter(departments), about)
