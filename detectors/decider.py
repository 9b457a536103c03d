"""What findings of a brand become: by its budget, and, told to nobody, by one on trial beside it (``shadow``).

Both are asked about the very same findings, hear the same words of people, and run the same code. What each says of a
series is kept for the row of its bucket, so that they can be compared later.
"""

from __future__ import annotations

from typing import NamedTuple

from detectors.budget import Budget, Confirmed, Told, Verdict
from detectors.protocol import Score
from detectors.settings import DetectSettings

_RANKS = (Told.HELD, Told.MORE, Told.NEW)


class Said(NamedTuple):
    """The most that became of the findings of one series in one bucket."""

    told: Told
    shadow: Told | None
    """By the settings on trial; ``None`` without any."""


class Decider:
    """The budgets of one brand, watched since a second.

    >>> from contracts.records import State
    >>> from detectors.protocol import Reason
    >>> decider = Decider(DetectSettings(shadow={"per_week": 0.1, "start": 5.0}))
    >>> finding = Score(3.0, State.READY, Reason.BEYOND, certainty=4.0)
    >>> decider.ask(360_000.0, "brand=A", finding).told.value, decider.said()
    ('new', {'brand=A': Said(told=<Told.NEW: 'new'>, shadow=<Told.HELD: 'held'>)})
    """

    __slots__ = ("_said", "_shadow", "live")

    def __init__(self, settings: DetectSettings, since: float = 0.0) -> None:
        self.live = Budget(settings.budget, since)
        trial = settings.on_trial
        self._shadow = None if trial is None else Budget(trial, since)
        self._said: dict[str, Said] = {}

    def ask(self, second: float, series: str, score: Score) -> Verdict:
        """What becomes of ``score`` of ``series``, found at ``second``."""
        verdict = self.live.ask(second, score)
        shadow = None if self._shadow is None else self._shadow.ask(second, score).told
        before = self._said.get(series)
        if before is None:
            self._said[series] = Said(verdict.told, shadow)
        else:
            both = None if shadow is None or before.shadow is None else _more(before.shadow, shadow)
            self._said[series] = Said(_more(before.told, verdict.told), both)
        return verdict

    def retune(self, settings: DetectSettings, second: float) -> None:
        """Decide by other limits from ``second`` on; what is on trial keeps its own values."""
        self.live.retune(settings.budget, second)
        trial = settings.on_trial
        if self._shadow is not None and trial is not None:
            self._shadow.retune(trial, second)

    def said(self) -> dict[str, Said]:
        """What was said since the last call, by series."""
        said, self._said = self._said, {}
        return said

    def confirm(self) -> tuple[Confirmed, ...]:
        """A person says that a warning was true: it does not count. What changed, for :meth:`retract`."""
        return tuple(one.confirm() for one in self._budgets())

    def retract(self, confirmed: tuple[Confirmed, ...]) -> None:
        """Take :meth:`confirm` back."""
        for one, before in zip(self._budgets(), confirmed, strict=True):
            one.retract(before)

    @property
    def lean(self) -> int:
        """Steps by which people called warnings noise."""
        return self.live.lean

    def step(self, steps: int) -> None:
        """So many steps more (or fewer) of noise."""
        for one in self._budgets():
            one.lean += steps

    def _budgets(self) -> tuple[Budget, ...]:
        return (self.live,) if self._shadow is None else (self.live, self._shadow)


def _more(one: Told, other: Told) -> Told:
    return max(one, other, key=_RANKS.index)
