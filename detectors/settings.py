"""Settings of the detectors: frozen, range-checked, read from ``config/detectors.yaml`` at the edge.

Each field's docstring says what it does; ``config/detectors.yaml`` repeats it for the person who tunes.

>>> DetectSettings().volume.windows_minutes
(30.0, 120.0, 480.0, 1440.0)
"""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from contracts.series import DIMENSIONS
from contracts.workdays import Country
from detectors.budget_settings import BudgetSettings
from detectors.feedback_settings import FeedbackSettings
from detectors.outlook_settings import Announced, ForecastSettings
from detectors.voice_settings import ClusterSettings, LightSettings, RepeatSettings, TopicSettings, WeightySettings

Minutes = Annotated[float, Field(ge=1 / 60, le=1440, allow_inf_nan=False)]
Combination = tuple[str, ...]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VolumeSettings(_Frozen):
    """``volume.spike``, ``.ramp`` and ``.silence``: counts of independent voices against level and season."""

    country: Country = ""
    """Whose holidays the baseline knows, like CN (make-up workdays included) or US; empty for none."""
    watch: tuple[Combination, ...] = ((), ("channel",), ("category",))
    """Combinations of dimensions beside the brand that are judged; ``()`` is the brand itself."""
    windows_minutes: tuple[Minutes, ...] = (30.0, 120.0, 480.0, 1440.0)
    """Window lengths judged at once; those shorter than a bucket are left out."""
    half_life_days: Annotated[float, Field(ge=0.5, le=365)] = 14.0
    """Half-life of level, season and dispersion."""
    false_per_month: Annotated[float, Field(gt=0, le=10)] = 0.004
    """Chance findings a month that each window length of each series may cost, if the model holds."""
    least_deviations: Annotated[float, Field(ge=2, le=20)] = 2.9
    """Standard deviations by which a count must exceed what was expected, however rare it is."""
    rarity_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Share of the dispersion that counts for how rare a count is."""
    young_strictness: Annotated[float, Field(ge=0, le=5)] = 0.55
    """How much surer a finding must be of a brand just begun to be watched (0.5: by half; half of it a week later)."""
    record_share: Annotated[float, Field(ge=0.1, le=5)] = 0.48
    """Share of the stream's own record that a spike must reach."""
    short_weight: Annotated[float, Field(ge=0, le=2)] = 0.4
    """Windows below half an hour count less against the record: their length in half hours to this power."""
    record_half_life_days: Annotated[float, Field(ge=1, le=365)] = 28.0
    """Half-life of the largest deviation so far."""
    record_days: Annotated[float, Field(ge=1, le=60)] = 21.0
    """The other half of the record is the largest deviation of so many days …"""
    record_block_hours: Annotated[float, Field(ge=1, le=48)] = 6.0
    """… remembered in blocks of so many hours."""
    season_above: Annotated[float, Field(ge=0, le=1)] = 1.0
    season_below: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How far a busy hour raises, and a calm hour lowers, what is expected against the level."""
    least_voices: Annotated[int, Field(ge=2, le=1000)] = 5
    """Fewer independent voices than this are never a spike."""
    ramp_hours: Annotated[float, Field(ge=1, le=24)] = 8.0
    """Beyond the limit in windows so long while the shortest is not: ``volume.ramp``."""
    silence_per_month: Annotated[float, Field(gt=0, le=10)] = 0.002
    """Chance silences a month that each series may cost, if the model holds."""
    silence_minutes: Annotated[float, Field(ge=1, le=1440)] = 180.0
    """No series is called silent sooner."""
    least_age: Annotated[float, Field(ge=1, le=50)] = 3.0
    """A window is judged once the brand has been watched for this many of its lengths."""
    prior_dispersion: Annotated[float, Field(gt=0, le=10)] = 0.1
    """Relative variance of a window's count before any was seen (0.1: more or less 32 %)."""
    prior_windows: Annotated[float, Field(gt=0, le=1000)] = 6.0
    """How many windows' worth of evidence the prior dispersion weighs."""
    unknown_season: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Relative variance added while the hour of the day has not been seen yet."""
    clip: Annotated[float, Field(ge=1, le=10)] = 3.0
    """Residuals are cut at this many standard deviations before the level is learned from them …"""
    spread_clip: Annotated[float, Field(ge=1, le=10)] = 2.0
    """… and at so many before it is learned how much a window varies: what happened once shall be found again."""
    warm_hours: Annotated[float, Field(ge=0, le=1000)] = 24.0
    """A brand watched for less is ``warming``."""
    accept_threshold: Annotated[float, Field(ge=5, le=1000)] = 140.0
    """Page-Hinkley threshold, in clipped deviations summed over hours, at which a level that stays is accepted."""


class ShareBase(_Frozen):
    """What all detectors of shares of voices have in common."""

    watch: tuple[Combination, ...] = ((),)
    """As in volume."""
    windows_minutes: tuple[Minutes, ...] = (30.0, 120.0, 480.0, 1440.0)
    half_life_days: Annotated[float, Field(ge=0.5, le=365)] = 14.0
    false_per_month: Annotated[float, Field(gt=0, le=10)] = 0.01
    """As in volume."""
    least_voices: Annotated[int, Field(ge=2, le=1000)] = 12
    """A window with fewer voices is not judged."""
    least_baseline: Annotated[float, Field(ge=1, le=10_000)] = 60.0
    """Voices that the baseline needs before it counts for anything."""
    prior_share: Annotated[float, Field(gt=0, lt=1)] = 0.4
    prior_weight: Annotated[float, Field(gt=0, le=1000)] = 4.0
    """Baseline before any voice, and how many voices it is worth."""
    prior_dispersion: Annotated[float, Field(gt=0, lt=1)] = 0.006
    """Correlation between voices of one window before anything was seen."""


class ShareSettings(ShareBase):
    """``sentiment.shift``: the negative share against its own baseline; without one it is ``warming``."""

    least_effect: Annotated[float, Field(gt=0, lt=1)] = 0.15
    """Difference of shares that a shift must reach."""


class EmotionSettings(ShareBase):
    """``emotion.red``: the thermometer, the share of hot negative voices among all."""

    windows_minutes: tuple[Minutes, ...] = (30.0, 120.0)
    limit: Annotated[float, Field(gt=0, lt=1)] = 0.3
    """Red from here on: the lower end of the interval must reach it, not only the share itself."""
    above_usual: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """And it must lie so far above the series' own usual share, once that is known: some are always hot."""
    least_voices: Annotated[int, Field(ge=2, le=1000)] = 20
    """A window with fewer voices is not judged."""
    prior_share: Annotated[float, Field(gt=0, lt=1)] = 0.15
    prior_dispersion: Annotated[float, Field(gt=0, lt=1)] = 0.01
    hot: Annotated[float, Field(ge=0, le=1)] | None = None
    """Heat from which a negative voice is hot; if not set, ``count.hot`` of ``counting.yaml``."""

    @property
    def least_heat(self) -> float:
        """:attr:`hot`, or the default of ``count.hot``."""
        return 0.6 if self.hot is None else self.hot


