"""``config/duty.yaml``: people, their channels, rotas, and the escalation of each tier."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from alerts.course import Escalation
from alerts.hours import Clock, Hours, Zone
from alerts.settings import zoned
from alerts.spans import Span
from contracts.records import Tier
from contracts.records.base import Name


class Person(BaseModel):
    """Somebody who can be paged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Names of receivers, the one to be tried first in front."""


class Shift(BaseModel):
    """One person from one time to another, as calendars have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: Name
    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forward(self) -> Shift:
        if self.start >= self.end:
            raise ValueError("a shift must end after it starts")
        return self


class Swap(BaseModel):
    """For a while one person stands in for another; of several, each follows those before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    out: Name
    """Who would be on duty then, by the turn and the swaps before this one."""
    into: Name
    start: AwareDatetime
    end: AwareDatetime
    comment: str = ""

    @model_validator(mode="after")
    def _possible(self) -> Swap:
        if self.start >= self.end:
            raise ValueError("a swap must end after it starts")
        if self.out == self.into:
            raise ValueError(f"{self.into} cannot stand in for {self.out}; name two people")
        return self

    @property
    def reverse(self) -> Swap:
        """The swap that takes this one back."""
        return self.model_copy(update={"out": self.into, "into": self.out})

    def takes_back(self, other: Swap) -> bool:
        """Whether it is the other one the other way round, for the same time."""
        return (self.out, self.into, self.start, self.end) == (other.into, other.out, other.start, other.end)


class Rota(BaseModel):
    """People in turn, or the shifts of a calendar.

    ``handover`` gives the times of day at which the next one may take over, in ``zone``; ``every`` counts them:
    one handover a day with ``every: 7`` is a weekly turn, ``["08:00", "20:00"]`` with ``every: 1`` twelve hours each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    order: tuple[Name, ...] = ()
    begin: date = date(2026, 1, 5)
    """Local day of the first handover, which the first person takes."""
    handover: Annotated[tuple[Clock, ...], Field(min_length=1, max_length=24)] = Field(
        default=("09:00",), validate_default=True
    )
    every: Annotated[int, Field(ge=1, le=1000)] = 7
    zone: Zone = "UTC"
    hours: Hours | None = None
    """Only then; outside of it this rota names nobody."""
    shifts: tuple[Shift, ...] = ()
    """Of a calendar; they go before the turn."""
    calendar: str | None = None
    """An iCalendar file beside this one that holds the shifts; the summary of each event is the person."""
    swaps: tuple[Swap, ...] = ()
    """The one made first in front."""

    @model_validator(mode="after")
    def _somebody(self) -> Rota:
        if not self.order and not self.shifts and self.calendar is None:
            raise ValueError(f"rota {self.name} names nobody; give order, shifts, or a calendar")
        if list(self.handover) != sorted(set(self.handover)):
            raise ValueError("times of handover must rise, each once")
        return self


class DutySettings(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: Zone = "UTC"
    """Time zone of rotas and hours that name none."""
    people: tuple[Person, ...] = ()
    rotas: tuple[Rota, ...] = ()
    escalation: dict[Tier, Escalation] = Field(default_factory=dict)
    """By tier: who is paged at once, and who after that until somebody acknowledges."""
    next_after: Annotated[Span, Field(gt=timedelta(0), le=timedelta(minutes=5))] = timedelta(seconds=20)
    """How long one channel of a person is tried before the next one is, and then the next person."""

    @model_validator(mode="before")
    @classmethod
    def _zones(cls, value: Any) -> Any:
        zone = value.get("zone") if isinstance(value, dict) else None
        if not isinstance(zone, str):
            return value
        given = zoned(value, zone)
        rotas = given.get("rotas")
        if isinstance(rotas, list):
            given["rotas"] = [{"zone": zone, **one} if isinstance(one, dict) else one for one in rotas]
        return given

    @model_validator(mode="after")
    def _known(self) -> DutySettings:
        people = [one.name for one in self.people]
        rotas = [one.name for one in self.rotas]
        twice = sorted({name for name in people + rotas if (people + rotas).count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands twice among people and rotas; give each its own name")
        named = {name for rota in self.rotas for name in (*rota.order, *(one.person for one in rota.shifts))}
        named |= {name for rota in self.rotas for swap in rota.swaps for name in (swap.out, swap.into)}
        if named - set(people):
            raise ValueError(f"rotas name {', '.join(sorted(named - set(people)))}, who is none of people")
        asked = {name for plan in self.escalation.values() for step in plan.steps for name in step.to}
        if asked - set(people) - set(rotas):
            strange = ", ".join(sorted(asked - set(people) - set(rotas)))
            raise ValueError(f"the escalation leads to {strange}, which is neither a person nor a rota")
        return self

    def person(self, name: str) -> Person:
        """The person called so."""
        return next(one for one in self.people if one.name == name)
