"""Planted incidents: what is found and how soon, against each usual rule at equal false alarms.

Ours runs as it comes, with its budget of warnings. Beside it our score and each rule get, by the same search on the
very streams into which the incidents are then planted, the most lenient threshold that costs there no more false alarms
than ours as it comes, or one a month if that cost less. Verdicts are at this equal price.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from bench.detection import beds, product
from bench.detection import planted_tables as tables
from bench.detection.beds import Bed
from bench.detection.incidents import KINDS, Kind
from bench.detection.planted_tables import Delays, Price, Row
from bench.detection.product import Watched
from bench.detection.river_rules import Adwin, HalfSpace
from bench.detection.rules import EwmaZ, Listening, Prepared, Rule, Spike, WindowedGaussian
from bench.detection.show import Shown
from bench.detection.stream import Stream
from bench.detection.telling import REST, count, search, told

RULES: tuple[Rule, ...] = (Spike(), Listening(), WindowedGaussian(), EwmaZ(), HalfSpace(), Adwin())
PER_MONTH = 7 / 30.4


def run(folder: Path, seed: int = 1, kinds: Sequence[Kind] = KINDS, rules: Sequence[Rule] = RULES) -> list[Shown]:
    """The tables: power and delay row by row, the price, and the sum of verdicts."""
    prices, rows = [], []
    for bed in every_bed(folder, seed):
        price, found = measured(bed, kinds, rules, seed)
        prices.append(price)
        rows += found
    names = [rule.name for rule in rules]
    return [tables.found(rows, names), tables.verdicts(rows, names), tables.costs(prices, names)]


def every_bed(folder: Path, seed: int) -> list[Bed]:
    """Made streams, and the real ones if they are there."""
    found = [beds.made(rate, seed) for rate in beds.RATES]
    if (folder / "airline_2015.csv").exists():
        found += [beds.airlines(folder, seed), beds.citizens(folder, seed)]
    return found


def measured(bed: Bed, kinds: Sequence[Kind], rules: Sequence[Rule], seed: int) -> tuple[Price, list[Row]]:
    """What one bed costs without incidents, and what is found of each kind."""
    watched = [product.Watch(one.stream).run(one.stream.values, one.starts) for one in bed.grounds]
    told = sum(place >= bed.warm for one in watched for place in one.told)
    allowed = ceil(max(told, PER_MONTH * bed.weeks))
    scores = [(ground.stream, one.scores) for ground, one in zip(bed.grounds, watched, strict=True)]
    ours = Ours()
    thresholds = {ours.name: search(ours, scores, allowed, bed.warm)}
    false = {ours.name: count(ours, scores, thresholds[ours.name], bed.warm)}
    default, equal = futures(bed, kinds, watched, thresholds[ours.name], seed)
    theirs = {}
    for rule in rules:
        prepared = [(stream, rule.prepare(stream)) for stream in bed.streams]
        thresholds[rule.name] = at = search(rule, prepared, allowed, bed.warm)
        false[rule.name] = count(rule, prepared, at, bed.warm)
        theirs[rule.name] = ruled(bed, kinds, rule, at, prepared, seed)
    rows = [
        Row(bed.name, kind, default[kind], equal[kind], {rule.name: theirs[rule.name][kind] for rule in rules})
        for kind in kinds
    ]
    return Price(bed.name, bed.weeks, told, thresholds, false), rows


class Ours(Rule):
    """Our score with a fixed threshold and a day of rest in place of the budget."""

    name = tables.OURS
    natural = 1.0

    def prepare(self, stream: Stream) -> Prepared:
        """Score of every step."""
        return product.Watch(stream).run(stream.values).scores


def futures(
    bed: Bed, kinds: Sequence[Kind], watched: Sequence[Watched], at: float, seed: int
) -> tuple[dict[Kind, Delays], dict[Kind, Delays]]:
    """Minutes to our warning for each incident, as it comes and with the fixed threshold ``at``."""
    default: dict[Kind, Delays] = {kind: [] for kind in kinds}
    equal: dict[Kind, Delays] = {kind: [] for kind in kinds}
    for ground, one in zip(bed.grounds, watched, strict=True):
        rest = ground.stream.rows(REST)
        clean = told(one.scores > at, rest, bed.warm)
        for start in ground.starts:
            for kind in kinds:
                future = product.load(one.saved[start]).run(ground.future(start, kind, seed))
                default[kind].append(_minutes(ground.stream, next(iter(future.told), None)))
                fired = told(future.scores > at, rest, awake(clean, start, rest))
                equal[kind].append(_minutes(ground.stream, next(iter(fired), None)))
    return default, equal


def awake(clean: Sequence[int], start: int, rest: int) -> int:
    """Steps after ``start`` until a rule that told something before it may tell again.

    >>> awake([100, 900], 1000, 288), awake([100], 1000, 288)
    (188, 0)
    """
    return max(0, max((place + rest - start for place in clean if place < start), default=0))


def ruled(
    bed: Bed, kinds: Sequence[Kind], rule: Rule, at: float, prepared: Sequence[tuple[Stream, Prepared]], seed: int
) -> dict[Kind, Delays]:
    """The minutes to the warning of a rule with the threshold ``at``."""
    found: dict[Kind, Delays] = {kind: [] for kind in kinds}
    for ground, (stream, one) in zip(bed.grounds, prepared, strict=True):
        rest = stream.rows(REST)
        clean = told(rule.fires(one, at), rest, bed.warm)
        saved = rule.saves(stream, ground.starts, at)
        for start in ground.starts:
            for kind in kinds:
                fires = rule.branch(stream, start, ground.future(start, kind, seed), at, saved.get(start))
                found[kind].append(_minutes(stream, next(iter(told(fires, rest, awake(clean, start, rest))), None)))
    return found


def _minutes(stream: Stream, place: int | None) -> float | None:
    """From the start of an incident to the end of the step that warned."""
    return None if place is None else (place + 1) * stream.step / 60
