"""A budget instead of a threshold: which findings of a brand become warnings, given what it may cost a week.

Three things together. A **threshold** on the score drifts so that candidates come as often as the allowance says
(adaptive conformal inference in its logarithmic form): a little down with time, a step up with each candidate, never
below what the absolute floor of the detector allows, so nothing is told just to use the allowance up. **One incident
swallows its repeats**: what follows within a day is told as more of the same, unless it is much larger. And an
**account** pays for each warning, filled by the allowance with time: what adaptation is too slow for, it holds back.

References: I. Gibbs and E. Candès, "Adaptive conformal inference under distribution shift", NeurIPS 2021.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from math import exp
from typing import NamedTuple

from detectors.budget_settings import BudgetSettings
from detectors.grid import DAY, HOUR
from detectors.protocol import Score

WEEK = 7 * DAY
TIERS = ("blue", "yellow", "orange", "red")
_USUAL_PER_WEEK = 2.0
"""The allowance at which the threshold starts, and bottoms out, where the settings say."""
_EASE = 1.4
_LEAST_EASED = 0.17
"""How much lower a larger allowance lets it sink: with this power of the allowance, but no lower than this share."""
_REST_SHARE = 0.28
"""Share of the time that the allowance gives each warning through which its like is a repeat, at most."""


class Told(StrEnum):
    """What becomes of a finding."""

    NEW = "new"
    """A warning: it opens an incident and is paid for."""
    MORE = "more"
    """More of an incident that has been told."""
    HELD = "held"
    """Held back: below the threshold, a repeat of what was told within the day, or not in the allowance."""


class Verdict(NamedTuple):
    """A finding after the budget."""

    told: Told
    score: float
    """1 at the threshold of now."""
    cap: str | None = None
    """The highest tier it may have, when the allowance of those above is spent."""


class Confirmed(NamedTuple):
    """Threshold and account before and after a person's word that a warning was true."""

    limit: float
    lowered: float
    held: float
    filled: float
    before: tuple[float, float]
    after: tuple[float, float]
    """The threshold as it was put, and when: what is taken back untouched comes back to the last bit."""


class Account:
    """Warnings that may still be told: fills with time, pays for each, holds no more than some weeks' worth.

    >>> account = Account(per_week=1.0, weeks=4, start=0.5)
    >>> account.pay(0.0), account.pay(0.5 * WEEK), account.pay(0.6 * WEEK)
    (False, True, False)
    """

    __slots__ = ("_at", "_most", "_rate", "held")

    def __init__(self, per_week: float, weeks: float, start: float, since: float = 0.0) -> None:
        self._rate = per_week / WEEK
        self._most = max(1.0, per_week * weeks)
        self.held = min(start, self._most)
        self._at = since

    def holds(self, second: float) -> float:
        """What the account holds at ``second``."""
        return min(self._most, self.held + max(0.0, second - self._at) * self._rate)

    def retune(self, per_week: float, weeks: float, second: float) -> None:
        """Fill at another rate from ``second`` on; what it holds it keeps, as far as it may hold so much."""
        if per_week / WEEK != self._rate:
            self.held = self.holds(second)
            self._at = max(self._at, second)
            self._rate = per_week / WEEK
            self._most = max(1.0, per_week * weeks)

    def pay(self, second: float, debt: float = 0.0) -> bool:
        """Pay for one warning, going no further into ``debt``; False when it cannot."""
        self.held = self.holds(second)
        self._at = second
        if self.held + debt < 1 - 1e-9:
            return False
        self.held -= 1
        return True

    def give(self, much: float) -> None:
        """Give so much back, or take it (below 0); it holds no more than it can."""
        self.held = min(self._most, self.held + much)


