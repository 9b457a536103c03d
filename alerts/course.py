"""What shapes the course of an incident beside its timing: mute calendars and the escalation. Frozen settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.hours import Hours
from alerts.spans import Span
from contracts.records import Tier
from contracts.records.base import Name


class MuteCalendar(BaseModel):
    """Times at which nobody is told of the lower tiers; what is still true afterwards is told then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    hours: Hours
    upto: Tier = Tier.ORANGE
    """The highest tier it holds back; red never is."""
    brands: tuple[Name, ...] = ()
    """Only these brands; empty means all."""
    comment: str = ""

    @model_validator(mode="after")
    def _never_red(self) -> MuteCalendar:
        if self.upto is Tier.RED:
            raise ValueError("a calendar must not mute red; silence it by command for as long as needed")
        return self

    def holds(self, brand: str, tier: Tier, at: datetime) -> bool:
        """Whether it keeps this from being told."""
        named = not self.brands or brand in self.brands
        return named and tier.rank <= self.upto.rank and self.hours.covers(at)


class EscalationStep(BaseModel):
    """Who is paged, and how long after the tier was reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Span = timedelta(0)
    to: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Names of rotas or of people."""


class Escalation(BaseModel):
    """Steps for one tier until somebody acknowledges; then the last one is repeated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: Annotated[tuple[EscalationStep, ...], Field(min_length=1, max_length=20)]
    remind: Span = timedelta(minutes=30)
    """How long after the last step it is paged again; 0 means never."""
    remind_most: Annotated[int, Field(ge=0, le=100)] = 6
    """How often."""

    @model_validator(mode="after")
    def _rising(self) -> Escalation:
        waits = [step.after for step in self.steps]
        if waits[0]:
            raise ValueError("the first step must come at once (after: 0s), or a page would wait for nothing")
        if any(later <= earlier for earlier, later in zip(waits, waits[1:], strict=False)):
            raise ValueError("steps must come one after the other: each `after` longer than the one before")
        return self

    def next_page(self, reached: datetime, paged: int, at: datetime) -> datetime | None:
        """When the page after ``paged`` ones is due: the next step, then reminders, then nothing more."""
        if paged < len(self.steps):
            return reached + self.steps[paged].after
        if not self.remind or paged >= len(self.steps) + self.remind_most:
            return None
        return at + self.remind

    def step_of(self, paged: int) -> int:
        """The step that page number ``paged`` (from 0) belongs to."""
        return min(paged, len(self.steps) - 1)
