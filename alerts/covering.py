"""Whether rules between them take every signal that a match would take, for :mod:`alerts.lint`. Pure.

Signals differ for rules only in so many ways: a label has a value that some rule names, another one, or none; a
measure lies between two bounds; a time lies within some hours and outside others. One signal of each sort is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product
from math import prod

from alerts.hours import Hours, instant
from alerts.rules import ANY, MEASURES, Match, Rule

MOST = 50_000
"""Sorts of signals that are tried; beyond it nothing is said."""
_YEAR = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(366))
"""Has holidays and make-up workdays."""
_ELSE = "\0"
"""A value that no rule names."""


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of signals."""

    labels: dict[str, str | None]
    measures: dict[str, float | None]
    within: dict[Hours, bool]

    def fits(self, match: Match) -> bool:
        for name, values in match.where.items():
            have = self.labels[name]
            if have is None or (ANY not in values and have not in values):
                return False
        for measure in MEASURES:
            least, value = match.least.bound(measure), self.measures[measure]
            if least is not None and (value is None or value < least):
                return False
        return match.hours is None or self.within[match.hours]


def together(match: Match, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that between them take all signals with the labels, measures and times of ``match``.

    Kind, praise and state are not looked at. None if a signal is left, or if there are too many sorts to try.

    >>> halves = [Rule(name=name, match=Match(hours={"from": begin, "to": end}))
    ...     for name, begin, end in (("day", "08:00", "20:00"), ("night", "20:00", "08:00"))]
    >>> [rule.name for rule in together(Match(), halves)], together(Match(), halves[:1])
    (['day', 'night'], ())
    """
    takers: dict[str, Rule] = {}
    for sort in _sorts([match, *(rule.match for rule in rules)]):
        if not sort.fits(match):
            continue
        taker = next((rule for rule in rules if sort.fits(rule.match)), None)
        if taker is None:
            return ()
        takers[taker.name] = taker
    return tuple(takers.values())


def _sorts(matches: Sequence[Match]) -> Iterator[_Sort]:
    names = sorted({name for match in matches for name in match.where})
    labels = [_values(name, matches) for name in names]
    bounds = [_bounds(measure, matches) for measure in MEASURES]
    asked = tuple(dict.fromkeys(match.hours for match in matches if match.hours is not None))
    times = _times(asked)
    sizes = [len(one) for one in labels] + [len(one) for one in bounds] + [len(times)]
    if prod(sizes) > MOST:
        return
    for have, values, within in product(product(*labels), product(*bounds), times):
        yield _Sort(
            dict(zip(names, have, strict=True)),
            dict(zip(MEASURES, values, strict=True)),
            dict(zip(asked, within, strict=True)),
        )


def _values(name: str, matches: Sequence[Match]) -> list[str | None]:
    named = {value for match in matches for value in match.where.get(name, ()) if value != ANY}
    return [*sorted(named), _ELSE, *([] if name == "brand" else [None])]


def _bounds(measure: str, matches: Sequence[Match]) -> list[float | None]:
    named = {match.least.bound(measure) for match in matches} - {None}
    return [None, *sorted(value for value in named if value is not None)]


@lru_cache(maxsize=64)
def _times(asked: tuple[Hours, ...]) -> list[tuple[bool, ...]]:
    """In which of the hours a time can lie; every border of a year is looked at."""
    if not asked:
        return [()]
    found: dict[tuple[bool, ...], None] = {}
    for at in sorted({at for hours in asked for at in _borders(hours)}):
        found[tuple(hours.covers(at) for hours in asked)] = None
    return list(found)


def _borders(hours: Hours) -> Iterator[datetime]:
    near = {day + timedelta(days=step) for day in hours.dates for step in (-1, 0, 1)}
    for day in {*_YEAR, *near}:
        yield instant(day, hours.begin, hours.zone)
        yield instant(day, hours.end, hours.zone)
