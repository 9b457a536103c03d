"""Which cases are late and not answered yet: while there are some their incident goes on, and with the last it ends.

In the flow: :class:`alerts.cases.fellow.CaseFellow` tells of every change of a case, and after it asks of which clocks
other cases are late than before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from alerts.cases.late import UNKNOWN, Late
from alerts.cases.machine import Case, late_of
from alerts.cases.settings import CaseClock, CaseSettings
from alerts.lasting import Lasting
from alerts.state import scope_of
from contracts.records import Signal

How = tuple[int, int]
"""How late (1 near, 2 over, 3 and on escalated) a case of which grade is."""


class Unanswered:
    """Counts late cases by brand, clock, lateness and grade. Memory: a few numbers a brand and clock.

    Parameters
    ----------
    cases
        Those known already.
    """

    def __init__(self, cases: Iterable[Case], settings: CaseSettings) -> None:
        self._settings = settings
        self._counts: dict[str, dict[str, Counter[How]]] = {}
        self._stirred: dict[str, set[str]] = {}
        for case in cases:
            self.moves(None, case)

    def moves(self, before: Case | None, after: Case | None) -> None:
        """A case was one way and is another way; none: it was not known, or is forgotten."""
        for case, step in ((before, -1), (after, 1)):
            if case is not None:
                for clock, late in late_of(case, self._settings):
                    self._count(case.brand, clock, (late, case.grade), step)

    def stir(self, brand: str, clock: str) -> None:
        """Say next time how this clock stands, whether or not it changes."""
        self._stirred.setdefault(brand, set()).add(clock)

    def clocks(self) -> Iterator[tuple[str, str]]:
        """Brand and clock wherever a case is late."""
        for brand, clocks in self._counts.items():
            yield from ((brand, clock) for clock in clocks)

    def told(self, brand: str, at: datetime) -> Iterator[Lasting]:
        """What lasts at ``at``, of each clock that changed since it was told last."""
        for name in sorted(self._stirred.pop(brand, ())):
            clock = next((one for one in self._settings.clocks if one.name == name), None)
            scope = scope_of({"brand": brand, "clock": name})
            yield Lasting(brand, scope, () if clock is None else tuple(self._signals(brand, at, clock)))

    def _signals(self, brand: str, at: datetime, clock: CaseClock) -> Iterator[Signal]:
        for (late, grade), count in sorted(self._counts.get(brand, {}).get(clock.name, {}).items()):
            yield Late(float(late), grade, Counter({UNKNOWN: count})).signal(brand, at, clock, self._settings)

    def _count(self, brand: str, clock: str, how: How, step: int) -> None:
        clocks = self._counts.setdefault(brand, {})
        late = clocks.setdefault(clock, Counter())
        if not late[how] or not late[how] + step:
            self.stir(brand, clock)
        late[how] += step
        if not late[how]:
            del late[how]
        if not late:
            del clocks[clock]
        if not clocks:
            del self._counts[brand]
