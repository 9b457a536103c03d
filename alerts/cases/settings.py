"""Deadlines of cases, as people write them: ``config/cases.yaml``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.hours import Zone
from alerts.spans import Span
from contracts.records import CaseEventKind, Grade
from contracts.records.base import Name
from contracts.workdays import Country

DEFAULT_GRADES = ("normal", "serious", "urgent")


class Frozen(BaseModel):
    """Base of these settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Which(Frozen):
    """Which cases; what is not given fits all."""

    grade: tuple[Name, ...] = ()
    channel: tuple[Name, ...] = ()
    department: tuple[Name, ...] = ()

    def fits(self, grade: str, channel: str | None, department: str | None) -> bool:
        """Whether a case of this grade, channel and department is meant."""
        return (
            (not self.grade or grade in self.grade)
            and (not self.channel or channel in self.channel)
            and (not self.department or department in self.department)
        )


class Length(Frozen):
    """A span of time, or working days: the end of the n-th working day after the day it begins."""

    within: Span | None = None
    workdays: Annotated[int, Field(ge=1, le=260)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.within is None) == (self.workdays is None):
            raise ValueError("give either within (like 24h) or workdays (a number)")
        return self


class Special(Length):
    """Another length for some cases; of several that fit, the first holds."""

    which: Which


class CaseClock(Length):
    """One deadline of every case, or of those that ``only`` names."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    zh: Name
    en: Name
    met_by: Annotated[tuple[CaseEventKind, ...], Field(min_length=1)]
    """The first of these events meets it."""
    warn: Span = timedelta(0)
    """How long before; 0 warns of nothing."""
    escalate: Annotated[tuple[Span, ...], Field(max_length=10)] = ()
    """How long after, step by step."""
    pauses: bool = True
    """Whether it stands still while the customer is waited for."""
    only: Which = Which()
    special: tuple[Special, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if list(self.escalate) != sorted(set(self.escalate)):
            raise ValueError("escalate must rise, like [2h, 8h, 24h]")
        if CaseEventKind.OPENED in self.met_by or CaseEventKind.REOPENED in self.met_by:
            raise ValueError("met_by must not name the events that begin it (opened, reopened)")
        lengths: tuple[Length, ...] = (self, *self.special)
        for one in lengths:
            if one.within is not None and self.warn >= one.within:
                raise ValueError(f"warn ({self.warn}) must be shorter than within ({one.within})")
        return self

    def length(self, grade: str, channel: str | None, department: str | None) -> Length:
        """How long it runs for such a case."""
        for one in self.special:
            if one.which.fits(grade, channel, department):
                return one
        return self


class Graded(Frozen):
    """The grade that some cases begin with."""

    grade: Name
    severity: Annotated[int, Field(ge=0, le=5)] = 0
    """Of at least this severity."""
    evaluated: Grade = Grade.MINOR
    """Whose complaints were graded so or graver (``grade.yaml``)."""
    channel: tuple[Name, ...] = ()
    department: tuple[Name, ...] = ()


class CaseSettings(Frozen):
    """All clocks of cases, and how cases are graded."""

    zone: Zone = "Asia/Shanghai"
    """Whose days working days are."""
    country: Country = "CN"
    """Whose holidays and make-up workdays."""
    grades: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10)] = DEFAULT_GRADES
    """From the least to the gravest."""
    graded: tuple[Graded, ...] = ()
    """The first that fits says with what grade a case begins; otherwise the least."""
    repeats: Annotated[int, Field(ge=2, le=100)] = 3
    """So many cases of one person within ``repeat_window`` raise each further one a grade."""
    repeat_window: Span = timedelta(days=30)
    keep_closed: Span = timedelta(days=30)
    """How long a resolved case is remembered, so that it can be reopened."""
    most_cases: Annotated[int, Field(ge=1, le=10_000_000)] = 50_000
    """Of one partition; beyond it the one heard of longest ago is forgotten, resolved ones first."""
    most_people: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000
    """Of one partition, for counting repeats; beyond it the one heard of longest ago is forgotten."""
    clocks: Annotated[tuple[CaseClock, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        names = [one.name for one in self.clocks]
        if len(set(names)) < len(names):
            raise ValueError(f"two clocks share a name ({', '.join(names)}); give each its own")
        named = {one.grade for one in self.graded}
        named |= {grade for clock in self.clocks for grade in clock.only.grade}
        named |= {grade for clock in self.clocks for one in clock.special for grade in one.which.grade}
        unknown = sorted(named - set(self.grades))
        if unknown:
            raise ValueError(f"no such grade: {', '.join(unknown)}; grades are {', '.join(self.grades)}")
        return self

    def first_grade(
        self, severity: int | None, channel: str | None, department: str | None, evaluated: Grade = Grade.MINOR
    ) -> int:
        """The grade that a case begins with, as its place in ``grades``."""
        for one in self.graded:
            which = Which(channel=one.channel, department=one.department)
            grave = (severity or 0) >= one.severity and evaluated.rank >= one.evaluated.rank
            if grave and which.fits("", channel, department):
                return self.grades.index(one.grade)
        return 0
