"""What people's words on warnings do: frozen, range-checked; ``config/detectors.yaml`` repeats them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class FeedbackSettings(BaseModel):
    """Feedback: ``true``, ``expected``, ``noise``, ``new-normal``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    noise_days: Annotated[float, Field(gt=0, le=365)] = 28.0
    """For so long after ``noise`` the same series and kind are told only …"""
    larger: Annotated[float, Field(ge=1, le=100)] = 1.5
    """… when so many times larger than what was called noise."""
    noise_steps: Annotated[int, Field(ge=0, le=20)] = 5
    """Steps (``budget.gain`` each) by which ``noise`` can raise the threshold of a brand at most."""
    kept: Annotated[int, Field(ge=1, le=1000)] = 16
    """Feedbacks remembered of a brand: only these can be undone, and of these hold back what they are about."""
