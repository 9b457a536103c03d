"""Response plans that were changed by command: the last version of each counts, above the files. Pure.

A plan is known by its name; what the files do not have cannot be changed. Tasks of runs that were started before
stay as they were asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from alerts.brands import EVERYBODY
from alerts.plans.lint import problems_of
from alerts.plans.settings import Plan, PlanBook
from contracts.errors import Invalid
from contracts.plain import first_of
from contracts.records import Command


@dataclass(frozen=True, slots=True)
class Amended:
    """A version of a plan, by whose command."""

    plan: Plan
    id: str
    author: str
    comment: str
    issued_at: datetime


def amended_of(command: Command, book: PlanBook) -> Amended:
    """What a command of the kind ``plans`` says; raises Invalid with all that is wrong with it."""
    if command.brand != EVERYBODY:
        raise Invalid("a plan is for all brands; give the command for *")
    try:
        plan = Plan.model_validate(command.args.get("plan"))
    except ValidationError as error:
        raise Invalid(f"args.plan.{first_of(error, Plan)}") from None
    if book.plan(plan.name) is None:
        known = ", ".join(one.name for one in book.plans)
        raise Invalid(f"no plan is called {plan.name}; known: {known or 'none'}; a new one is a new file")
    found = problems_of(plan, {})
    if found:
        raise Invalid("; ".join(found))
    return Amended(plan, command.id, command.author, command.reason, command.issued_at)


def above(book: PlanBook, amended: Mapping[str, Amended]) -> PlanBook:
    """The plans as they hold."""
    plans = tuple(amended[one.name].plan if one.name in amended else one for one in book.plans)
    return book.model_copy(update={"plans": plans})
