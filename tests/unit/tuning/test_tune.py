"""The tuning workbench: comparing, searching, keeping scores, writing settings and taking them back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from contracts.errors import InvalidFile, InvalidSettings
from detectors.offline import alarms
from detectors.redecide import Findings
from detectors.settings import DetectSettings
from fenghuo.cli import app
from fenghuo.counts import read_counts
from fenghuo.tuning import record
from fenghuo.tuning.cases import Case, read_cases
from fenghuo.tuning.changes import changed, parsed
from fenghuo.tuning.compare import compare, told
from fenghuo.tuning.measure import missing, outcome
from fenghuo.tuning.page import page
from fenghuo.tuning.search import search
from fenghuo.tuning.series import kept_series
from fenghuo.tuning.stored import kept

START = datetime(2026, 1, 5)
STEP = timedelta(minutes=5)
ROWS = 21 * 288
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
SETTINGS = DetectSettings()


def written(folder: Path, name: str, bursts: tuple[int, ...], height: float = 60) -> Path:
    """A calm series with bursts of an hour that begin at these rows."""
    path = folder / f"{name}.csv"
    lines = ["timestamp,value"]
    for row in range(ROWS):
        value = height if any(0 <= row - burst < 12 for burst in bursts) else 3 + row * 7 % 5
        lines.append(f"{START + row * STEP},{value}")
    path.write_text("\n".join(lines) + "\n")
    return path


def window(burst: int) -> list[str]:
    return [str(START + (burst - 6) * STEP), str(START + (burst + 24) * STEP)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("series")
    written(made, "one", (3000, 5000))
    written(made, "two", (4000,), height=80)
    labels = {"one": [window(3000), window(5000)], "two": [window(4000)]}
    (made / "labels.json").write_text(json.dumps(labels))
    return made


@pytest.fixture(scope="module")
def cases(folder: Path) -> list[Case]:
    return read_cases([folder / "one.csv", folder / "two.csv"], folder / "labels.json", folder / "kept")


def found(cases: list[Case], keep: Path, settings: DetectSettings = SETTINGS) -> dict[str, Findings]:
    return {case.name: kept(case, settings, keep, lambda row: None) for case in cases}


def same(one: Findings, other: Findings) -> bool:
    return all(np.array_equal(column, other.columns()[name]) for name, column in one.columns().items())


def test_deciding_again_from_kept_scores_tells_what_judging_tells(cases: list[Case], tmp_path: Path) -> None:
    first = found(cases, tmp_path)
    again = found(cases, tmp_path)
    for case in cases:
        assert same(first[case.name], again[case.name])
        for per_week in (0.2, 1.0, 7.0):
            budget = SETTINGS.budget.model_copy(update={"per_week": per_week})
            assert told(case, again[case.name], budget) == alarms(
                case.series.times, case.series.values, settings=SETTINGS, per_week=per_week
            )


def test_a_changed_series_or_window_is_judged_anew_and_a_damaged_file_too(folder: Path, tmp_path: Path) -> None:
    keep, series = tmp_path / "kept", tmp_path / "series"
    path = written(tmp_path, "three", (3000,))
    (case,) = read_cases([path], None, series)
    first = kept(case, SETTINGS, keep, lambda row: None)
    assert first
    (file,) = keep.iterdir()
    file.write_bytes(b"nothing")
    assert same(kept(case, SETTINGS, keep, lambda row: None), first)
    kept(case, changed(SETTINGS, {"volume.windows_minutes": [60]}), keep, lambda row: None)
    written(tmp_path, "three", (3500,))
    kept(read_cases([path], None, series)[0], SETTINGS, keep, lambda row: None)
    assert len(list(keep.iterdir())) == 3


@pytest.mark.parametrize("zone", ["", "+08:00", "Z"])
def test_a_kept_series_is_the_one_that_was_read(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "four.csv"
    rows = [f"{(START + row * STEP).isoformat()}{zone},{row % 5}" for row in (*range(20), 30, 25)]
    path.write_text("\n".join(["timestamp,value", *rows]) + "\n")
    read, again = (kept_series(path, "four", tmp_path / "kept")[0] for _ in range(2))
    plain = read_counts(path)
    for one in (read, again):
        assert (list(one.times), list(one.values), one.notes) == (list(plain.times), list(plain.values), plain.notes)
        assert [one.times.written(at) for at in one.times] == [plain.times.written(at) for at in plain.times]
    (file,) = (tmp_path / "kept").iterdir()
    file.write_bytes(b"PK damaged")
    assert list(kept_series(path, "four", tmp_path / "kept")[0].times) == list(plain.times)


def test_two_series_of_one_name_are_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "one.csv").write_bytes((folder / "one.csv").read_bytes())
    with pytest.raises(InvalidFile, match="two series are named"):
        read_cases([folder / "one.csv", tmp_path / "one.csv"], None, tmp_path / "kept")


def test_every_burst_is_found_and_a_small_allowance_loses_warnings(cases: list[Case], tmp_path: Path) -> None:
    scores = found(cases, tmp_path)
    small = SETTINGS.budget.model_copy(update={"per_week": 0.05, "head_start_weeks": 20.0, "saved_weeks": 20.0})
    results = compare(cases, (scores, SETTINGS.budget), (scores, small))
    assert [one.was.recall for one in results] == [1.0, 1.0]
    assert all(one.was.precision == 1.0 for one in results)
    assert sum(len(one.lost) for one in results) >= 1
    assert all(one.gained == [] for one in results)


def test_what_two_sets_of_warnings_differ_in_is_paired_one_to_one(cases: list[Case], tmp_path: Path) -> None:
    some = told(cases[0], found(cases, tmp_path)["one"], SETTINGS.budget)
    assert missing(some, some) == []
    assert missing([*some, *some], some) == some
    assert missing(some, []) == some


def test_a_window_that_nobody_labelled_is_not_judged(cases: list[Case], tmp_path: Path) -> None:
    some = told(cases[0], found(cases, tmp_path)["one"], SETTINGS.budget)
    blind = outcome(some, None, 3.0)
    assert (blind.precision, blind.recall, blind.false_per_week, blind.delay) == (None, None, None, None)
    nothing_happened = outcome(some, (), 3.0)
    assert nothing_happened.precision == 0.0
    assert nothing_happened.false_per_week == len(some) / 3.0


def test_the_search_is_no_worse_where_it_searched_and_judges_each_series_unseen(
    cases: list[Case], tmp_path: Path
) -> None:
    scores = found(cases, tmp_path)
    one = search(cases, scores, SETTINGS.budget, trials=6, false=0.1, seed=3)
    assert one == search(cases, scores, SETTINGS.budget, trials=6, false=0.1, seed=3)
    assert one.seen.cost(0.1) <= one.present.cost(0.1) + 1e-9
    assert one.unseen.windows == 3
    with pytest.raises(InvalidSettings, match="at least two series"):
        search(cases[:1], scores, SETTINGS.budget, trials=2, false=0.1)


def test_the_page_loads_nothing_and_escapes_names(cases: list[Case], tmp_path: Path) -> None:
    scores = found(cases, tmp_path)
    results = compare(cases, (scores, SETTINGS.budget), (scores, SETTINGS.budget))
    text = page(results, {"<script>": "<b>"}, None)
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "http://" not in text and "https://" not in text and "src=" not in text
    assert text.count("<svg") == 2


def test_changes_name_what_is_wrong() -> None:
    assert changed(SETTINGS, parsed(["budget.per_week=0.5"])).budget.per_week == 0.5
    for words, said in (
        (["budget.per_week"], "is no change"),
        (["budget.nothing=1"], "no setting 'budget.nothing'"),
        (["budget=1"], "no setting 'budget'"),
        (["budget.per_week=-1"], "budget.per_week"),
    ):
        with pytest.raises(InvalidSettings, match=said):
            changed(SETTINGS, parsed(words))


def test_settings_are_written_with_a_record_and_taken_back(tmp_path: Path) -> None:
    before = (
        "# for tuning\nzone: UTC          # of the site\nbudget:\n  per_week: 2.0   # warnings\n  red_per_week: null\n"
    )
    (tmp_path / "detectors.yaml").write_text(before)
    made = record.apply(tmp_path, {"budget.per_week": 1.0, "budget.gain": 0.1}, "Li", "too many", NOON)
    text = (tmp_path / "detectors.yaml").read_text()
    assert "per_week: 1.0" in text and "gain: 0.1" in text and "# of the site" in text
    assert (made.number, made.author, made.before) == (1, "Li", {"budget.per_week": 2.0, "budget.gain": None})
    back = record.undo(tmp_path, "Wang", "too few", NOON)
    assert (back.number, back.undoes) == (2, 1)
    assert (tmp_path / "detectors.yaml").read_text() == before
    assert [one.why for one in record.history(tmp_path)] == ["too many", "too few"]
    with pytest.raises(InvalidSettings, match="no change left"):
        record.undo(tmp_path, "Wang", "again", NOON)
    with pytest.raises(InvalidSettings, match="who made it and why"):
        record.apply(tmp_path, {"budget.per_week": 1.0}, "Li", " ", NOON)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("[]", "must be an object"),
        ("{", "is not JSON"),
        ('{"other": []}', "no such series"),
        ('{"one": [["2026-01-05"]]}', "no \\[start, end\\]"),
        ('{"one": [["2026-01-06", "2026-01-05"]]}', "ends before"),
        ('{"one": [["2026-01-05T00:00Z", "2026-01-06T00:00Z"]]}', "cannot be compared"),
        ('{"one": 3}', "must be a list"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(folder: Path, tmp_path: Path, labels: str, said: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(labels)
    with pytest.raises(InvalidFile, match=said):
        read_cases([folder / "one.csv"], path, tmp_path)


def test_the_command_from_end_to_end(folder: Path, tmp_path: Path) -> None:
    config = Path(__file__).resolve().parents[3] / "config"
    run = CliRunner().invoke(
        app,
        ["tune", str(folder / "one.csv"), str(folder / "two.csv"), "--labels", str(folder / "labels.json"), "--set"]
        + ["budget.per_week=7", "--search", "3", "--config", str(config), "--keep", str(tmp_path / "kept")]
        + ["--out", str(tmp_path / "page.html")],
    )
    assert run.exit_code == 0, run.output
    assert "left out" in run.output
    assert "3/3" in run.output
    assert "<svg" in (tmp_path / "page.html").read_text()
    nothing = CliRunner().invoke(app, ["tune", "--config", str(config)])
    assert nothing.exit_code == 2
