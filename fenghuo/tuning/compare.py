"""Two settings on the same series: what each tells, and which warnings come and go. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detectors.budget_settings import BudgetSettings
from detectors.offline import since
from detectors.redecide import Alarm, Findings, decided
from fenghuo.tuning.cases import Case
from fenghuo.tuning.measure import Outcome, missing, outcome, total

Kept = Mapping[str, Findings]
"""What stands out, by series."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One series under two settings."""

    case: Case
    before: list[Alarm]
    after: list[Alarm]
    was: Outcome
    now: Outcome

    @property
    def gained(self) -> list[Alarm]:
        """Warnings that the changed settings add."""
        return missing(self.after, self.before)

    @property
    def lost(self) -> list[Alarm]:
        """Warnings that they take away."""
        return missing(self.before, self.after)


def told(case: Case, found: Findings, budget: BudgetSettings) -> list[Alarm]:
    """The warnings of a series by the very code that decides live."""
    return decided(found, budget, case.series.times, since(case.series.times))


def judged(case: Case, found: Findings, budget: BudgetSettings) -> Outcome:
    """What they are worth."""
    return outcome(told(case, found, budget), case.windows, case.weeks)


def compare(
    cases: Sequence[Case], before: tuple[Kept, BudgetSettings], after: tuple[Kept, BudgetSettings]
) -> list[Compared]:
    """Each series under both settings."""
    made = []
    for case in cases:
        first, second = (told(case, kept[case.name], budget) for kept, budget in (before, after))
        was, now = (outcome(one, case.windows, case.weeks) for one in (first, second))
        made.append(Compared(case, first, second, was, now))
    return made


def whole(cases: Sequence[Case], kept: Kept, budget: BudgetSettings) -> Outcome:
    """All series together."""
    return total(judged(case, kept[case.name], budget) for case in cases)
