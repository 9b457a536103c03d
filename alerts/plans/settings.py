"""What a response plan is, as people write it: one YAML file a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.spans import Span
from contracts.errors import InvalidSettings
from contracts.records import IncidentEvent, SignalKind, Tier
from contracts.records.base import Name
from contracts.yamlfile import line_of, load_yaml, outline

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
"""A name that can be typed: lower-case letters, digits and hyphens."""
Line = Annotated[str, Field(min_length=1, max_length=2_000)]


class Level(StrEnum):
    """Levels of response (响应级别), I the gravest; each belongs to a tier.

    >>> Level.of(Tier.RED), Level.II.tier.value, Level.I.covers(Level.III)
    (<Level.I: 'I'>, 'orange', True)
    """

    I = "I"  # noqa: E741 - the Roman number it is
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def tier(self) -> Tier:
        """The tier that calls for it."""
        return tuple(reversed(Tier))[tuple(Level).index(self)]

    @classmethod
    def of(cls, tier: Tier) -> Level:
        """The level that a tier calls for."""
        return tuple(cls)[len(Tier) - 1 - tier.rank]

    def covers(self, other: Level) -> bool:
        """Whether it is at least as grave: what is done at ``other`` is done at it too."""
        return self.tier.rank >= other.tier.rank


class Frozen(BaseModel):
    """Base of all parts of a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """The same in Chinese and in English."""

    zh: Line
    en: Line

    @property
    def both(self) -> str:
        """Chinese first."""
        return f"{self.zh} {self.en}"


class Role(Frozen):
    """Somebody's part in it."""

    name: Slug
    title: Text
    department: Text
    does: Text


class Start(Frozen):
    """When a rule starts the plan: an incident of at least this tier, of these kinds, in this scope."""

    tier: Tier
    kind: Annotated[tuple[SignalKind, ...], Field(min_length=1)] = tuple(SignalKind)
    where: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    """Dimensions of the incident's scope and the values that fit."""

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if isinstance(value, dict):
            return {name: (one,) if isinstance(one, str) else one for name, one in value.items()}
        return value

    def fits(self, event: IncidentEvent) -> bool:
        """Whether this incident, as it is now, starts the plan."""
        placed = all(event.scope.get(name) in values for name, values in self.where.items())
        return placed and event.tier.rank >= self.tier.rank and event.kind in self.kind


class Task(Frozen):
    """One thing to be done, by whom, by when."""

    name: Slug
    title: Text
    owner: Slug
    """Name of a role."""
    within: Span
    """Deadline, from the start of the plan (or from when its level is reached)."""
    needs: tuple[Slug, ...] = ()
    """Tasks that must be done before."""
    partners: tuple[Slug, ...] = ()
    """Other roles that take part, often of other departments."""
    level: Level = Level.IV
    """The least level that asks for it."""
    template: Slug | None = None
    checklist: tuple[Text, ...] = ()

    @field_validator("within")
    @classmethod
    def _some(cls, value: timedelta) -> timedelta:
        if not value:
            raise ValueError("must be longer than 0")
        return value


class PlanClock(Frozen):
    """A deadline towards the public or an authority; a task meets it."""

    name: Slug
    title: Text
    within: Span
    met_by: Slug
    levels: Annotated[tuple[Level, ...], Field(min_length=1)] = tuple(Level)


class Template(Frozen):
    """A message that waits to be filled in; ``{brand}`` and other :data:`PLACEHOLDERS` stand for what is known."""

    name: Slug
    title: Text
    zh: Line
    en: Line


PLACEHOLDERS = ("brand", "since", "incident", "issue", "action", "contact", "next_update", "place", "time", "owner")
"""What a template may leave open."""


class Plan(Frozen):
    """One response plan."""

    name: Slug
    title: Text
    purpose: Text
    starts: tuple[Start, ...] = ()
    """When a rule starts it; without any it is started by hand alone."""
    remind: Span = timedelta(minutes=5)
    """How long before its deadline an open task is reminded of."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=50)]
    tasks: Annotated[tuple[Task, ...], Field(min_length=1, max_length=200)]
    clocks: Annotated[tuple[PlanClock, ...], Field(max_length=20)] = ()
    templates: Annotated[tuple[Template, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _unique(self) -> Plan:
        for what in ("roles", "tasks", "clocks", "templates"):
            names = [one.name for one in getattr(self, what)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what}: {', '.join(twice)} stands twice; give each its own name")
        return self

    def role(self, name: str) -> Role | None:
        """The role of that name."""
        return next((one for one in self.roles if one.name == name), None)

    def template(self, name: str | None) -> Template | None:
        """The template of that name."""
        return next((one for one in self.templates if one.name == name), None)


class PlanBook(Frozen):
    """All plans, and where each part was written."""

    plans: tuple[Plan, ...] = ()
    places: dict[str, str] = Field(default_factory=dict)
    """``plan`` or ``plan/tasks/name`` → ``file line n``."""

    def plan(self, name: str) -> Plan | None:
        """The plan of that name."""
        return next((one for one in self.plans if one.name == name), None)


def load_plans(folder: Path) -> PlanBook:
    """The plans of all ``*.yaml`` in ``folder``, none if there is no such folder.

    Raises :class:`~contracts.errors.InvalidSettings` for a file that is no plan, or a name that stands twice. What
    contradicts itself is found by :func:`alerts.plans.lint.problems`.
    """
    plans: dict[str, Plan] = {}
    places: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        plan = load_yaml(path, Plan)
        if plan.name in plans:
            raise InvalidSettings(str(path), f"plan {plan.name} stands already in {places[plan.name]}")
        plans[plan.name] = plan
        places[plan.name] = str(path)
        places.update(_places(path, plan))
    return PlanBook(plans=tuple(plans.values()), places=places)


def _places(path: Path, plan: Plan) -> Iterable[tuple[str, str]]:
    node = outline(path)
    for what in ("roles", "tasks", "clocks", "templates"):
        for index, one in enumerate(getattr(plan, what)):
            yield f"{plan.name}/{what}/{one.name}", f"{path} line {line_of(node, (what, index))}"
