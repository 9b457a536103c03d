"""Settings of the budget: frozen, range-checked; ``config/detectors.yaml`` repeats them for the person who tunes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class BudgetSettings(BaseModel):
    """How many warnings a brand may cost a week, and how the threshold finds its way to that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_week: Annotated[float, Field(gt=0, le=1000)] = 2.0
    """Warnings a week that a brand may cost, whatever the tier; 0.23 is one a month."""
    yellow_per_week: Annotated[float, Field(gt=0, le=1000)] | None = None
    orange_per_week: Annotated[float, Field(gt=0, le=1000)] | None = None
    red_per_week: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Of these, how many may reach a tier; none given: no limit of its own. What is beyond stays one tier lower."""
    aim: Annotated[float, Field(gt=0.1, le=1)] = 0.6
    """Share of the allowance that the threshold aims at; the rest is for the unforeseen."""
    start: Annotated[float, Field(ge=0.5, le=10)] = 1.8
    """Threshold on the score at first, of a brand of which nothing is known …"""
    lowest: Annotated[float, Field(ge=0.2, le=10)] = 1.0
    highest: Annotated[float, Field(ge=1, le=100)] = 2.0
    """… and its bounds; an allowance above the usual two a week lowers the lower one."""
    tightness: Annotated[float, Field(ge=0, le=1)] = 0.2
    """How much stricter a smaller allowance starts: the threshold goes with this power of the allowance."""
    gain: Annotated[float, Field(gt=0, le=1)] = 0.14
    """How fast the threshold follows: its logarithm rises by so much with each candidate."""
    repeat_hours: Annotated[float, Field(gt=0, le=168)] = 23.5
    """What comes within so long after a warning is a repeat of it (never longer than half of the time that the
    allowance gives each warning: half a day at one a day) …"""
    larger: Annotated[float, Field(ge=1, le=100)] = 3.1
    """… unless its score is so many times larger."""
    joins_hours: Annotated[float, Field(gt=0, le=24)] = 1.0
    """What follows within so long is more of the same incident, however long that lasts."""
    saved_weeks: Annotated[float, Field(ge=1, le=52)] = 6.0
    """Weeks of allowance that can be saved up."""
    head_start_weeks: Annotated[float, Field(ge=0, le=10)] = 2.0
    """Weeks of allowance that a new brand has in its account at once …"""
    pays: Annotated[float, Field(gt=0, le=1)] = 0.7
    """… and the share of the allowance that is paid in, so that the head start is made up for."""
    urgent: Annotated[float, Field(ge=1, le=100)] = 2.0
    """A finding so many times the threshold may be told on credit …"""
    debt: Annotated[float, Field(ge=0, le=10)] = 0.75
    """… of so many warnings."""

    def tiers(self) -> dict[str, float]:
        """The tiers above blue that have an allowance of their own."""
        named = {"yellow": self.yellow_per_week, "orange": self.orange_per_week, "red": self.red_per_week}
        return {tier: allowed for tier, allowed in named.items() if allowed is not None}
