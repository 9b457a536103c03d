"""``fenghuo detect``: warnings as a file; bad input is one sentence that names the row."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fenghuo.cli import app

HEAD = "timestamp,value\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["detect", *map(str, words)], env={"COLUMNS": "200"})


def lines(values: list[str], minutes: int = 5) -> list[str]:
    start = datetime(2026, 1, 5)
    return [f"{start + timedelta(minutes=minutes * row)},{value}" for row, value in enumerate(values)]


def written(folder: Path, rows: list[str], head: str = HEAD) -> Path:
    path = folder / "counts.csv"
    path.write_text(head + "\n".join(rows) + "\n")
    return path


def burst() -> list[str]:
    return lines([str(40 if 2300 <= row < 2306 else 3 + row % 3) for row in range(2600)])


def test_warnings_are_written_as_the_file_writes_its_times(tmp_path: Path) -> None:
    out = tmp_path / "alarms.csv"
    result = run(written(tmp_path, burst()), "--budget", "1/week", "--out", out)
    assert result.exit_code == 0, result.output
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["timestamp"][:13]) for row in rows] == [("volume.spike", "2026-01-12 23")]
    assert list(rows[0]) == ["timestamp", "kind", "score", "expected"]
    assert float(rows[0]["score"]) >= 1
    assert 2 < float(rows[0]["expected"]) < 6


def test_without_a_file_for_them_warnings_are_shown(tmp_path: Path) -> None:
    result = run(written(tmp_path, burst()))
    assert result.exit_code == 0
    assert "volume.spike" in result.stdout
    assert "1 warnings in 2600 rows" in result.stdout


def test_rows_out_of_order_are_sorted_and_said(tmp_path: Path) -> None:
    rows, plain = burst(), tmp_path / "plain.csv"
    run(written(tmp_path, rows), "--out", plain)
    mixed = tmp_path / "mixed.csv"
    result = run(written(tmp_path, [*rows[100:], *rows[:100]]), "--out", mixed)
    assert result.exit_code == 0
    assert "not in order of time" in result.stderr
    assert mixed.read_text() == plain.read_text()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2026-01-05 00:05:00,5", "row 12: its time stands in row 3 too"),
        ("2026-01-05 00:50:00,nan", "row 12: its value is not finite"),
        ("2026-01-05 00:50:00,inf", "row 12: its value is not finite"),
        ("2026-01-05 00:50:00,-1", "row 12: its value is negative"),
        ("2026-01-05 00:50:00,many", "row 12: its value is no number"),
        ("2026-01-05 00:50:00,", "row 12: its value is no number"),
        ("2026-01-05 00:50:00,1e30", "row 12: its value is larger than any count"),
        ("someday,4", "row 12: its timestamp is no time"),
        ("2026-01-05T00:50:00Z,4", "row 12: some timestamps have a zone"),
        ("2026-01-05 00:50:00", "row 12: has fewer cells"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, sentence: str) -> None:
    refused(run(written(tmp_path, [*lines(["4"] * 10), row])), sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        (HEAD, "has no rows"),
        ("time,value\n", "has no column timestamp"),
        ("timestamp,count\n", "has no column value"),
    ],
)
def test_a_file_that_is_no_series_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text)
    refused(run(path), sentence)


def test_folders_missing_files_and_noise_are_refused(tmp_path: Path) -> None:
    refused(run(tmp_path), "is a folder")
    refused(run(tmp_path / "none.csv"), "no such file")
    noise = tmp_path / "noise.csv"
    noise.write_bytes(bytes(range(256)))
    refused(run(noise), "noise.csv")


def test_times_without_a_beat_are_refused(tmp_path: Path) -> None:
    start, rows, at = datetime(2026, 1, 5), [], 0
    for row in range(200):
        at += 300 if row % 3 else 47
        rows.append(f"{start + timedelta(seconds=at)},1")
    refused(run(written(tmp_path, rows)), "no buckets of one length")


@pytest.mark.parametrize("budget", ["often", "0/week", "-1/week", "1/year", "nan/week", ""])
def test_an_allowance_that_is_none_is_refused(tmp_path: Path, budget: str) -> None:
    refused(run(written(tmp_path, lines(["1"] * 10)), "--budget", budget), "is no allowance")


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_three_rows_are_no_warning(tmp_path: Path, rows: int) -> None:
    result = run(written(tmp_path, lines(["5"] * rows)))
    assert result.exit_code == 0
    assert f"0 warnings in {rows} rows" in result.stdout


@pytest.mark.parametrize("value", ["0", "7", "123456789", "0.5"])
def test_a_constant_series_is_no_warning(tmp_path: Path, value: str) -> None:
    result = run(written(tmp_path, lines([value] * 3000)))
    assert result.exit_code == 0, result.output
    assert "0 warnings in 3000 rows" in result.stdout


def test_rows_that_are_missing_are_buckets_that_nobody_watched(tmp_path: Path) -> None:
    rows = burst()
    result = run(written(tmp_path, [*rows[:700], *rows[900:1500], *rows[1501:2600]]))
    assert result.exit_code == 0, result.output
    assert "1 warnings in 2399 rows" in result.stdout


@pytest.mark.parametrize("minutes", [1, 60, 1440])
def test_any_length_of_bucket_is_judged(tmp_path: Path, minutes: int) -> None:
    result = run(written(tmp_path, lines(["5", "6", "4"] * 100, minutes)))
    assert result.exit_code == 0, result.output
    assert "0 warnings in 300 rows" in result.stdout


def refused(result: Result, sentence: str) -> None:
    """One sentence on standard error, exit code 2."""
    assert result.exit_code == 2, (result.output, result.exception)
    assert sentence in result.stderr
    assert "\n" not in result.stderr.strip()
