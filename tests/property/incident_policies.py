"""Random policies: rules with several steps, hysteresis, raises, scopes and combinations, mutes and escalations."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from alerts.course import Escalation, EscalationStep, MuteCalendar
from alerts.hours import Hours
from alerts.rules import Bounds, Combination, Match, Part, Raise, Rule, RuleSet, Step
from alerts.settings import DecidePolicy, Timing
from contracts.records import SignalKind, Tier

KINDS = (SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT, SignalKind.SOURCE_DOWN, SignalKind.SOURCE_CHANGE)
TIERS = tuple(Tier)


def seconds(low: int, high: int) -> st.SearchStrategy[timedelta]:
    """Whole panes of five seconds."""
    return st.integers(low // 5, high // 5).map(lambda panes: timedelta(seconds=5 * panes))


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    hold = draw(seconds(10, 60))
    reopen = draw(seconds(0, 200))
    return Timing(
        hold=hold,
        quiet=hold + draw(seconds(0, 120)),
        reopen=reopen,
        refractory=min(draw(seconds(0, 60)), reopen),
        window_share=draw(st.sampled_from([0.0, 0.25])),
        silence_notice=draw(seconds(0, 20)),
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    chosen = sorted(draw(st.sets(st.sampled_from(TIERS))), key=lambda tier: tier.rank)
    made = []
    for tier in chosen:
        score = float(tier.rank + 1)
        keep = Bounds(score=score - 0.5) if draw(st.booleans()) else None
        made.append(Step(tier=tier, score=score, keep=keep))
    return tuple(made)


@st.composite
def rules(draw: st.DrawFn, name: str, kinds: tuple[SignalKind, ...]) -> Rule:
    hold = draw(st.none() | seconds(5, 60))
    where = draw(st.sampled_from([{}, {}, {"category": ("a",)}]))
    lift = Raise(where={"category": ("a", "b")}, by=draw(st.integers(1, 3)))
    return Rule(
        name=name,
        match=Match(kind=kinds, where=where),
        steps=draw(steps()),
        raises=(lift,) if draw(st.booleans()) else (),
        hold=hold,
        scope=draw(st.sampled_from([(), (), ("category",)])),
    )


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    made = [
        draw(rules(f"rule-{n}", tuple(sorted(draw(st.sets(st.sampled_from(KINDS), min_size=1))))))
        for n in range(draw(st.integers(0, 3)))
    ]
    every = tuple(Step(tier=tier, score=float(tier.rank + 1)) for tier in TIERS)
    made.append(Rule(name="any", match=Match(), steps=every))
    both = Combination(
        name="both",
        parts=(Part(kind=(KINDS[0],)), Part(kind=(KINDS[1],), tier=draw(st.sampled_from(TIERS[:2])))),
        within=draw(seconds(5, 120)),
        tier=draw(st.sampled_from(TIERS[1:])),
    )
    return RuleSet(rules=tuple(made), combine=(both,) if draw(st.booleans()) else ())


@st.composite
def mutes(draw: st.DrawFn) -> MuteCalendar:
    begin, length = draw(st.integers(0, 40)), draw(st.integers(1, 15))
    hours = Hours.model_validate({"from": f"12:{begin:02}", "to": f"12:{begin + length:02}"})
    return MuteCalendar(name=f"m{begin}-{length}", hours=hours, upto=draw(st.sampled_from(TIERS[:3])))


@st.composite
def escalations(draw: st.DrawFn) -> Escalation:
    waits = sorted(draw(st.sets(seconds(5, 120), max_size=3)))
    return Escalation(
        steps=tuple(EscalationStep(after=one, to=("duty",)) for one in (timedelta(0), *waits)),
        remind=draw(st.sampled_from([timedelta(0), timedelta(seconds=45)])),
        remind_most=2,
    )


@st.composite
def policies(draw: st.DrawFn) -> DecidePolicy:
    paged = draw(st.sets(st.sampled_from(TIERS)))
    return DecidePolicy(
        timing=draw(timings()),
        rules=draw(rule_sets()),
        mutes=tuple(draw(st.lists(mutes(), max_size=2))),
        escalation={tier: draw(escalations()) for tier in sorted(paged)},
    )
