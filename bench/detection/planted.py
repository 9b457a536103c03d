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
from bench.detection.beds import Bed, Planted
from bench.detection.incidents import GRACE, KINDS, Kind
from bench.detection.intervals import median_interval, sign_test, wilson
from bench.detection.river_rules import Adwin, HalfSpace
from bench.detection.rules import EwmaZ, Listening, Rule, Spike, WindowedGaussian
from bench.detection.show import Shown, share
from bench.detection.stream import Stream
from bench.detection.telling import REST, count, search, told

RULES: tuple[Rule, ...] = (Spike(), Listening(), WindowedGaussian(), EwmaZ(), HalfSpace(), Adwin())
SLOW = {HalfSpace.name: 40_000}
"""Rules that take long, and on how many steps of a bed they are run: its first streams."""
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
        price = _price(bed, rules)
        prices.append(price)
        rows += [_row(bed, price, kind, rules, seed) for kind in kinds]
    return [_shown(rows, rules), _verdicts(rows, rules), _prices(prices, rules)]


def every_bed(folder: Path, seed: int) -> list[Bed]:
    """Made streams, and the real ones if they are there."""
    found = [beds.made(rate, seed) for rate in beds.RATES]
    if (folder / "airline_2015.csv").exists():
        found += [beds.airlines(folder), beds.citizens(folder)]
    return found


def _price(bed: Bed, rules: Sequence[Rule]) -> Price:
    ours = sum(sum(place >= bed.warm for place in product.places(stream)) for stream in bed.streams)
    thresholds, false = {}, {}
    for rule in rules:
        streams = bed.streams[: _few(bed, rule)]
        part = len(streams) / len(bed.streams)
        allowed = ceil(max(ours, PER_MONTH * bed.weeks) * part)
        thresholds[rule.name] = search(rule, streams, allowed, bed.warm)
        prepared = [(stream, rule.prepare(stream)) for stream in streams]
        false[rule.name] = count(rule, prepared, thresholds[rule.name], bed.warm)
    return Price(bed.name, bed.weeks, ours, thresholds, false)


def _row(bed: Bed, price: Price, kind: Kind, rules: Sequence[Rule], seed: int) -> Row:
    planted = bed.planted(kind, seed)
    ours = [delay for one in planted for delay in beds.delays(one, product.places(one.stream), GRACE)]
    found = {
        rule.name: [
            delay
            for one in planted[: _few(bed, rule) * bed.passes]
            for delay in _by_rule(one, rule, price.thresholds[rule.name])
        ]
        for rule in rules
    }
    return Row(bed.name, kind, ours, found)


def _few(bed: Bed, rule: Rule) -> int:
    """How many of the bed's streams a rule is run on."""
    steps = SLOW.get(rule.name)
    return len(bed.grounds) if steps is None else max(1, steps // (len(bed.streams[0].values) * bed.passes))


def _by_rule(planted: Planted, rule: Rule, at: float) -> Delays:
    stream: Stream = planted.stream
    places = told(rule.fires(rule.prepare(stream), at), stream.rows(REST))
    return beds.delays(planted, places, GRACE)


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
        f"tests on the same incidents, {SURE:.0%}; first by what is found, then by the delay). HalfSpaceTrees was run "
        "on a part of the incidents."
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
