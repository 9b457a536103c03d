"""Settings of the detectors that look at single voices and what they say; see :mod:`detectors.settings` for the rest.

>>> WeightySettings().classes["regulator"]
2.0
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

Count = Annotated[int, Field(ge=2, le=1000)]
Weight = Annotated[float, Field(ge=1, le=10)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RepeatSettings(_Frozen):
    """``repeat``: one complainant, or one case, again and again."""

    thresholds: tuple[Count, ...] = (3, 5, 10)
    """Told once when so many times are reached, rising; the score is the count against the first."""
    days: Annotated[float, Field(gt=0, le=366)] = 30.0
    """Within so many days."""
    apart_minutes: Annotated[float, Field(ge=0, le=10_000)] = 10.0
    """What comes sooner after the last is one conversation and counts once."""
    people: Annotated[int, Field(ge=10, le=10_000_000)] = 10_000
    """Complainants and cases remembered of a brand; those not heard for longest are forgotten first."""

    @field_validator("thresholds")
    @classmethod
    def _rising(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or list(value) != sorted(set(value)):
            raise ValueError("thresholds must rise, like 3, 5, 10")
        return value


class WeightySettings(_Frozen):
    """``voice.weighty``: one mention that many see, or by an author who matters."""

    reach: Annotated[int, Field(ge=1, le=10**12)] = 1_000_000
    """A mention that reaches so many is weighty (score 1); each ten times more adds 1."""
    classes: dict[str, Weight] = Field(
        default_factory=lambda: {"large_account": 1.0, "regulator": 2.0, "state_media": 2.0}
    )
    """Least score of a mention by each class of author; other classes count by reach alone."""
    again_hours: Annotated[float, Field(ge=0, le=720)] = 24.0
    """The same author is told again within this time only if the score is higher."""
    authors: Annotated[int, Field(ge=10, le=1_000_000)] = 1000
    """Weighty authors remembered of a brand."""


class LightSettings(_Frozen):
    """``case.light``: one conversation that turns sour; only what customers say counts."""

    hours: Annotated[float, Field(gt=0, le=720)] = 24.0
    """What lies further back is another conversation."""
    burdens: Annotated[int, Field(ge=2, le=20)] = 3
    """Messages in a row that state a burden or a failed attempt: yellow (score 1)."""
    said: Annotated[int, Field(ge=1, le=20)] = 1
    """So many of them in words; the others may merely read as negative."""
    negative: Annotated[float, Field(ge=-1, le=0)] = -0.3
    """Polarity from which a message reads so, unless it is polite."""
    hot: Annotated[float, Field(gt=0, le=1)] = 0.6
    """A message of at least this heat, after another one: red (score 2) …"""
    jump: Annotated[float, Field(ge=0, le=1)] = 0.2
    """… if it lies so far above the mean of those before, or one before was as fierce. A threat after another message
    is red at any heat, danger to life in the first one too."""
    messages: Annotated[int, Field(ge=2, le=100)] = 12
    """Messages of a conversation that are remembered."""
    conversations: Annotated[int, Field(ge=10, le=10_000_000)] = 10_000
    """Conversations remembered of a brand."""
    staff: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = (
        "agent", "staff", "bot", "employee", "service", "official", "客服", "坐席", "机器人",
    )  # fmt: skip
    """Classes of authors that speak for the brand; capitals do not matter. Everybody else is a customer."""

    @field_validator("messages")
    @classmethod
    def _enough(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("burdens", 0):
            raise ValueError("messages must be at least burdens, or there is never a row of so many")
        return value


class ClusterSettings(_Frozen):
    """Clusters of the same matter, which topics and explanations use."""

    likeness: Annotated[float, Field(gt=0, lt=1)] = 0.35
    """Cosine of rare terms from which a voice speaks of the same matter."""
    half_life_days: Annotated[float, Field(ge=0.5, le=365)] = 14.0
    """Half-life of a matter's size; the smallest are forgotten first."""
    most: Annotated[int, Field(ge=10, le=100_000)] = 1000
    """Matters remembered of a brand, those of a single voice among them."""


class TopicSettings(_Frozen):
    """``topic.emerging``: a term that suddenly many people use."""

    windows_hours: tuple[Annotated[float, Field(gt=0, le=48)], ...] = (2.0, 24.0)
    """Judged at once; the longest is how long people are told apart."""
    least_authors: Annotated[int, Field(ge=2, le=1000)] = 6
    """Different authors that a term needs within a window; a copied text is one."""
    least_share: Annotated[float, Field(ge=0, lt=1)] = 0.02
    """And this share of all voices of the window."""
    least_ratio: Annotated[float, Field(ge=1, le=1000)] = 3.0
    """And so many times what is usual."""
    false_per_month: Annotated[float, Field(gt=0, le=100)] = 0.3
    """Chance findings a month that each window may cost a brand, if the model holds …"""
    terms_tried: Annotated[float, Field(ge=1, le=1e9)] = 1000.0
    """… for so many terms that might emerge."""
    dispersion: Annotated[float, Field(gt=0, le=10)] = 0.3
    """Relative variance of how often a known term is said: people answer one another."""
    half_life_days: Annotated[float, Field(ge=0.5, le=365)] = 14.0
    """Half-life of what is usual."""
    least_known: Annotated[float, Field(ge=1, le=1e6)] = 200.0
    """Voices of the past that are needed before any term is called new."""
    least_age_hours: Annotated[float, Field(ge=0, le=1000)] = 72.0
    """Hours that must have been watched before."""
    from_text: bool = True
    """Whether words of the texts count beside the keywords that the reader knows."""
    vocabulary: Annotated[int, Field(ge=100, le=1_000_000)] = 3000
    """Terms whose usual frequency is kept of a brand; the rarest are dropped."""
    candidates: Annotated[int, Field(ge=100, le=1_000_000)] = 2000
    """Terms said by two authors or more that are followed; those with fewest authors are dropped."""
    singles: Annotated[int, Field(ge=100, le=10_000_000)] = 20_000
    """Terms said by one author that are remembered; the oldest are dropped."""

    @field_validator("windows_hours")
    @classmethod
    def _some(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not value or list(value) != sorted(set(value)):
            raise ValueError("windows_hours must rise, like 2, 24")
        return value
