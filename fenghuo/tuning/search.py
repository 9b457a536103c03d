"""Searches for the settings that cost least, and says what they are worth on series that were not searched on.

Only what decides is searched (threshold, repeats, allowance): that is decided again from stored scores, thousands of
times a minute. Each labelled series is left out once, the others are searched, and the one left out is judged with what
was found: the mean of these is the honest figure. What is proposed in the end was searched on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import optuna

from contracts.errors import InvalidSettings
from detectors.budget_settings import BudgetSettings
from fenghuo.tuning.cases import Case
from fenghuo.tuning.compare import Kept, whole
from fenghuo.tuning.measure import Outcome, total

_SPACE: dict[str, tuple[float, float]] = {
    "start": (0.8, 4.0),
    "lowest": (0.5, 2.0),
    "highest": (1.2, 6.0),
    "gain": (0.02, 0.5),
    "repeat_hours": (4.0, 72.0),
    "larger": (1.2, 8.0),
}
"""What is searched, within what bounds, all on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a search found."""

    values: dict[str, float]
    """By name within ``budget``."""
    seen: Outcome
    """With these values on the series they were searched on: too good to be believed."""
    unseen: Outcome
    """On each series with values searched on the others."""
    present: Outcome
    """With the settings as they are."""


def search(
    cases: Sequence[Case],
    kept: Kept,
    budget: BudgetSettings,
    *,
    trials: int,
    false: float,
    seed: int = 1,
    told: Callable[[int], None] = lambda done: None,
) -> Proposal:
    """The best of ``trials`` per series left out; a false warning costs ``false`` of a missed window.

    The same arguments give the same proposal. Raises :class:`~contracts.errors.InvalidSettings` with fewer than two
    labelled series.
    """
    labelled = [case for case in cases if case.windows]
    if len(labelled) < 2:
        raise InvalidSettings(
            "option labels", "a search needs at least two series with labelled windows, to leave one out each time"
        )
    done = _Counter(told)
    unseen = []
    for out in labelled:
        values = _best([one for one in labelled if one is not out], kept, budget, trials, false, seed, done)
        unseen.append(whole([out], kept, with_values(budget, values)))
    values = _best(labelled, kept, budget, trials, false, seed, done)
    seen = whole(labelled, kept, with_values(budget, values))
    return Proposal(values, seen, total(unseen), whole(labelled, kept, budget))


def with_values(budget: BudgetSettings, values: dict[str, Any]) -> BudgetSettings:
    """``budget`` with these values, checked."""
    return BudgetSettings.model_validate({**budget.model_dump(), **values})


class _Counter:
    """Counts trials over all searches."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self._told = told
        self._done = 0

    def __call__(self) -> None:
        self._done += 1
        self._told(self._done)


def _best(
    cases: Sequence[Case],
    kept: Kept,
    budget: BudgetSettings,
    trials: int,
    false: float,
    seed: int,
    done: Callable[[], None],
) -> dict[str, float]:
    """Starts from the settings as they are, so that it never proposes what is worse on these series."""

    def cost(trial: optuna.Trial) -> float:
        values = {name: trial.suggest_float(name, *bounds, log=True) for name, bounds in _SPACE.items()}
        done()
        if values["lowest"] > values["highest"]:
            return float("inf")
        return whole(cases, kept, with_values(budget, values)).cost(false)

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    present = budget.model_dump()
    study.enqueue_trial({name: min(max(present[name], low), high) for name, (low, high) in _SPACE.items()})
    study.optimize(cost, n_trials=trials)
    return {name: float(f"{value:.4g}") for name, value in study.best_params.items()}
