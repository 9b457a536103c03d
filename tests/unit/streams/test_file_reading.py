"""Files of every form give the same rows; columns and encodings are found, and said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts.errors import InvalidRecord
from streams.sources.files import FileOptions, MentionFile, open_file

HEADER = ["id", "ts", "text", "brand", "sentiment"]
ROWS = [
    ["1", "2026-01-05T09:30:00+08:00", "航班延误了，没有人解释", "Delta", "negative"],
    ["2", "2026-01-05T09:31:00+08:00", "two\nlines, a comma and a “quote”", "United", "neutral"],
    ["3", "2026-01-05T09:32:00+08:00", 'she said "no"', "Delta", "negative"],
]


def csv_text(rows: list[list[str]], delimiter: str = ",") -> str:
    quoted = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join(quoted) + "\r\n"


def good(file: MentionFile) -> list[dict[str, Any]]:
    return [row[1] for row in file.rows() if not isinstance(row, InvalidRecord)]


def expected() -> list[dict[str, str]]:
    return [dict(zip(HEADER[:4], row[:4], strict=True)) for row in ROWS]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_csv_is_read_whatever_its_separator_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text([HEADER, *ROWS], delimiter).encode(encoding))
    assert good(open_file(path)) == expected()


def as_ndjson() -> bytes:
    return "\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS).encode()


def as_array() -> bytes:
    return json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS], indent=2).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.ndjson", as_ndjson()),
        ("orders.jsonl", b"\xef\xbb\xbf" + as_ndjson() + b"\n\n"),
        ("orders.json", as_array()),
        ("orders.json", as_ndjson()),
        ("orders.csv.gz", gzip.compress(csv_text([HEADER, *ROWS]).encode())),
        ("orders.ndjson.gz", gzip.compress(as_ndjson())),
        ("orders", as_array()),
        ("orders.dat", csv_text([HEADER, *ROWS]).encode()),
    ],
)
def test_other_forms_give_the_same_rows(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert good(open_file(path)) == expected()


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_gives_texts_numbers_and_times(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["编号", "留言时间", "内容", "reach"],
        [24, datetime(2020, 1, 6, 12, 9, 38), "路灯坏了", 12.0],
        [None] * 4,
    ]
    file = open_file(workbook(tmp_path / "留言.xlsx", rows), FileOptions(tz="Asia/Shanghai"))
    assert good(file) == [{"id": 24, "ts": datetime(2020, 1, 6, 12, 9, 38), "text": "路灯坏了", "reach": 12}]
    assert file.mapped == {"id": "编号", "ts": "留言时间", "text": "内容", "reach": "reach"}


def test_columns_are_mapped_by_themselves_and_the_rest_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    header = "留言编号,留言用户,留言主题,留言时间,留言详情,一级分类,Sentiment,category\n"
    path.write_text(header + "24,A1,主题,2020/1/6 12:09:38,路灯坏了,城建,negative,x\n", encoding="utf-8")
    file = open_file(path, FileOptions(tz="Asia/Shanghai"))
    assert good(file) == [{"id": "24", "author": "A1", "ts": "2020/1/6 12:09:38", "text": "路灯坏了"}]
    assert file.ignored == ("Sentiment", "category", "一级分类", "留言主题")


def test_a_chosen_column_goes_before_one_of_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("ts,text,review\n2026-01-01T00:00:00Z,summary,whole review\n", encoding="utf-8")
    (row,) = good(open_file(path, FileOptions(columns={"text": "review"})))
    assert row["text"] == "whole review"


def ids(path: Path, rows: list[list[str]]) -> list[str]:
    path.write_text(csv_text(rows), encoding="utf-8")
    return [row["id"] for row in good(open_file(path, FileOptions(key=b"k")))]


def test_ids_made_from_content_ignore_other_columns_and_their_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    t = "2026-01-01T00:00:00Z"
    plain = ids(path, [["ts", "text"], [t, "a"], [t, "b"], [t, "a"]])
    assert len(set(plain)) == 3 and plain[2] == f"{plain[0]}-2"
    assert ids(path, [["category", "text", "ts"], ["x", "a", t], ["y", "b", t], ["z", "a", t]]) == plain
    path.write_text(csv_text([["ts", "text"], [t, "a"]]), encoding="utf-8")
    assert good(open_file(path, FileOptions(key=b"other")))[0]["id"] != plain[0]


def test_rows_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "endless.ndjson"
    line = json.dumps({"id": "1", "ts": "2026-01-01T00:00:00Z", "text": "x"})
    path.write_text((line + "\n") * 5_000, encoding="utf-8")
    rows: Iterator[object] = open_file(path).rows()
    assert next(rows) == ("endless.ndjson row 1", json.loads(line))
    assert sum(1 for _ in rows) == 4_999


REAL = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data are not beside the repository (../shared/data)")
def test_a_real_export_is_read_in_gb18030_as_in_utf8(tmp_path: Path) -> None:
    original = REAL / "citizen_messages_classes.csv"
    copy = tmp_path / original.name
    copy.write_bytes(original.read_text(encoding="utf-8").encode("gb18030"))
    options = FileOptions(tz="Asia/Shanghai")
    assert good(open_file(copy, options)) == good(open_file(original, options))
