"""Labelled mention volume: our detector as it comes, the usual rules at published settings and at their best."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.detection import data, nab_score, product
from bench.detection.nab_score import Scored, Span
from bench.detection.river_rules import Adwin, HalfSpace
from bench.detection.rules import EwmaZ, Listening, Rule, Spike, WindowedGaussian
from bench.detection.show import Shown
from bench.detection.stream import Stream
from bench.detection.telling import REST, told
from detectors.settings import DetectSettings

Labelled = list[tuple[Stream, list[Span]]]

RULES: tuple[Rule, ...] = (
    WindowedGaussian(both_sides=True),
    Spike(),
    Listening(),
    EwmaZ(),
    HalfSpace(),
    Adwin(),
)
COLUMNS = ("detector", "threshold", "score", "windows", "false/brand/week", "lag h")


def run(folder: Path) -> list[Shown]:
    """The table."""
    streams = data.labelled(folder)
    shown = Shown("Labelled mention volume, five brands, eight weeks", COLUMNS)
    _add(shown, "Fenghuo, no options", "default", detect(streams))
    for rule in RULES:
        prepared = [rule.prepare(stream) for stream, _ in streams]
        _add(shown, rule.name, f"{rule.natural:.3g}", judge(rule, streams, prepared, rule.natural))
        _add(
            shown, f"{rule.name}, one a day", f"{rule.natural:.3g}", judge(rule, streams, prepared, rule.natural, REST)
        )
        at, best = hindsight(rule, streams, prepared)
        _add(shown, f"{rule.name}, one a day", f"{at:.3g} (best of all)", best)
    shown.notes.append(
        '"One a day": after an alarm a day of rest, as warnings have it. "Best of all": the threshold that scores '
        "highest on these very streams, which nobody could have known."
    )
    return [shown]


def detect(streams: Labelled, settings: DetectSettings | None = None) -> Scored:
    """Our detector's score over all brands."""
    return nab_score.total(
        nab_score.score(len(stream.values), product.places(stream, settings), windows) for stream, windows in streams
    )


def judge(rule: Rule, streams: Labelled, prepared: list[np.ndarray], at: float, rest: int = 0) -> Scored:
    """A rule's score over all brands, with or without rest after an alarm."""
    parts = []
    for (stream, windows), one in zip(streams, prepared, strict=True):
        fires = rule.fires(one, at)
        alarms = told(fires, stream.rows(rest)) if rest else np.flatnonzero(fires).tolist()
        parts.append(nab_score.score(len(stream.values), alarms, windows))
    return nab_score.total(parts)


def hindsight(rule: Rule, streams: Labelled, prepared: list[np.ndarray], tries: int = 60) -> tuple[float, Scored]:
    """The best of the natural threshold and some others, densest where they are strict."""
    ladder = rule.ladder(prepared)
    strict = np.geomspace(1, len(ladder), tries)
    usual = np.linspace(1, max(1, len(ladder) // 4), tries)
    ranks = {round(place) for place in (*strict.tolist(), *usual.tolist())}
    chosen = [rule.natural, *(ladder[-rank] for rank in sorted(ranks))]
    found = [(at, judge(rule, streams, prepared, at, REST)) for at in chosen]
    return max(found, key=lambda one: one[1].score)


def _add(shown: Shown, name: str, at: str, found: Scored) -> None:
    hits = f"{found.hits}/{found.windows}"
    shown.add(name, at, f"{found.score:.1f}", hits, f"{found.false_per_week:.2f}", f"{found.lag:.1f}")