class SourceSettings(_Frozen):
    """``source.down`` and ``source.change``."""

    least_silence_seconds: Annotated[float, Field(ge=1, le=864_000)] = 900.0
    """No source is called down sooner."""
    silence_p: Annotated[float, Field(gt=0, lt=0.1)] = 1e-5
    """How improbable the silence must be at this hour's usual rate."""
    longest_hours: Annotated[float, Field(gt=0, le=720)] = 12.0
    """A brand so sparse that the silence would need longer than this is never judged by its rate."""
    least_age_hours: Annotated[float, Field(ge=1, le=1000)] = 48.0
    """Hours a brand must have been watched before its rate says anything about silence."""
    rhythm_seconds: dict[str, Annotated[float, Field(gt=0, le=8_640_000)]] = Field(default_factory=dict)
    """By source: silence beyond this is down, whatever the rate."""
    established_voices: Annotated[float, Field(ge=1, le=10_000)] = 20.0
    """Voices (fading with the half-life) that make a brand's source established."""
    established_hours: Annotated[float, Field(ge=1, le=1000)] = 24.0
    """Hours something must have been watched before a start from nothing is ``source.change``."""
    change_hours: Annotated[float, Field(gt=0, le=1000)] = 24.0
    """For so long after a change, the jumps of the brand are ``source.change`` too."""


