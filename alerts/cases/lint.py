"""Deadlines of cases that contradict each other although each is valid, for ``fenghuo check``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations, product

from alerts.cases.settings import CaseClock, CaseSettings, Length, Which

_DAY = timedelta(days=1)


def problems(settings: CaseSettings) -> list[str]:
    """Every contradiction as a sentence that says what to do; empty when all is well."""
    found = [*_named(settings), *_shadowed(settings)]
    for first, second in permutations(settings.clocks, 2):
        found.extend(_before(first, second, settings))
    return [f"cases.yaml: {one}" for one in found]


def _named(settings: CaseSettings) -> Iterator[str]:
    """Clocks that say another number of working days than they last."""
    for clock in settings.clocks:
        said = {int(number) for text in (clock.name, clock.zh, clock.en) for number in re.findall(r"\d+", text)}
        if clock.workdays is not None and said and clock.workdays not in said:
            yield (
                f"clock {clock.name} ({clock.zh} {clock.en}) lasts {clock.workdays} working days, and its name says "
                f"{' and '.join(map(str, sorted(said)))}; let one of them follow the other"
            )


def _shadowed(settings: CaseSettings) -> Iterator[str]:
    for clock in settings.clocks:
        for index, one in enumerate(clock.special):
            if any(_within(one.which, before.which) for before in clock.special[:index]):
                yield f"clock {clock.name}: special length {index + 1} never holds; one before it fits all its cases"


def _within(inner: Which, outer: Which) -> bool:
    pairs = ((inner.grade, outer.grade), (inner.channel, outer.channel), (inner.department, outer.department))
    return all(not wide or (narrow and set(narrow) <= set(wide)) for narrow, wide in pairs)


def _before(first: CaseClock, second: CaseClock, settings: CaseSettings) -> Iterator[str]:
    """``second`` is due before ``first`` though all that meets it meets ``first`` too, and more does."""
    if not set(second.met_by) < set(first.met_by):
        return
    for grade, channel, department in _sorts(first, second, settings):
        if not (first.only.fits(grade, channel, department) and second.only.fits(grade, channel, department)):
            continue
        early, late = second.length(grade, channel, department), first.length(grade, channel, department)
        if _sooner(early, late):
            which = ", ".join(one for one in (grade, channel, department) if one)
            yield (
                f"clock {second.name} is due ({_shown(early)}) before {first.name} ({_shown(late)}) for cases that are "
                f"{which}, though what meets it ({', '.join(second.met_by)}) meets {first.name} too; "
                "make it longer or the other shorter"
            )
            return


def _sorts(first: CaseClock, second: CaseClock, settings: CaseSettings) -> Iterator[tuple[str, str | None, str | None]]:
    asked = [first.only, second.only, *(one.which for clock in (first, second) for one in clock.special)]
    channels = [None, *sorted({name for which in asked for name in which.channel})]
    departments = [None, *sorted({name for which in asked for name in which.department})]
    return product(settings.grades, channels, departments)


def _sooner(one: Length, other: Length) -> bool:
    """Whether ``one`` surely ends before ``other``; n working days last n days at least."""
    if one.within is not None:
        return one.within < (other.within if other.within is not None else (other.workdays or 0) * _DAY)
    return one.workdays is not None and other.workdays is not None and one.workdays < other.workdays


def _shown(length: Length) -> str:
    return f"{length.workdays} working days" if length.within is None else f"{length.within.total_seconds() / 3600:g} h"
