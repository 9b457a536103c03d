"""What to simulate: a frozen scenario, from which everything follows byte for byte."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field, field_validator, model_validator

from fenghuo.simulator.incidents import AnyIncident
from fenghuo.simulator.world import BRANDS, CHANNELS, Brand, Channel, Part

Share = Annotated[float, Field(ge=0, le=1)]


class Drift(Part):
    """The negative share moves in a straight line over the whole scenario."""

    first: Share
    last: Share


class Disorder(Part):
    """How a source misbehaves: sends some records again, and some late."""

    repeats: Share = 0.0
    """Share of records sent a second time, up to a minute later."""
    late: Share = 0.0
    """Share of records that come after others with a larger time."""
    lateness: float = Field(default=13.0, ge=0, le=86_400)
    """Seconds by which a late record trails at most."""


class Scenario(Part):
    """A world, a span of event time, and what is planted in it.

    Works for any span and any number of brands: only one local day is held in memory. Ordinary traffic of a
    brand and channel is a function of (seed, names, date), so scenarios with the same seed agree where they overlap.

    >>> from datetime import UTC, datetime
    >>> Scenario(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 3, 2, tzinfo=UTC)).rate
    500.0
    """

    seed: int = Field(default=1, ge=0, lt=2**63)
    start: AwareDatetime
    end: AwareDatetime
    brands: Annotated[tuple[Brand, ...], Field(min_length=1)] = BRANDS
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = CHANNELS
    rate: float = Field(default=500.0, gt=0, le=1e9)
    """Mentions a day and brand on an average day."""
    dispersion: float = Field(default=0.3, ge=0, le=100)
    """Variance of a 5-minute count is mean + dispersion * mean²; 0 is Poisson."""
    noise: float = Field(default=0.15, ge=0, le=2)
    """Standard deviation of the logarithm of the slow random level."""
    noise_hours: float = Field(default=4.0, gt=0, le=12)
    """How long the slow level stays alike."""
    hourly: bool = True
    """Whether hours of the day differ."""
    weekly: bool = True
    """Whether weekends and holidays differ."""
    private: Share = 0.004
    """Share of texts with planted fictitious personal data."""
    drift: Drift | None = None
    disorder: Disorder | None = None
    incidents: tuple[AnyIncident, ...] = ()
    labels: bool = False
    """Adds the true ``sentiment``, ``category`` and ``planted`` to each record."""
    limit: int | None = Field(default=None, ge=0)
    """Stop after so many records, repeats not counted."""

    @field_validator("brands", "channels")
    @classmethod
    def _once(cls, parts: tuple[Brand | Channel, ...]) -> tuple[Brand | Channel, ...]:
        if len({part.name for part in parts}) < len(parts):
            raise ValueError("a name stands twice")
        return parts

    @model_validator(mode="after")
    def _forward(self) -> Scenario:
        if self.end <= self.start:
            raise ValueError("end must lie after start")
        known = {brand.name for brand in self.brands}
        for one in self.incidents:
            if one.brand is not None and one.brand not in known:
                raise ValueError(f"incident {one.kind} is about {one.brand}, which is not in the scenario")
        return self

    def share_of(self, channel: Channel) -> float:
        """The channel's part of a brand's traffic."""
        return channel.share / sum(one.share for one in self.channels)

    def channel(self, name: str) -> Channel:
        """The scenario's channel of this name, or a new and busy one."""
        return next((one for one in self.channels if one.name == name), Channel(name=name, share=0.6))

    def brand_of(self, name: str) -> Brand:
        """The scenario's brand of this name."""
        return next(one for one in self.brands if one.name == name)
