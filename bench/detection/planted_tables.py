"""Planted incidents as tables: who is ahead, level or behind, row by row, and what each costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.detection.incidents import Kind
from bench.detection.intervals import median_interval, sign_test, wilson
from bench.detection.show import Shown, share

SURE = 0.01
"""A difference less probable than this by chance counts as one."""

OURS = "our score"

Delays = list[float | None]


@dataclass(frozen=True)
class Row:
    """One bed and kind of incident: what ours and each rule found."""

    bed: str
    kind: Kind
    default: Delays
    """Ours as it comes."""
    ours: Delays
    """Ours at the price of the rules."""
    rules: dict[str, Delays]


@dataclass(frozen=True)
class Price:
    """What everything costs on the streams without incidents."""

    bed: str
    weeks: float
    ours: int
    thresholds: dict[str, float]
    false: dict[str, int]


def verdict(ours: Delays, theirs: Delays) -> str:
    """``ahead``, ``behind`` or ``level``: by what is found, and by the delay where as much is found.

    >>> verdict([5.0] * 20, [None] * 20), verdict([5.0] * 20, [10.0] * 20), verdict([None], [5.0])
    ('ahead', 'ahead', 'level')
    """
    pairs = list(zip(ours, theirs, strict=False))
    more = sum(a is not None and b is None for a, b in pairs)
    less = sum(a is None and b is not None for a, b in pairs)
    if sign_test(more, less) < SURE:
        return "ahead" if more > less else "behind"
    sooner = sum(a is not None and b is not None and a < b for a, b in pairs)
    later = sum(a is not None and b is not None and a > b for a, b in pairs)
    if sign_test(sooner, later) < SURE:
        return "ahead" if sooner > later else "behind"
    return "level"


def found(rows: Sequence[Row], names: Sequence[str]) -> Shown:
    """Power and delay row by row."""
    shown = Shown(
        "Planted incidents: found in per cent (95 % interval), median minutes to the warning (interval)",
        ("stream", "incident", "planted", "as it comes", "minutes", "at equal price", "minutes", *names),
    )
    for row in rows:
        cells = [_cell(row.ours, row.rules[name]) for name in names]
        shown.add(row.bed, row.kind.name, len(row.ours), *_power(row.default), *_power(row.ours), *cells)
    shown.notes.append(
        "Right: per cent found by each rule / its median minutes; + our score is ahead of it, = level, − behind (exact "
        f"sign tests on the same incidents, {SURE:.0%}; first by what is found, then by the delay)."
    )
    return shown


def _power(delays: Delays) -> tuple[str, str]:
    hits = [one for one in delays if one is not None]
    low, high = median_interval(hits)
    minutes = f"{median(hits):.0f} ({low:.0f}–{high:.0f})" if hits else "–"
    return share(len(hits), len(delays), wilson(len(hits), len(delays))), minutes


def _cell(ours: Delays, theirs: Delays) -> str:
    hits = [one for one in theirs if one is not None]
    mark = {"ahead": "+", "level": "=", "behind": "−"}[verdict(ours, theirs)]
    middle = f"{median(hits):.0f}" if hits else "–"
    return f"{100 * len(hits) / len(theirs):.0f} / {middle} {mark}"


def verdicts(rows: Sequence[Row], names: Sequence[str]) -> Shown:
    """The sum of verdicts."""
    shown = Shown(
        "Rows in which ours is ahead of, level with or behind each rule",
        ("rule", "ahead", "level", "behind", "as it comes: ahead", "level", "behind"),
    )
    for name in names:
        equal = Counter(verdict(row.ours, row.rules[name]) for row in rows)
        default = Counter(verdict(row.default, row.rules[name]) for row in rows)
        shown.add(name, *(counts[word] for counts in (equal, default) for word in ("ahead", "level", "behind")))
    behind = [
        f"{row.bed}, {row.kind.name}: {name}"
        for row in rows
        for name in names
        if verdict(row.ours, row.rules[name]) == "behind"
    ]
    shown.notes.append("Behind at equal price in: " + ("; ".join(behind) if behind else "none") + ".")
    return shown


def costs(prices: Sequence[Price], names: Sequence[str]) -> Shown:
    """False alarms of ours and each rule."""
    names = [OURS, *names]
    shown = Shown(
        "False alarms a week on the same streams without incidents (threshold that costs them)",
        ("stream", "weeks", "ours as it comes", *names),
    )
    for one in prices:
        cells = [_cost(one, name) for name in names]
        shown.add(one.bed, f"{one.weeks:.1f}", f"{one.ours} in all, {one.ours / one.weeks:.2f} a week", *cells)
    return shown


def _cost(price: Price, name: str) -> str:
    return f"{price.false[name]} in all ({price.thresholds[name]:.3g})"
