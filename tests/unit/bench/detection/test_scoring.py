"""Our copy of the benchmark's score against the one beside the data, and its known figure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.detection import data, nab, nab_score
from bench.detection.rules import WindowedGaussian

TOOL = data.HERE.parent / "tools" / "mention_score.py"
here = pytest.mark.skipif(
    not (data.HERE / "nab").is_dir(), reason="the labelled streams ../shared/data/nab are not here"
)


def test_a_late_alarm_is_worth_less_and_a_missed_window_costs() -> None:
    windows = [(1000, 1100)]
    early, late, missed = (nab_score.score(3000, alarms, windows) for alarms in ([1000], [1090], []))
    assert early.score == pytest.approx(100)
    assert 60 < late.score < 65
    assert missed.score == pytest.approx(0)


def test_alarms_while_learning_count_for_nothing_and_near_ones_are_one_episode() -> None:
    scored = nab_score.score(6000, [10, 700, 800, 805, 817, 900], [(5000, 5100)])
    assert (scored.false, scored.hits) == (2, 0)


@here
def test_the_windowed_gaussian_has_its_known_figure() -> None:
    streams = data.labelled(data.HERE)
    rule = WindowedGaussian(both_sides=True)
    found = nab.judge(rule, streams, [rule.prepare(stream) for stream, _ in streams], rule.natural)
    assert (round(found.score, 1), found.hits, round(found.false_per_week, 2)) == (61.9, 14, 1.10)


@here
@pytest.mark.skipif(not TOOL.exists(), reason="the scorer ../shared/tools/mention_score.py is not here")
def test_it_equals_the_scorer_beside_the_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    parts = []
    for stream, windows in data.labelled(data.HERE):
        places = sorted(rng.integers(0, len(stream.values), 25).tolist())
        rows = [stream.times[one].replace(tzinfo=None).isoformat(sep=" ") for one in places]
        (tmp_path / f"{stream.name}.csv").write_text("\n".join(["timestamp", *rows]) + "\n")
        parts.append(nab_score.score(len(stream.values), places, windows))
    folder = data.HERE / "nab"
    command = [sys.executable, str(TOOL), str(folder), str(folder / "windows.json"), str(tmp_path)]
    last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    ours = nab_score.total(parts)
    words = last.split()
    assert words[2] == f"{ours.score:.1f}"
    assert words[4] == f"{ours.hits}/{ours.windows}"
    assert words[6] == f"{ours.false_per_week:.2f}"
    assert len(json.loads((folder / "windows.json").read_text())) == len(parts)
