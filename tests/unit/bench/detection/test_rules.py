"""The usual rules against their definitions, written out the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from bench.detection.river_rules import Adwin, HalfSpace
from bench.detection.rules import EwmaZ, Listening, Rule, Spike, WindowedGaussian, before, trailing
from bench.detection.stream import Floats, Stream

RULES: tuple[Rule, ...] = (Spike(), Listening(), WindowedGaussian(), EwmaZ(), HalfSpace(), Adwin())


def ordinary(rows: int = 1200, seed: int = 3) -> Stream:
    return Stream.made("ordinary", np.random.default_rng(seed).poisson(20.0, rows).astype(float), 300)


def surged(stream: Stream, start: int, rows: int = 36, factor: float = 8.0) -> Stream:
    values = stream.values.copy()
    values[start : start + rows] *= factor
    return stream.with_values(values)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_finds_a_great_surge_at_some_threshold_that_is_silent_before_it(rule: Rule) -> None:
    stream = surged(ordinary(), 900)
    prepared = rule.prepare(stream)
    silent = [at for at in rule.ladder([prepared]) if not rule.fires(prepared, at)[300:900].any()]
    assert rule.fires(prepared, silent[0])[900:1000].any()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_looks_ahead(rule: Rule) -> None:
    calm, loud = ordinary(), surged(ordinary(), 900)
    for at in (rule.natural, 0.7):
        ours, theirs = rule.fires(rule.prepare(calm), at), rule.fires(rule.prepare(loud), at)
        assert (ours[:900] == theirs[:900]).all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_branch_fires_as_the_whole_stream_would(rule: Rule) -> None:
    rows = 9000 if not isinstance(rule, HalfSpace) else 1200
    stream = ordinary(rows)
    start, stop = rows - 90, rows - 10
    loud = surged(stream, start)
    at = 3.0 if rule.name != HalfSpace.name else 0.9
    whole = rule.fires(rule.prepare(loud), at)[start:stop]
    saved = rule.saves(stream, [start, 200], at)
    branch = rule.branch(stream, start, loud.values[start:stop], at, saved.get(start))
    assert (branch == whole).all()
    assert whole.any()


def test_the_windowed_gaussian_slides_as_the_benchmark_does() -> None:
    rule = WindowedGaussian(both_sides=True)
    rule.window, rule.slide = 40, 10
    stream = ordinary(200)
    assert rule.prepare(stream)[1:] == pytest.approx(_gaussian(stream.values, 40, 10)[1:])


def _gaussian(values: Floats, size: int, slide: int) -> list[float]:
    """As its authors run it: a window and a buffer."""
    window: list[float] = []
    buffer: list[float] = []
    scores = []
    for value in values.tolist():
        deviation = float(np.std(window)) if window else 1.0
        scores.append(abs(value - float(np.mean(window or [0.0]))) / (deviation or 1e-6))
        if len(window) < size:
            window.append(value)
            continue
        buffer.append(value)
        if len(buffer) == slide:
            window, buffer = window[slide:] + buffer, []
    return scores


def test_the_spike_rule_is_the_quotient_of_two_hours() -> None:
    values = np.concatenate((np.full(24, 2.0), np.full(12, 8.0)))
    scores = Spike().prepare(Stream.made("steps", values, 300))
    assert scores[-1] == pytest.approx(4.0)
    assert scores[24] == pytest.approx((11 * 2 + 8) / 24)


def test_listening_is_silent_when_yesterday_was_as_loud() -> None:
    values = np.full(288 * 9, 2.0)
    values[288 * 7 + 100 : 288 * 7 + 112] = 20.0
    once = Listening().prepare(Stream.made("once", values, 300))
    values[288 * 8 + 100 : 288 * 8 + 112] = 20.0
    again = Listening().prepare(Stream.made("again", values, 300))
    assert once[288 * 7 + 111] == pytest.approx(10.0)
    assert again[288 * 8 + 111] == pytest.approx(1.0)


def test_ewma_counts_deviations_from_what_was_known_before() -> None:
    stream = ordinary()
    scores = EwmaZ().prepare(surged(stream, 900, rows=1, factor=3.0))
    assert scores[900] == pytest.approx((stream.values[900] * 3 - 20) / 20**0.5, rel=0.15)


def test_sums_and_shifts_at_the_edges() -> None:
    values = np.arange(1.0, 6.0)
    assert trailing(values, 100).tolist() == [1, 3, 6, 10, 15]
    assert before(values, 7).tolist() == [0] * 5