class ExplainSettings(_Frozen):
    """What a signal shows as its reasons."""

    recent_voices: Annotated[int, Field(ge=10, le=10_000)] = 256
    """Voices of a brand kept with their masked text."""
    typical_voices: Annotated[int, Field(ge=0, le=20)] = 5
    phrases: Annotated[int, Field(ge=0, le=20)] = 5
    values: Annotated[int, Field(ge=1, le=50)] = 6
    """Values named per dimension; the rest is added up as ``other``."""
    keywords: Annotated[int, Field(ge=100, le=1_000_000)] = 2000
    """Slow keyword counts kept of a brand."""


class DetectSettings(_Frozen):
    """All detectors of a brand."""

    zone: str = "Asia/Shanghai"
    """The site's time zone, for the hour of the week."""
    growth: Annotated[float, Field(gt=1, le=100)] = 1.5
    """A signal is sent again within its bucket once its score grew by this factor."""
    max_series: Annotated[int, Field(ge=1, le=100_000)] = 200
    """Series of a brand that are watched; the smallest beyond that live on in their brand alone."""
    idle_days: Annotated[float, Field(gt=0, le=3650)] = 60.0
    """A series silent for so long is forgotten."""
    copies_hours: Annotated[float, Field(gt=0, le=720)] = 24.0
    """A text that was said within this time, lightly edited or not, is a copy: reach, but no voice."""
    max_signatures: Annotated[int, Field(ge=10, le=1_000_000)] = 10_000
    """Texts remembered of a brand to know copies by, some 2 kB each."""
    voices_a_pane: Annotated[int, Field(ge=10, le=1_000_000)] = 100
    """Voices of a brand that are followed for topics and matters in each pane; of more, an even sample. All of them are
    counted, and looked at for repeats, weight and lights; those beyond the sample are known as copies only of texts
    that were heard and of floods."""
    empty_rows_hours: Annotated[float, Field(ge=0, le=24)] = 24.0
    """For so long after its last mention a brand has rows of zero."""
    empty_rows_every: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Of buckets that hold nothing, a brand has a row for every tenth (counted from the epoch)."""
    positive_share: Annotated[float, Field(gt=0, le=1)] = 0.6
    """A surge of which more than this share of the excess is praise is marked ``positive``."""
    shadow: dict[str, float | None] = Field(default_factory=dict)
    """Values of the budget on trial: decided beside the live ones, recorded, told to nobody."""
    announced: tuple[Announced, ...] = ()
    """What is known to come: promotions, launches, maintenance. The baseline of volume and the forecast expect it."""
    volume: VolumeSettings = VolumeSettings()
    budget: BudgetSettings = BudgetSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    sentiment: ShareSettings = ShareSettings()
    emotion: EmotionSettings = EmotionSettings()
    topics: TopicSettings = TopicSettings()
    clusters: ClusterSettings = ClusterSettings()
    repeat: RepeatSettings = RepeatSettings()
    weighty: WeightySettings = WeightySettings()
    light: LightSettings = LightSettings()
    forecast: ForecastSettings = ForecastSettings()
    sources: SourceSettings = SourceSettings()
    explain: ExplainSettings = ExplainSettings()

    @property
    def on_trial(self) -> BudgetSettings | None:
        """The budget with the values on trial, if there are any."""
        return BudgetSettings.model_validate({**self.budget.model_dump(), **self.shadow}) if self.shadow else None

    @model_validator(mode="after")
    def _possible_trial(self) -> DetectSettings:
        try:
            _ = self.on_trial
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            raise ValueError(f"shadow: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        return self

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write one such as Asia/Shanghai") from error
        return value

    @field_validator("volume", "sentiment", "emotion")
    @classmethod
    def _known_dimensions(cls, value: VolumeSettings | ShareBase) -> VolumeSettings | ShareBase:
        for combination in value.watch:
            for name in combination:
                if name not in DIMENSIONS:
                    raise ValueError(f"{name!r} is no dimension; there are {', '.join(DIMENSIONS)}")
        return value
