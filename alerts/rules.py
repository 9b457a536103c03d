"""Rules: which signal means which tier.

In the flow: a signal → :func:`rule_for`, :func:`judge` → a :class:`Verdict` → :mod:`alerts.incident`. Rules come from
``config/rules/*.yaml`` (:mod:`alerts.settings` reads them, :mod:`alerts.lint` looks for mistakes).
The first rule whose ``match`` fits decides; within it the highest step whose bounds all hold gives the tier.

>>> rule = Rule(name="spikes", match=Match(kind=("volume.spike",)), steps=(Step(tier="blue", score=1.0),))
>>> rule.match.kind[0].value, rule.steps[0].bound("score"), rule.steps[0].bound("support")
('volume.spike', 1.0, None)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.hours import Hours
from alerts.reasons import Reason
from alerts.spans import Span
from contracts.records import Signal, SignalKind, State, Tier
from contracts.records.base import Finite, Name
from contracts.series import DIMENSIONS, series_dims

MEASURES = ("score", "support", "reach", "effect")
Measure = Literal["score", "support", "reach", "effect"]
ANY = "*"
SCOPES = (*DIMENSIONS, "clock")
"""What may make an incident of its own beside the brand: dimensions of series, and the deadline of late cases."""
ANNOUNCED = "announced"
"""Label of a signal that an announced event explains; its value is the event's name."""
CAP = "cap"
"""Label of a signal that holds its own tier down, for instance a copy-paste flood."""


class Bounds(BaseModel):
    """Least values; a bound that is not given always holds, a given one never holds for a missing value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: Finite | None = None
    support: Annotated[int, Field(ge=0)] | None = None
    reach: Annotated[int, Field(ge=0)] | None = None
    effect: Finite | None = None

    def bound(self, measure: str) -> float | None:
        """The least value of one of :data:`MEASURES`."""
        value: float | None = getattr(self, measure)
        return value

    def hold(self, signal: Signal) -> bool:
        """Whether the signal reaches every bound."""
        return all(self._reached(measure, getattr(signal, measure)) for measure in MEASURES)

    def _reached(self, measure: str, value: float | None) -> bool:
        least = self.bound(measure)
        return least is None or (value is not None and value >= least)


class Step(Bounds):
    """One tier and what a signal must reach for it."""

    tier: Tier
    keep: Bounds | None = None
    """What is enough while the incident stands at this tier or above (hysteresis); none: as to reach it."""

    @model_validator(mode="after")
    def _easier_to_keep(self) -> Step:
        for measure in MEASURES if self.keep is not None else ():
            reach, keep = self.bound(measure), self.keep.bound(measure) if self.keep else None
            if keep is not None and (reach is None or keep > reach):
                raise ValueError(f"keep asks for more {measure} than reaching the tier does; ask for less")
        return self

    def reached(self, signal: Signal, standing: Tier | None) -> bool:
        """Whether the signal gives this tier to an incident that stands at ``standing`` (none: there is none)."""
        if self.hold(signal):
            return True
        kept = self.keep is not None and standing is not None and standing.rank >= self.tier.rank
        return kept and self.keep is not None and self.keep.hold(signal)


class Raise(BaseModel):
    """Lifts the tier that a step gave, for instance for a grade of customer, a category or the night."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    where: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    """As in ``match``."""
    hours: Hours | None = None
    least: Bounds = Bounds()
    by: Annotated[int, Field(ge=1, le=3)] = 1
    """By so many tiers, to red at most."""

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return _many(value)

    def fits(self, signal: Signal) -> bool:
        """Whether it applies to this signal."""
        in_time = self.hours is None or self.hours.covers(signal.at)
        return in_time and _labels_fit(self.where, signal) and self.least.hold(signal)


class Match(BaseModel):
    """Which signals a rule is for; what is not given fits everything.

    ``where`` asks for labels of the signal or dimensions of its series: each name gives the values that fit,
    ``*`` any value as long as there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: tuple[SignalKind, ...] = tuple(SignalKind)
    where: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    positive: bool | None = None
    state: tuple[State, ...] = (State.READY,)
    least: Bounds = Bounds()
    hours: Hours | None = None
    """Only at these times of day."""

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return _many(value)

    @model_validator(mode="after")
    def _not_empty(self) -> Match:
        if not self.kind or not self.state or not all(self.where.values()):
            raise ValueError("an empty list fits nothing; leave the key out to fit everything")
        return self

    def fits(self, signal: Signal) -> bool:
        """Whether the rule is for this signal."""
        if signal.kind not in self.kind or signal.state not in self.state:
            return False
        if self.positive is not None and signal.positive is not self.positive:
            return False
        if self.hours is not None and not self.hours.covers(signal.at):
            return False
        return _labels_fit(self.where, signal) and self.least.hold(signal)


def _many(value: object) -> object:
    if isinstance(value, dict):
        return {name: (one,) if isinstance(one, str) else one for name, one in value.items()}
    return value


def labels_of(signal: Signal) -> dict[str, str]:
    """What ``where`` looks at: dimensions of the series, the brand, and the signal's own labels."""
    return {**series_dims(signal.series), "brand": signal.brand, **signal.labels}


def _labels_fit(where: dict[str, tuple[str, ...]], signal: Signal) -> bool:
    if not where:
        return True
    have = labels_of(signal)
    return all(name in have and (ANY in want or have[name] in want) for name, want in where.items())


