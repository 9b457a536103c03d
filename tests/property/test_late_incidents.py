"""An incident of late cases is open exactly while one of them is late, and stands at least as high as the worst."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts.cases.fellow import CaseFellow
from alerts.cases.machine import Case, apply, begin, late_of, tick
from alerts.decide import DecideCore
from alerts.followers import feed
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.rules import Match, Rule, RuleSet, Step
from alerts.settings import DecidePolicy, Timing
from contracts.records import CaseEvent, IncidentEvent, Mark, SignalKind, Tier
from tests.property.test_case_clocks import RULES, WHAT, moment
from tests.unit.alerts.cases.given import at, event, mark
from tests.unit.alerts.ledger.given import KEY

TIERS = {1: Tier.BLUE, 2: Tier.YELLOW, 3: Tier.RED}
LATE = Rule(
    name="late",
    match=Match(kind=(SignalKind.CASE_LATE,)),
    scope=("clock",),
    steps=tuple(Step(tier=tier, score=float(how)) for how, tier in TIERS.items()),
)
POLICY = DecidePolicy(timing=Timing(), rules=RuleSet(rules=(LATE,)))
STEPS = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 3), st.none() | WHAT), min_size=1, max_size=25)


def worst(cases: dict[str, Case], hours: float) -> dict[str, int]:
    """How late the worst case of each clock is, reckoned case by case."""
    found: dict[str, int] = {}
    for case in cases.values():
        for clock, late in late_of(tick(case, at(hours), RULES)[0], RULES):
            found[clock] = max(found.get(clock, 0), late)
    return found


@hypothesis_settings(deadline=None, max_examples=150)
@given(STEPS)
def test_open_exactly_while_a_case_is_late(steps: list[tuple[int, int, str | None]]) -> None:
    core, scribe = DecideCore(POLICY), Scribe((CaseFellow(RULES),))
    cases: dict[str, Case] = {}
    for hours, number, what in sorted(steps, key=lambda step: step[0]):
        if what is not None:
            one: CaseEvent = event(hours, what, f"c{number}")
            feed(core, [scribe], one)
            known = cases.get(one.case_id) or begin(one, RULES)
            cases[one.case_id] = known if what == "opened" and one.case_id not in cases else apply(known, one, RULES)[0]
            continue
        feed(core, [scribe], mark(hours))
        feed(core, [scribe], mark(hours + 0.01))  # what is due at a mark's own time is told a moment later
        late = worst(cases, hours)
        standing = {dict(one.scope)["clock"]: one.tier for one in core.open_incidents()}
        assert set(standing) == set(late)
        assert all(standing[clock].rank >= TIERS[how].rank for clock, how in late.items())


def told(records: list[CaseEvent | Mark]) -> list[IncidentEvent]:
    """What people hear, and what of it is written down."""
    core, scribe = DecideCore(POLICY), Scribe((CaseFellow(RULES),), Book("decide-0", KEY))
    return [event for record in records for event in feed(core, [scribe], record).events]


@hypothesis_settings(deadline=None, max_examples=100)
@given(STEPS, st.lists(st.integers(0, 150), max_size=10))
def test_how_far_apart_marks_are_changes_nothing(steps: list[tuple[int, int, str | None]], marks: list[int]) -> None:
    """A replay has few marks, as has a worker that catches up; a mark knows all before it, and nothing of its time."""
    happened = [event(hours, what, f"c{one}") for hours, one, what in steps if what]
    events: list[CaseEvent | Mark] = [*sorted(happened, key=moment)]
    often = sorted([*events, *map(mark, marks)], key=lambda one: (moment(one), isinstance(one, CaseEvent)))
    assert told([*often, mark(1_000)]) == told([*events, mark(1_000)])
