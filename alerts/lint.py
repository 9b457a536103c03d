"""Mistakes in rules that each rule alone does not show, for ``fenghuo check``.

Kinds no rule covers, rules that can never decide, steps that can never be reached or contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from alerts.covering import together
from alerts.rules import ANY, CAP, MEASURES, Bounds, Match, Rule, RuleSet, Step
from contracts.records import SignalKind, State, Tier

Cell = tuple[SignalKind, bool, State]


def problems(rules: RuleSet) -> list[str]:
    """Every mistake as a sentence that names rule, file and line and says what to do; empty when all is well.

    >>> problems(RuleSet(rules=(Rule(name="all", match=Match(), steps=(Step(tier="blue", score=1),)),)))
    []
    """
    found = [f"{_place(rules, rule)}: {text}" for rule in rules.rules for text in _of_steps(rule)]
    return found + list(_unreachable(rules)) + list(_uncovered(rules)) + list(_combinations(rules))


def _place(rules: RuleSet, rule: Rule) -> str:
    where = rules.places.get(rule.name)
    return f"{where}: rule {rule.name}" if where else f"rule {rule.name}"


def _uncovered(rules: RuleSet) -> Iterator[str]:
    for kind in SignalKind:
        missing = [
            positive for positive in (False, True) if not _takers((kind, positive, State.READY), Match(), rules.rules)
        ]
        if missing:
            which = "" if len(missing) == 2 else " of praise" if missing[0] else " that are no praise"
            parts = "; ".join(dict.fromkeys(_narrow(rule.match) for rule in rules.rules if kind in rule.match.kind))
            only = f" (covered: {parts})" if parts else ""
            yield (
                f"no rule covers every {kind.value} signal{which}: some would be told to nobody{only}; "
                "add a rule without where, hours and least for it (with no steps if it concerns nobody)"
            )


def _narrow(match: Match) -> str:
    """What a match asks for, in words."""
    asked = [f"{name} {' or '.join(values)}" for name, values in sorted(match.where.items())]
    asked += [f"{measure} from {match.least.bound(measure):g}" for measure in MEASURES if _asks(match.least, measure)]
    if match.hours is not None:
        asked.append(f"from {match.hours.begin:%H:%M} to {match.hours.end:%H:%M}")
    if match.positive is not None:
        asked.append("praise" if match.positive else "no praise")
    return ", ".join(asked) or f"state {' or '.join(match.state)}"


def _asks(bounds: Bounds, measure: str) -> bool:
    return bounds.bound(measure) is not None


def _combinations(rules: RuleSet) -> Iterator[str]:
    """Combinations that can never come together, or that lift nothing."""
    for one in rules.combine:
        for part in one.parts:
            highest = max((_highest(rule).rank for rule in rules.rules if _gives(rule, part.kind)), default=-1)
            if highest < part.tier.rank:
                kinds = " or ".join(part.kind)
                yield (
                    f"combination {one.name}: no rule gives {kinds} the tier {part.tier.value}, so it never comes "
                    "together; ask for a lower tier or raise a rule"
                )
        if all(part.tier.rank >= one.tier.rank for part in one.parts):
            yield f"combination {one.name}: its parts are {one.tier.value} or higher already; give it a higher tier"


def _gives(rule: Rule, kinds: tuple[SignalKind, ...]) -> bool:
    return bool(rule.steps) and bool(set(kinds) & set(rule.match.kind))


def _highest(rule: Rule) -> Tier:
    """The highest tier a rule can give, its raises considered."""
    lift = max((one.by for one in rule.raises), default=0)
    return tuple(Tier)[min(rule.steps[-1].tier.rank + lift, Tier.RED.rank)]


def _unreachable(rules: RuleSet) -> Iterator[str]:
    for index, rule in enumerate(rules.rules):
        before = rules.rules[:index]
        takers = [_takers(cell, rule.match, before) for cell in _cells(rule.match)]
        if all(takers):
            names = list(dict.fromkeys(one.name for some in takers for one in some))
            stand = "stands before it and takes" if len(names) == 1 else "stand before it and together take"
            yield (
                f"{_place(rules, rule)}: never decides, since {' and '.join(names)} {stand} all its signals; "
                "put it first or remove it"
            )


def _cells(match: Match) -> list[Cell]:
    signs = (False, True) if match.positive is None else (match.positive,)
    return list(product(match.kind, signs, match.state))


def _takers(cell: Cell, match: Match, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that take every signal of ``cell`` that ``match`` would take: one alone, or several together."""
    meant = [rule for rule in rules if cell in _cells(rule.match)]
    alone = next((rule for rule in meant if _wider(rule.match, match)), None)
    return together(match, meant) if alone is None else (alone,)


def _wider(wide: Match, narrow: Match) -> bool:
    """Whether all signals with the labels and measures of ``narrow`` have those of ``wide``."""
    if wide.hours is not None and wide.hours != narrow.hours:
        return False
    for name, values in wide.where.items():
        inner = narrow.where.get(name)
        if inner is None or (ANY not in values and not set(inner) <= set(values)):
            return False
    return _easier(wide.least, narrow.least)


def _easier(low: Bounds, high: Bounds) -> bool:
    """Whether whatever reaches ``high`` also reaches ``low``."""
    return not _exceeding(low, high)


def _exceeding(low: Bounds, high: Bounds) -> list[str]:
    """The measures in which ``low`` asks for more than ``high`` does."""
    asked = ((measure, low.bound(measure), high.bound(measure)) for measure in MEASURES)
    return [measure for measure, least, other in asked if least is not None and (other is None or other < least)]


def _of_steps(rule: Rule) -> Iterator[str]:
    effective = [_with_least(step, rule.match.least) for step in rule.steps]
    for low, high in pairwise(effective):
        less = _exceeding(low, high)
        if _easier(high, low):
            yield f"{low.tier.value} is never given, since all that reaches it reaches {high.tier.value}; raise it"
        elif less:
            yield (
                f"{high.tier.value} asks for less {' and '.join(less)} than {low.tier.value} does; "
                "a higher tier must ask for at least as much"
            )
    top = _ceiling(rule.match)
    for step in rule.steps:
        if top is not None and step.tier.rank > top.rank:
            yield f"{step.tier.value} is never given, since these signals are held to {top.value}; remove the step"


def _with_least(step: Step, least: Bounds) -> Step:
    values = {}
    for measure in MEASURES:
        asked = [value for value in (step.bound(measure), least.bound(measure)) if value is not None]
        values[measure] = max(asked, default=None)
    return step.model_copy(update=values)


def _ceiling(match: Match) -> Tier | None:
    """The tier that no signal of ``match`` can pass, by the caps of :func:`alerts.rules.cap_of`."""
    if match.positive:
        return Tier.BLUE
    caps = match.where.get(CAP, (ANY,))
    known = [tier for tier in Tier if tier.value in caps]
    return known[-1] if len(known) == len(caps) else None
