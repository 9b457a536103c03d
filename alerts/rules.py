"""Rules: which signal means which tier.

In the flow: a signal → :func:`tier_for` → a :class:`Verdict` → :mod:`alerts.incident`. Rules come from
``config/rules/*.yaml`` (:mod:`alerts.settings` reads them, :mod:`alerts.lint` looks for mistakes).
The first rule whose ``match`` fits decides; within it the highest step whose bounds all hold gives the tier.

>>> rule = Rule(name="spikes", match=Match(kind=("volume.spike",)), steps=(Step(tier="blue", score=1.0),))
>>> rule.match.kind[0].value, rule.steps[0].bound("score"), rule.steps[0].bound("support")
('volume.spike', 1.0, None)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.reasons import Reason
from contracts.records import Signal, SignalKind, State, Tier
from contracts.records.base import Finite, Name
from contracts.series import series_dims

MEASURES = ("score", "support", "reach", "effect")
Measure = Literal["score", "support", "reach", "effect"]
ANY = "*"
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

    @field_validator("where", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if isinstance(value, dict):
            return {name: (one,) if isinstance(one, str) else one for name, one in value.items()}
        return value

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
        return self._labels_fit(signal) and self.least.hold(signal)

    def _labels_fit(self, signal: Signal) -> bool:
        if not self.where:
            return True
        have = {**series_dims(signal.series), "brand": signal.brand, **signal.labels}
        return all(name in have and (ANY in want or have[name] in want) for name, want in self.where.items())


class Rule(BaseModel):
    """One rule; with no steps it says that such signals concern nobody."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    match: Match
    steps: tuple[Step, ...] = ()
    comment: str = ""

    @model_validator(mode="after")
    def _rising(self) -> Rule:
        ranks = [step.tier.rank for step in self.steps]
        if ranks != sorted(set(ranks)):
            raise ValueError("steps must name each tier once, in rising order: blue, yellow, orange, red")
        return self


class RuleSet(BaseModel):
    """All rules in the order they are asked, and where each was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = ()
    places: dict[str, str] = Field(default_factory=dict)
    """Rule name → ``file line n``."""

    @model_validator(mode="after")
    def _unique(self) -> RuleSet:
        names = [rule.name for rule in self.rules]
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


def tier_for(signal: Signal, rules: RuleSet) -> Verdict:
    """The tier one signal deserves by itself, after the caps that no rule can lift (:func:`cap_of`)."""
    rule = next((one for one in rules.rules if one.match.fits(signal)), None)
    if rule is None:
        return Verdict(None, "", _UNREADY.get(signal.state, Reason.NO_RULE))
    reached = next((step.tier for step in reversed(rule.steps) if step.hold(signal)), None)
    if reached is None:
        return Verdict(None, rule.name, Reason.BELOW if rule.steps else Reason.IGNORED)
    cap = cap_of(signal)
    if cap is not None and cap.rank < reached.rank:
        return Verdict(cap, rule.name, Reason.POSITIVE if signal.positive else Reason.CAPPED)
    return Verdict(reached, rule.name, Reason.POSITIVE if signal.positive else Reason.THRESHOLD)


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
