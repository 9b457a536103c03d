"""Broken files: a sentence that names the place and what to do, and nothing lost beside it."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts.errors import InvalidFile, InvalidRecord, InvalidSettings
from streams.sources.files import FileOptions, open_file
from tests.unit.streams.intake_help import intake

T = "2026-01-01T00:00:00Z"
HEADER = "id,ts,text\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **options: Any) -> tuple[list[str], list[str]]:
    """Texts of the good rows, and the refusals, after the door."""
    door = intake(kind="file")
    texts, refused = [], []
    for row in open_file(path, FileOptions(**options)).rows():
        try:
            if isinstance(row, InvalidRecord):
                raise row
            texts.append(door.take(row[1], row[0])[0].text)
        except InvalidRecord as error:
            refused.append(str(error))
    return texts, refused


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "\n\n  \n", "has no rows"),
        ("a.csv", HEADER, "has no rows"),
        ("a.json", "[]", "has no rows"),
        ("a.csv", f"id,when,text\n1,{T},a\n", "no column for ts: say --map ts=COLUMN; its columns are: id, text, when"),
        ("a.ndjson", json.dumps({"id": 1, "when": T}), "no column for ts and text"),
        ("a.csv", HEADER + "1,2026-01-01 09:00:00,a\n", "say which one they are in, for instance --tz Asia/Shanghai"),
        ("a.xlsx", HEADER + f"1,{T},a\n", "is none; is it CSV?"),
        ("a.xlsx", b"PK\x03\x04 but not really", "no readable Excel workbook"),
        ("a.csv", b"PK\x03\x04\x14\x00", "zip archive or Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx or CSV"),
        ("a.csv", b"\x00\x01\x02\x03" * 100, "no text file"),
        ("a.csv.gz", HEADER + f"1,{T},a\n", "is no gzip file"),
        ("a.csv.gz", gzip.compress((HEADER + f"1,{T},a\n").encode(), mtime=0)[:-12], "broken or cut off"),
        (
            "a.json",
            '[{"id": "1", "ts": "' + T + '", "text": "a"}, {"id": ',
            "row 2: the JSON array is broken or cut off",
        ),
        ("a.ndjson", '{"id": \nnonsense', "no row of it can be read: broken JSON at line"),
    ],
)
def test_a_file_that_is_no_use_is_refused_with_what_to_do(tmp_path: Path, name: str, content: str, words: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        read(write(tmp_path / name, content))
    assert words in str(caught.value)
    assert name in str(caught.value)


def test_a_directory_and_a_missing_file_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="is a directory"):
        open_file(tmp_path)
    with pytest.raises(InvalidFile, match="no such file"):
        open_file(tmp_path / "none.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InvalidFile, match="no ordinary file"):
        open_file(tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": {"text": "comment"}}, "--map text=comment: no such column; its columns are: id, text, ts"),
        ({"columns": {"sentiment": "text"}}, "--map sentiment=…: no such field"),
        ({"encoding": "klingon"}, "no such encoding"),
        ({"tz": "Mars/Olympus"}, "no such time zone"),
    ],
)
def test_a_wrong_option_is_explained(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        read(write(tmp_path / "a.csv", HEADER + f"1,{T},a\n"), **options)
    assert words in str(caught.value)


def test_an_option_that_settings_refuse_is_named() -> None:
    with pytest.raises(InvalidSettings, match="labels are never read"):
        FileOptions(extra=("sentiment",)).settings()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("2,yesterday,b", "row 3, field ts: not a time"),
        ("2,1970-01-01T00:00:00Z,b", "row 3, field ts: lies before the year 2000"),
        ("2,2026-01-01 09:00:00,b", "row 3, field ts: the time has no zone"),
        (f"2,{T}", "row 3: has 2 cells where the header has 3"),
        (f"2,{T},b,c,d", "row 3: has 5 cells where the header has 3"),
        (f",{T},b", "row 3, field id: is missing"),
        (f"2,{T},", "row 3, field text: is missing"),
        (f'2,{T},"never closed', "row 3: its quotation marks do not match"),
        (f'2,"{T},b', "row 3: its quotation marks do not match"),
        (f"2,{T},{'x' * 10_000_000}", "row 3, field text: is longer than 20,000"),
        (f"2,{T},{'x' * 17_000_000}", "row 3: is longer than 16,000,000"),
        (f"{'i' * 1_000_000},{T},b", "row 3, field id: is longer than 256"),
        (b"2," + T.encode() + b",caf\xe9 \xff", "row 3, field text: holds bytes or characters that are no Unicode"),
    ],
)
def test_a_bad_row_costs_nothing_beside_itself(tmp_path: Path, bad: str | bytes, words: str) -> None:
    row = bad.encode() if isinstance(bad, str) else bad
    around = [f"{n},{T},第{n}条\n".encode() for n in (1, 3, 4)]
    content = HEADER.encode() + around[0] + row + b"\n" + around[1] + around[2]
    texts, refused = read(write(tmp_path / "a.csv", content))
    assert texts == ["第1条", "第3条", "第4条"]
    assert len(refused) == 1 and words in refused[0]


def test_a_quotation_mark_in_the_middle_is_taken_as_meant(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADER + f'1,{T},a 5" screen\n2,{T},"he said "hi" there"\n')
    texts, refused = read(path)
    assert texts[0] == 'a 5" screen' and len(texts) == 2 and not refused


@pytest.mark.parametrize("line", ["nonsense", "[1]", "5", '{"id": "2", "ts": "' + T + '", "text": "b"', "null"])
def test_a_bad_line_of_ndjson_costs_nothing_beside_itself(tmp_path: Path, line: str) -> None:
    lines = [json.dumps({"id": str(n), "ts": T, "text": f"t{n}"}) for n in (1, 3)]
    texts, refused = read(write(tmp_path / "a.ndjson", f"{lines[0]}\n{line}\n{lines[1]}"))
    assert texts == ["t1", "t3"]
    assert len(refused) == 1 and refused[0].startswith("a.ndjson row 2")


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"\\ud800"', "1e999"])
def test_what_is_no_number_or_text_costs_one_item_of_an_array(tmp_path: Path, value: str) -> None:
    items = [
        f'{{"id": "{n}", "ts": "{T}", "text": "t{n}", "customer_value": {v}}}' for n, v in ((1, 1), (2, value), (3, 1))
    ]
    for name, content in (("a.json", "[" + ",\n".join(items) + "]"), ("a.ndjson", "\n".join(items))):
        texts, refused = read(write(tmp_path / name, content))
        assert texts == ["t1", "t3"]
        assert len(refused) == 1 and "row 2, field customer_value" in refused[0]


def test_an_id_that_a_spreadsheet_has_rounded_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "ts", "text"], [5.675882788752138e17, T, "a"], ["567588278875213824", T, "b"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    texts, refused = read(tmp_path / "a.xlsx")
    assert texts == ["b"] and "field id" in refused[0]


def test_an_encoding_that_must_be_named_is_asked_for(tmp_path: Path) -> None:
    rows = "".join(f"{n},{T},dédé a été très fâché\n" for n in range(50))
    path = write(tmp_path / "a.csv", (HEADER + rows).encode("cp1252"))
    with pytest.raises(InvalidFile, match="--encoding cp1252"):
        open_file(path)
    assert read(path, encoding="cp1252")[0][0] == "dédé a été très fâché"
