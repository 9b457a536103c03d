"""Planted incidents: what is found and how soon, against each usual rule at equal false alarms.

Ours runs as it comes. Each rule is given, on the very streams into which the incidents are then planted, the most
lenient threshold that costs there no more false alarms than ours, or one a month if ours cost less: a choice that
nobody could make in real life, in its favour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

from bench.detection import beds, product
from bench.detection.beds import Bed
from bench.detection.incidents import KINDS, Kind
from bench.detection.intervals import median_interval, sign_test, wilson
from bench.detection.river_rules import Adwin, HalfSpace
from bench.detection.rules import EwmaZ, Listening, Rule, Spike, WindowedGaussian
from bench.detection.show import Shown, share
from bench.detection.stream import Stream
from bench.detection.telling import REST, search, told

RULES: tuple[Rule, ...] = (Spike(), Listening(), WindowedGaussian(), EwmaZ(), HalfSpace(), Adwin())
PER_MONTH = 7 / 30.4
SURE = 0.01
"""A difference less probable than this by chance counts as one."""

Delays = list[float | None]


@dataclass(frozen=True)
class Row:
    """One bed and kind of incident: what ours and each rule found."""

    bed: str
    kind: Kind
    ours: Delays
    rules: dict[str, Delays]


@dataclass(frozen=True)
class Price:
    """What everything costs on the streams without incidents."""

    bed: str
    weeks: float
    ours: int
    thresholds: dict[str, float]
    false: dict[str, int]


def run(folder: Path, seed: int = 1, kinds: Sequence[Kind] = KINDS, rules: Sequence[Rule] = RULES) -> list[Shown]:
    """The tables: power and delay row by row, the price, and the sum of verdicts."""
    prices, rows = [], []
    for bed in every_bed(folder, seed):
        price, found = measured(bed, kinds, rules, seed)
        prices.append(price)
        rows += found
    return [_shown(rows, rules), _verdicts(rows, rules), _prices(prices, rules)]


def every_bed(folder: Path, seed: int) -> list[Bed]:
    """Made streams, and the real ones if they are there."""
    found = [beds.made(rate, seed) for rate in beds.RATES]
    if (folder / "airline_2015.csv").exists():
        found += [beds.airlines(folder, seed), beds.citizens(folder, seed)]
    return found


def measured(bed: Bed, kinds: Sequence[Kind], rules: Sequence[Rule], seed: int) -> tuple[Price, list[Row]]:
    """What one bed costs without incidents, and what is found of each kind."""
    told, ours = watched(bed, kinds, seed)
    allowed = ceil(max(told, PER_MONTH * bed.weeks))
    thresholds = {rule.name: search(rule, bed.streams, allowed, bed.warm) for rule in rules}
    false, theirs = {}, {}
    for rule in rules:
        false[rule.name], theirs[rule.name] = ruled(bed, kinds, rule, thresholds[rule.name], seed)
    rows = [Row(bed.name, kind, ours[kind], {rule.name: theirs[rule.name][kind] for rule in rules}) for kind in kinds]
    return Price(bed.name, bed.weeks, told, thresholds, false), rows


def watched(bed: Bed, kinds: Sequence[Kind], seed: int) -> tuple[int, dict[Kind, Delays]]:
    """Ours: warnings without incidents, and the minutes to the warning for each incident."""
    false = 0
    found: dict[Kind, Delays] = {kind: [] for kind in kinds}
    for ground in bed.grounds:
        clean, saved = product.Watch(ground.stream).run(ground.stream.values, ground.starts)
        false += sum(place >= bed.warm for place in clean)
        for start in ground.starts:
            for kind in kinds:
                first = product.load(saved[start]).first(ground.future(start, kind, seed))
                found[kind].append(_minutes(ground.stream, first))
    return false, found


def ruled(bed: Bed, kinds: Sequence[Kind], rule: Rule, at: float, seed: int) -> tuple[int, dict[Kind, Delays]]:
    """The same of a rule with the threshold ``at``."""
    false = 0
    found: dict[Kind, Delays] = {kind: [] for kind in kinds}
    for ground in bed.grounds:
        stream = ground.stream
        rest = stream.rows(REST)
        clean = told(rule.fires(rule.prepare(stream), at), rest, bed.warm)
        false += len(clean)
        saved = rule.saves(stream, ground.starts, at)
        for start in ground.starts:
            awake = max((one + rest - start for one in clean if one < start), default=0)
            for kind in kinds:
                fires = rule.branch(stream, start, ground.future(start, kind, seed), at, saved.get(start))
                found[kind].append(_minutes(stream, next(iter(told(fires, rest, max(0, awake))), None)))
    return false, found


def _minutes(stream: Stream, place: int | None) -> float | None:
    """From the start of an incident to the end of the step that warned."""
    return None if place is None else (place + 1) * stream.step / 60


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


def _shown(rows: Sequence[Row], rules: Sequence[Rule]) -> Shown:
    names = [rule.name for rule in rules]
    shown = Shown(
        "Planted incidents: found in per cent (95 % interval), median minutes to the warning (interval)",
        ("stream", "incident", "planted", "Fenghuo: found", "minutes", *names),
    )
    for row in rows:
        hits = [one for one in row.ours if one is not None]
        low, high = median_interval(hits)
        minutes = f"{median(hits):.0f} ({low:.0f}–{high:.0f})" if hits else "–"
        power = share(len(hits), len(row.ours), wilson(len(hits), len(row.ours)))
        cells = [_cell(row.ours, row.rules[name]) for name in names]
        shown.add(row.bed, row.kind.name, len(row.ours), power, minutes, *cells)
    shown.notes.append(
        "Right: per cent found by each rule / its median minutes; + ours is ahead of it, = level, − behind (exact sign "
        f"tests on the same incidents, {SURE:.0%}; first by what is found, then by the delay)."
    )
    return shown


def _cell(ours: Delays, theirs: Delays) -> str:
    hits = [one for one in theirs if one is not None]
    mark = {"ahead": "+", "level": "=", "behind": "−"}[verdict(ours, theirs)]
    middle = f"{median(hits):.0f}" if hits else "–"
    return f"{100 * len(hits) / len(theirs):.0f} / {middle} {mark}"


def _verdicts(rows: Sequence[Row], rules: Sequence[Rule]) -> Shown:
    shown = Shown(
        "Rows in which ours is ahead of, level with or behind each rule", ("rule", "ahead", "level", "behind")
    )
    for rule in rules:
        counts = Counter(verdict(row.ours, row.rules[rule.name]) for row in rows)
        shown.add(rule.name, counts["ahead"], counts["level"], counts["behind"])
    behind = [
        f"{row.bed}, {row.kind.name}: {rule.name}"
        for row in rows
        for rule in rules
        if verdict(row.ours, row.rules[rule.name]) == "behind"
    ]
    shown.notes.append("Behind in: " + ("; ".join(behind) if behind else "none") + ".")
    return shown


def _prices(prices: Sequence[Price], rules: Sequence[Rule]) -> Shown:
    names = [rule.name for rule in rules]
    shown = Shown(
        "False alarms a week on the same streams without incidents (threshold that costs them)",
        ("stream", "weeks", "Fenghuo", *names),
    )
    for one in prices:
        cells = [_cost(one, name) for name in names]
        shown.add(one.bed, f"{one.weeks:.1f}", f"{one.ours / one.weeks:.2f}", *cells)
    return shown


def _cost(price: Price, name: str) -> str:
    return f"{price.false[name]} in all ({price.thresholds[name]:.3g})"
