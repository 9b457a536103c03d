"""Settings of the counting stage."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.series import DIMENSIONS


class CountSettings(BaseModel):
    """Which series exist, what is hot, and how long an id is remembered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series: tuple[tuple[str, ...], ...] = (("channel",), ("category",), ("region",), ("emotion",))
    """Combinations of dimensions counted beside the brand's own series."""
    hot: Annotated[float, Field(gt=0, le=1)] = 0.6
    """A negative mention of at least this heat is hot."""
    horizon: Annotated[float, Field(ge=60, le=30 * 86_400)] = 7_200.0
    """Seconds of event time during which a repeated id is a repeat."""
    patience: Annotated[float, Field(ge=1, le=86_400)] = 120.0
    """Seconds of event time by which other sources may move on before a silent one is waited for no more."""

    @model_validator(mode="after")
    def _known(self) -> CountSettings:
        for names in self.series:
            unknown = sorted(set(names) - set(DIMENSIONS))
            if unknown or not names or len(set(names)) < len(names):
                raise ValueError(f"series {list(names)}: use each of {', '.join(DIMENSIONS)} at most once")
        return self