class Budget:
    """The budget of one brand, watched since a second; times in seconds, never going back.

    Works at any rate of findings. It does not know which findings were true: what people confirm is given back by
    :meth:`confirm`.

    >>> from contracts.records import State
    >>> from detectors.protocol import Reason
    >>> budget = Budget(BudgetSettings())
    >>> strong = Score(5.0, State.READY, Reason.BEYOND, certainty=4.0)
    >>> [budget.ask(hour * 3600.0, strong).told.value for hour in (100, 101, 110, 300)]
    ['new', 'more', 'held', 'new']
    """

    __slots__ = (
        "_account", "_at", "_begun", "_ceiling", "_drift", "_gain", "_granted", "_height", "_joins", "_larger", "_last",
        "_lowest", "_more", "_repeats", "_settings", "_since", "_tiers", "_told", "lean",
    )  # fmt: skip

    def __init__(self, settings: BudgetSettings, since: float = 0.0) -> None:
        self._gain = settings.gain
        rich: float = (_USUAL_PER_WEEK / settings.per_week) ** settings.tightness
        self._height = settings.start * rich
        """The threshold when it last changed, at :attr:`_since`: from there it drifts down by the time alone."""
        self._since = since
        self._begun = (settings.highest, self._height)
        self.lean = 0
        """Steps by which people called warnings of this brand noise: so much higher stands the threshold."""
        self._take(settings)
        self._account = _account(settings, settings.per_week, since)
        self._tiers = {tier: _account(settings, per_week, since) for tier, per_week in settings.tiers().items()}
        self._at = since
        self._last = self._more = float("-inf")
        self._granted: str | None = None
        """The highest tier that the present incident may have."""
        self._told = 0.0

    @property
    def limit(self) -> float:
        """The threshold of now, but for :attr:`lean`."""
        return max(self._lowest, min(self._ceiling, self._drifted()))

    @property
    def floor(self) -> float:
        """No threshold of this budget lies lower: a finding below it is held, and changes nothing."""
        return self._lowest

    def ask(self, second: float, score: Score) -> Verdict:
        """What becomes of ``score``, found at ``second``."""
        return self.weigh(second, score.value if score.value is not None and score.beyond else 0.0, score.certainty)

    def weigh(self, second: float, value: float, certainty: float) -> Verdict:
        """What becomes of a finding of this score and certainty."""
        if second > self._at:
            self._at = second
        told = min(value / self._threshold(), 2 * certainty - 1)
        if told < 1:
            return Verdict(Told.HELD, told)
        if second - self._more <= self._joins:
            self._more = second
            return Verdict(Told.MORE, told, self._granted)
        if second - self._last < self._repeats and value <= self._larger * self._told:
            return Verdict(Told.HELD, told)
        self._put(min(self._settings.highest, self._eased() * exp(self._gain)))
        if not self._account.pay(second, self._settings.debt if told >= self._settings.urgent else 0.0):
            return Verdict(Told.HELD, told)
        self._last = self._more = second
        self._told = value
        self._granted = self._grant(second)
        return Verdict(Told.NEW, told, self._granted)

    def retune(self, settings: BudgetSettings, second: float) -> None:
        """Decide by other limits from ``second`` on; threshold and account go on from where they are.

        Bounds, allowances, repeats and urgency can be changed so; what the threshold began with, its gain and its aim
        cannot."""
        self._at = max(self._at, second)
        if settings.per_week != self._settings.per_week:
            self._put(self._drifted())
        self._take(settings)
        weeks = settings.saved_weeks
        self._account.retune(settings.pays * settings.per_week, weeks, second)
        before, self._tiers = self._tiers, {}
        for tier, per_week in settings.tiers().items():
            account = self._tiers[tier] = before.get(tier) or _account(settings, per_week, second)
            account.retune(settings.pays * per_week, weeks, second)

    def confirm(self) -> Confirmed:
        """A person says that a warning was true: it does not count. What changed, for :meth:`retract`."""
        limit, held, before = self.limit, self._account.held, (self._height, self._since)
        self._put(max(self._lowest, limit * exp(-self._gain)))
        self._account.give(1.0)
        return Confirmed(limit, self.limit, held, self._account.held, before, (self._height, self._since))

    def retract(self, confirmed: Confirmed) -> None:
        """Take :meth:`confirm` back: exactly, as long as nothing has changed since."""
        limit, lowered, held, filled, before, after = confirmed
        if (self._height, self._since) == after:
            self._height, self._since = before
        else:
            self._put(self.limit * limit / lowered)
        self._account.give(held - filled)
        if self._account.held == filled + (held - filled):
            self._account.held = held

    def _take(self, settings: BudgetSettings) -> None:
        """The limits that follow from settings; no threshold lies above the ceiling."""
        self._settings = settings
        self._joins = settings.joins_hours * HOUR
        self._repeats = min(settings.repeat_hours * HOUR, _REST_SHARE * WEEK / settings.per_week)
        self._larger = settings.larger
        eased: float = (_USUAL_PER_WEEK / settings.per_week) ** _EASE
        self._lowest = settings.lowest * min(1.0, max(_LEAST_EASED, eased))
        self._ceiling = max(self._begun) if settings.highest == self._begun[0] else settings.highest
        self._drift = settings.gain * settings.aim * settings.per_week / WEEK

    def _drifted(self) -> float:
        """Where the threshold has drifted to by now, before its bounds."""
        return self._height * exp(-self._drift * (self._at - self._since))

    def _eased(self) -> float:
        """The threshold that the next candidate raises: after a calm time a single one leaves it at its lowest."""
        return max(self._lowest * exp(-self._gain), min(self._ceiling, self._drifted()))

    def _put(self, limit: float) -> None:
        """Set the threshold of now."""
        self._height, self._since = limit, self._at

    def _threshold(self) -> float:
        """The threshold of now: higher by the steps that people asked for."""
        return self.limit * exp(self._gain * self.lean) if self.lean else self.limit

    def _grant(self, second: float) -> str | None:
        """The tier below the first whose allowance is spent; every tier that the incident may climb to is paid for."""
        for below, tier in pairwise(TIERS):
            account = self._tiers.get(tier)
            if account is not None and not account.pay(second):
                return below
        return None


def _account(settings: BudgetSettings, per_week: float, since: float) -> Account:
    return Account(settings.pays * per_week, settings.saved_weeks, settings.head_start_weeks * per_week, since)
