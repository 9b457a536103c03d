"""Made streams and planted incidents: what is asked for is what comes, and the same seed gives the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.detection.beds import INCIDENTS, Ground
from bench.detection.beds import made as made_bed
from bench.detection.generate import World, make
from bench.detection.held_out import CALM, ORDINARY
from bench.detection.incidents import GRACE, KINDS, Kind

WORLD = World("made", base=20.0)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    one, same, other = make(WORLD, 2, 1), make(WORLD, 2, 1), make(WORLD, 2, 2)
    assert (one.stream.values == same.stream.values).all()
    assert (one.stream.values != other.stream.values).any()


def test_base_and_dispersion_are_as_asked() -> None:
    made = make(replace(WORLD, daily=0.0, weekly=0.0, phi=0.3), 6, 1)
    assert made.stream.values.mean() == pytest.approx(20, rel=0.02)
    assert made.stream.values.var() == pytest.approx(20 + 0.3 * 400, rel=0.05)


def test_season_shift_drift_and_bursts_are_in_the_mean() -> None:
    flat = replace(WORLD, daily=0.0, weekly=0.0)
    week = 2016
    weekend = make(replace(flat, weekly=0.5), 2, 1).mean
    assert weekend[5 * 288 + 10] < 0.6 * weekend[10]
    shifted = make(replace(flat, shift=2.0), 4, 1).mean
    assert shifted[-1] == pytest.approx(2 * shifted[0])
    grown = make(replace(flat, drift=1.1), 3, 1).mean
    assert grown[2 * week] == pytest.approx(1.21 * grown[0], rel=0.01)
    burst = make(replace(flat, bursts=5.0), 4, 1)
    assert burst.bursts > 0
    assert burst.mean.max() >= 4 * np.median(burst.mean)


def test_a_slow_wave_remembers_about_as_long_as_asked() -> None:
    made = make(replace(WORLD, daily=0.0, weekly=0.0, slow=0.4, slow_hours=1.0), 8, 1)
    wave = np.log(made.mean)
    centred = wave - wave.mean()
    hour = float((centred[12:] * centred[:-12]).mean() / centred.var())
    assert hour == pytest.approx(np.exp(-1), abs=0.08)


def test_there_are_more_than_twenty_held_out_streams_of_different_names() -> None:
    names = {world.name for world in (*CALM, *ORDINARY)}
    assert len(names) == len(CALM) + len(ORDINARY)
    assert len(ORDINARY) >= 20


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_incidents_add_what_they_say_and_nothing_behind_them(kind: Kind) -> None:
    made = make(World("a", base=200.0, phi=0.001, daily=0.0, weekly=0.0), 5, 1)
    rows = made.stream.rows(kind.seconds)
    ground = Ground(made.stream, made.mean, made.phi, (7000,))
    future = ground.future(7000, kind, seed=1)
    added = future - made.stream.values[7000 : 7000 + len(future)]
    assert len(future) == rows + 12
    assert not added[rows:].any()
    assert added[:rows].mean() == pytest.approx(200 * (kind.factor - 1) / (2 if kind.ramp else 1), rel=0.3)
    assert (ground.future(7000, kind, seed=1) == future).all()
    assert (ground.future(7000, kind, seed=2) != future).any()


def test_a_bed_holds_as_many_incidents_as_asked_after_learning_with_room_behind_them() -> None:
    bed = made_bed(5.0, seed=1)
    starts = [start for ground in bed.grounds for start in ground.starts]
    assert len(starts) == INCIDENTS
    assert min(starts) >= bed.warm
    longest = max(kind.seconds for kind in KINDS)
    assert all(max(one.starts) + one.stream.rows(longest + GRACE) <= len(one.mean) for one in bed.grounds)
    assert bed.weeks == pytest.approx(36, abs=0.1)