class Rule(BaseModel):
    """One rule; with no steps it says that such signals concern nobody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    match: Match
    steps: tuple[Step, ...] = ()
    raises: tuple[Raise, ...] = ()
    """Of those that fit the highest counts."""
    hold: Span | None = None
    """How long its tiers stand, if not as long as ``timing`` says."""
    quiet: Span | None = None
    """How long its incidents stay open when nothing more is seen, if not as long as ``timing`` says."""
    scope: tuple[Name, ...] = ()
    """Dimensions beside the brand that make an incident of its own, for instance ``[category]``; the incident of the
    whole brand speaks for it while it stands as high."""
    comment: str = ""

    @field_validator("scope")
    @classmethod
    def _dimensions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(value) - set(SCOPES))
        if unknown:
            raise ValueError(f"scope names {', '.join(unknown)}; known: {', '.join(SCOPES)}")
        return value

    @model_validator(mode="after")
    def _holds_before_quiet(self) -> Rule:
        if self.hold is not None and not self.hold:
            raise ValueError("hold must be longer than 0, or an incident would fall in the moment it climbs")
        if self.hold is not None and self.quiet is not None and self.hold > self.quiet:
            raise ValueError(f"hold ({self.hold}) is longer than quiet ({self.quiet}); make quiet at least as long")
        return self

    @model_validator(mode="after")
    def _rising(self) -> Rule:
        ranks = [step.tier.rank for step in self.steps]
        if ranks != sorted(set(ranks)):
            raise ValueError("steps must name each tier once, in rising order: blue, yellow, orange, red")
        return self


class Part(BaseModel):
    """One part of a combination: one of these kinds gave at least this tier by its own rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[tuple[SignalKind, ...], Field(min_length=1)]
    tier: Tier = Tier.BLUE


class Combination(BaseModel):
    """Several things at once mean more than each: volume *and* sentiment within ten minutes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    parts: Annotated[tuple[Part, ...], Field(min_length=2, max_length=6)]
    within: Annotated[Span, Field(le=timedelta(days=1))] = timedelta(minutes=10)
    tier: Tier

    @model_validator(mode="after")
    def _apart(self) -> Combination:
        kinds = [kind for part in self.parts for kind in part.kind]
        if len(set(kinds)) < len(kinds):
            raise ValueError("a kind stands in two parts, so that one signal would be both; name it once")
        return self


class RuleSet(BaseModel):
    """All rules in the order they are asked, and where each was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = ()
    combine: tuple[Combination, ...] = ()
    places: dict[str, str] = Field(default_factory=dict)
    """Rule name → ``file line n``."""

    @model_validator(mode="after")
    def _unique(self) -> RuleSet:
        names = [rule.name for rule in self.rules] + [one.name for one in self.combine]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rule names stand twice: {', '.join(twice)}; give each its own")
        return self


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one signal: a tier or none, by which rule, and why."""

    tier: Tier | None
    rule: str
    reason: Reason
    by: Rule | None = None
    """The rule itself, if one fits."""


def judge(signal: Signal, rule: Rule | None, standing: Tier | None = None) -> Verdict:
    """The tier one signal deserves by itself under the rule that fits (none: the lack of one), after the caps that no
    rule can lift (:func:`cap_of`).

    ``standing`` is the tier of the open incident it would join: a step may ask for less to keep a tier than to reach
    it.
    """
    if rule is None:
        return Verdict(None, "", _UNREADY.get(signal.state, Reason.NO_RULE))
    reached = next((step.tier for step in reversed(rule.steps) if step.reached(signal, standing)), None)
    if reached is None:
        return Verdict(None, rule.name, Reason.BELOW if rule.steps else Reason.IGNORED, rule)
    lift = max((one.by for one in rule.raises if one.fits(signal)), default=0)
    raised = tuple(Tier)[min(reached.rank + lift, Tier.RED.rank)]
    cap = cap_of(signal)
    capped = cap is not None and cap.rank < raised.rank
    tier = cap if capped and cap is not None else raised
    if signal.positive:
        return Verdict(tier, rule.name, Reason.POSITIVE, rule)
    reason = Reason.CAPPED if capped else Reason.RAISED if lift else Reason.THRESHOLD
    return Verdict(tier, rule.name, reason, rule)


def rule_for(signal: Signal, rules: RuleSet) -> Rule | None:
    """The rule that decides on a signal."""
    return next((one for one in rules.rules if one.match.fits(signal)), None)


_UNREADY = {State.WARMING: Reason.WARMING, State.STALE: Reason.STALE}


def cap_of(signal: Signal) -> Tier | None:
    """The highest tier a signal may give whatever it measures: the lowest cap that applies, or none.

    Praise is at most blue. Collection that starts or changes is at most yellow unless an announced event
    explains it. A detector may hold its own signal down by the label ``cap``.
    """
    caps = [Tier.BLUE] if signal.positive else []
    if signal.kind is SignalKind.SOURCE_CHANGE and not signal.labels.get(ANNOUNCED):
        caps.append(Tier.YELLOW)
    caps.extend(tier for tier in Tier if tier.value == signal.labels.get(CAP))
    return min(caps, key=lambda tier: tier.rank, default=None)
