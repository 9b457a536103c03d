"""Settings of the forecast (capacity, horizon, country), and of what is announced; see :mod:`detectors.settings`.

>>> ForecastSettings(capacity={"*": 100, "Delta": 40}).capacity_of("Delta")
40.0
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from contracts.workdays import Country

Capacity = Annotated[float, Field(gt=0, le=1e9)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Announced(_Frozen):
    """Something that will bring more (or fewer) voices: a promotion, a launch, a maintenance."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    start: AwareDatetime
    end: AwareDatetime
    factor: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """Times the usual volume."""
    brands: tuple[str, ...] = ("*",)
    """Brands it concerns; ``*`` is all."""

    @model_validator(mode="after")
    def _forward(self) -> Announced:
        if self.end <= self.start:
            raise ValueError(f"the announced event {self.name!r} ends before it starts")
        return self


class ForecastSettings(_Frozen):
    """``forecast``: the next hours and days, and whether they pass a capacity."""

    capacity: dict[str, Capacity] = Field(default_factory=dict)
    """Voices an hour that can be dealt with, by brand; ``*`` stands for any other. Without one there is no signal."""
    hours: Annotated[int, Field(ge=1, le=168)] = 24
    """How far ahead a capacity is watched."""
    likely: Annotated[float, Field(gt=0.05, lt=1)] = 0.5
    """Chance of passing the capacity in some hour from which it is told (score 1)."""
    least_age_hours: Annotated[float, Field(ge=0, le=10_000)] = 72.0
    """A brand watched for less is ``warming``."""
    country: Country = "CN"
    """Whose holidays count, as two letters; empty for none."""

    def capacity_of(self, brand: str) -> float | None:
        """The capacity for a brand, if there is one."""
        return self.capacity.get(brand, self.capacity.get("*"))
