"""A whole file through the real mask and the real subjects: same bytes whatever its other columns hold."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import InvalidFile
from streams.batch import outs
from streams.sources.arrange import play
from streams.sources.files import FileOptions
from streams.sources.load import Loaded, Tools, load
from streams.subjects import SubjectFinder, Subjects
from streams.text.mask import Masker, pseudonym

KEY = b"0123456789abcdef"
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOOLS = Tools(Masker(KEY), lambda value: pseudonym(KEY, value), lambda extra: SubjectFinder(Subjects(), extra))
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "airline_2015.csv"
HEADER = ["id", "ts", "text", "brand", "author", "sentiment", "category"]


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "id": str(10**17 + number),
            "ts": f"2026-01-05T09:{number // 60:02}:{number % 60:02}+08:00",
            "text": f"第 {number} 次打 13800138000 没人接, call me at zhang@example.com",
            "brand": "Delta" if number % 3 else "United",
            "author": f"author {number}",
            "sentiment": "negative",
            "category": "hotline",
        }
        for number in range(count)
    ]


def written(path: Path, content: list[dict[str, str]], columns: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(content)
    return path


def loaded(path: Path) -> Loaded:
    return load(path, FileOptions(key=KEY), TOOLS, at=AT)


def played(path: Path) -> list[tuple[int, bytes]]:
    file = loaded(path)
    return [(out.partition, out.value) for step in play(file.rows, file.source, 6) for out in outs(step)]


def shuffled(content: list[dict[str, str]], labels: list[str]) -> list[dict[str, str]]:
    order = random.Random(7).sample(range(len(content)), len(content))
    return [{**row, **{label: content[at][label] for label in labels}} for row, at in zip(content, order, strict=True)]


def check_labels_change_nothing(content: list[dict[str, str]], columns: list[str], folder: Path) -> None:
    labels = [name for name in columns if name in ("sentiment", "category")]
    original = played(written(folder / "a.csv", content, columns))
    assert played(written(folder / "a.csv", shuffled(content, labels), columns)) == original
    kept = [name for name in columns if name not in labels]
    assert played(written(folder / "a.csv", content, kept)) == original
    assert played(written(folder / "a.csv", content, list(reversed(columns)))) == original


def test_deleting_shuffling_or_moving_label_columns_changes_no_byte(tmp_path: Path) -> None:
    check_labels_change_nothing(rows(200), HEADER, tmp_path)
    check_labels_change_nothing(rows(200), HEADER[1:], tmp_path)


@pytest.mark.skipif(not REAL.is_file(), reason="the real data are not beside the repository (../shared/data)")
def test_so_it_is_with_real_data(tmp_path: Path) -> None:
    with REAL.open(encoding="utf-8", newline="") as stream:
        content = list(csv.DictReader(stream))[-2_000:]
    check_labels_change_nothing(content, list(content[0]), tmp_path)


def test_brands_that_the_file_names_are_watched_in_it(tmp_path: Path) -> None:
    file = loaded(written(tmp_path / "a.csv", rows(30), HEADER))
    assert Counter(row.mentions[0].brand for row in file.rows) == {"Delta": 20, "United": 10}
    assert file.ignored == ("category", "sentiment")


def test_nothing_unmasked_leaves(tmp_path: Path) -> None:
    content = rows(60)
    content[10]["ts"] = "13800138000 zhang@example.com"
    content[11]["ts"] = "2038-01-19T03:14:07Z"
    file = loaded(written(tmp_path / "a.csv", content, HEADER))
    assert [letter.place for letter in file.letters] == ["a.csv row 12", "a.csv row 13"]
    everything = "".join(one.model_dump_json() for one in file.letters)
    everything += "".join(one.model_dump_json() for row in file.rows for one in row.mentions)
    for secret in ("13800138000", "zhang@example.com", "author 1"):
        assert secret not in everything


def test_a_file_without_one_good_row_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    bad = [{**row, "ts": "1970-01-01T00:00:00Z"} for row in rows(3)]
    with pytest.raises(InvalidFile, match="none of its 3 rows is a mention; the first: lies before the year 2000"):
        loaded(written(tmp_path / "a.csv", bad, HEADER))
