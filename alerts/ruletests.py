"""Unit tests for rules, written in YAML: what is given, what is expected; and which rules no test fires. Pure.

A test gives signals at times after its start, rounded up to the end of their pane (5 s); marks follow pane by pane, so
holds and quiet times pass by themselves.
What is told must be exactly the ``expect`` list, each entry compared in the keys that it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from alerts.decide import DecideCore
from alerts.reasons import Reason
from alerts.settings import DecidePolicy
from alerts.spans import Span
from contracts.records import IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, State, Tier
from contracts.records.base import Finite, Name
from contracts.series import DIMENSIONS, series_key
from contracts.yamlfile import load_yaml

PANE = timedelta(seconds=5)
START = datetime(2026, 3, 2, 4, tzinfo=UTC)
MOST = timedelta(days=2)


class Given(BaseModel):
    """A signal; only its kind and score must be given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Annotated[Span, Field(le=MOST)] = timedelta(0)
    kind: SignalKind
    score: Finite
    brand: Name = "brand"
    support: Annotated[int, Field(ge=0)] = 100
    reach: Annotated[int, Field(ge=0)] = 0
    effect: Finite | None = None
    positive: bool = False
    state: State = State.READY
    window: Annotated[Span, Field(ge=timedelta(seconds=1))] = timedelta(seconds=60)
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels; those named like a dimension are the dimensions of its series."""


class Down(BaseModel):
    """A source is down from one time to another."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    source: Name
    begin: Span = Field(alias="from")
    end: Span = Field(alias="to")


class Expected(BaseModel):
    """A change of an incident; what is not given may be anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Span | None = None
    event: IncidentEventKind | None = None
    tier: Tier | None = None
    rule: str | None = None
    reason: Reason | None = None
    told: bool | None = None
    scope: dict[str, str] | None = None

    def fits(self, event: IncidentEvent, start: datetime) -> bool:
        """Whether the event is the expected one."""
        seen = {
            "at": event.at - start,
            "event": event.event,
            "tier": event.tier,
            "rule": event.detail.rule,
            "reason": event.reason,
            "told": event.notify,
            "scope": event.scope,
        }
        return all(seen[name] == getattr(self, name) for name in self.model_fields_set)


class RuleTest(BaseModel):
    """One test."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    start: AwareDatetime = START
    """The wall time it begins at, for rules with hours."""
    given: Annotated[tuple[Given, ...], Field(min_length=1, max_length=10_000)]
    down: tuple[Down, ...] = ()
    until: Annotated[Span, Field(le=MOST)] | None = None
    """How long it is watched; by default up to the last signal."""
    expect: tuple[Expected, ...] = ()
    """All changes, in order; none means that nothing happens."""
    verdict: Literal["", "none"] | Tier = ""
    """Beside it: the tier that the last signal deserves by itself, or ``none``."""

    @model_validator(mode="after")
    def _in_order(self) -> RuleTest:
        times = [one.at for one in self.given]
        if times != sorted(times):
            raise ValueError("given must be in order of time")
        return self


class RuleTests(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tests: Annotated[tuple[RuleTest, ...], Field(min_length=1, max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed, and what was seen instead."""

    test: str
    problem: str


@dataclass(slots=True)
class Results:
    """What came of all tests."""

    passed: int = 0
    failures: list[Failure] = field(default_factory=list)
    fired: set[tuple[str, Tier | None]] = field(default_factory=set)
    """Rules that decided on a signal, with the tier they gave."""

    def unfired(self, policy: DecidePolicy) -> list[str]:
        """Rules and steps that no test fires, as sentences."""
        found = []
        for rule in policy.rules.rules:
            given = {tier for name, tier in self.fired if name == rule.name}
            missing = [step.tier.value for step in rule.steps if step.tier not in given]
            if not given:
                found.append(f"rule {rule.name}: no test fires it")
            elif missing:
                found.append(f"rule {rule.name}: no test reaches {', '.join(missing)}")
        names = {name for name, _ in self.fired}
        return found + [
            f"combination {one.name}: no test fires it" for one in policy.rules.combine if one.name not in names
        ]


def load_tests(path: Path) -> RuleTests:
    """The tests in a file; raises :class:`~contracts.errors.InvalidSettings`."""
    return load_yaml(path, RuleTests)


def run_tests(tests: RuleTests, policy: DecidePolicy, tested: Results | None = None) -> Results:
    """Run all; results are added to ``tested`` if it is given."""
    tested = tested or Results()
    for test in tests.tests:
        problem = _run(test, policy, tested)
        if problem:
            tested.failures.append(Failure(test.name, problem))
        else:
            tested.passed += 1
    return tested


def _run(test: RuleTest, policy: DecidePolicy, tested: Results) -> str:
    core = DecideCore(policy)
    events = [event for record in _records(test) for event in core.feed(record)]
    brand = test.given[-1].brand
    answers = [one for name in core.why.brands() for one in core.why.of(name)]
    tested.fired.update((one.rule, one.tier) for one in answers if one.rule)
    last = core.why.of(brand)[-1]
    deserved = last.tier.value if last.tier else "none"
    if test.verdict and deserved != test.verdict:
        wanted = test.verdict if test.verdict == "none" else Tier(test.verdict).value
        return f"the last signal deserves {deserved} (rule {last.rule or '-'}, {last.reason.value}), expected {wanted}"
    if test.verdict and not test.expect:
        return ""
    return _compared(test, events)


def _compared(test: RuleTest, events: list[IncidentEvent]) -> str:
    shown = "; ".join(_shown(one, test.start) for one in events) or "nothing"
    if len(events) != len(test.expect):
        return f"expected {len(test.expect)} changes, saw {len(events)}: {shown}"
    for number, (wanted, event) in enumerate(zip(test.expect, events, strict=True), 1):
        if not wanted.fits(event, test.start):
            asked = wanted.model_dump(mode="json", exclude_unset=True)
            return f"change {number}: expected {asked}, saw {_shown(event, test.start)}"
    return ""


def _shown(event: IncidentEvent, start: datetime) -> str:
    rule = f" by {event.detail.rule}" if event.detail.rule else ""
    return f"{event.at - start} {event.event.value} {event.tier.value}{rule} ({event.reason})"


def _records(test: RuleTest) -> Iterator[Signal | Mark]:
    """Signals at the end of their pane, then the mark that closes it, for each brand."""
    brands = sorted({one.brand for one in test.given})
    until = max(test.until or timedelta(0), test.given[-1].at)
    waiting = list(test.given)
    for pane in range(-(-until // PANE) + 1):
        at = pane * PANE
        index = 0
        while waiting and waiting[0].at <= at:
            yield _signal(waiting.pop(0), test.start + at, pane, index)
            index += 1
        stale = tuple(one.source for one in test.down if one.begin <= at < one.end)
        for brand in brands:
            yield Mark(brand=brand, at=test.start + at, order=(pane, 999_999), stale=stale)


def _signal(given: Given, at: datetime, pane: int, index: int) -> Signal:
    dims = {name: value for name, value in given.labels.items() if name in DIMENSIONS}
    return Signal(
        id=f"{pane}-{index}",
        brand=given.brand,
        series=series_key({"brand": given.brand, **dims}),
        bucket=at.replace(second=0, microsecond=0),
        at=at,
        order=(pane, index),
        kind=given.kind,
        observed=given.score,
        expected=0.0,
        score=given.score,
        support=given.support,
        reach=given.reach,
        effect=given.effect,
        positive=given.positive,
        state=given.state,
        window_seconds=int(given.window.total_seconds()),
        labels=given.labels,
    )
