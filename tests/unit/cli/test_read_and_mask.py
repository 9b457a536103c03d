"""``fenghuo read`` and ``fenghuo mask``: one line in, one line out; bad input is one sentence and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.records import Reading
from fenghuo.cli import app
from streams.text.reader import LexiconReader

LINES = "客服态度非常差，再不退款我就去12315投诉！\n\ngreat crew, thank you\r\n电话13812345678"


def run(*words: str, given: str | bytes | None = None, key: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=given, env={"FENGHUO_KEY": key})


def test_each_line_is_read(tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_text(LINES, newline="")
    result = run("read", str(file))
    assert result.exit_code == 0, result.output
    readings = [Reading.model_validate_json(line) for line in result.stdout.splitlines()]
    assert [one.sentiment.value for one in readings[:3]] == ["negative", "neutral", "positive"]
    known = LexiconReader().read("great crew, thank you")
    assert readings[2] == known.model_copy(update={"model": readings[2].model})  # the names of subjects are part of it
    assert len(readings) == 4
    assert run("read", "-", given=LINES).stdout == result.stdout


def test_all_fields_stand_in_each_line() -> None:
    line = json.loads(run("read", "-", given="嗯\n").stdout)
    assert set(line) == set(Reading.model_fields) - {"schema_version"}


def test_grade_shows_the_memberships() -> None:
    leak, late = map(
        json.loads, run("read", "-", "--grade", given="你们泄露了我的身份证\n快递晚到\n").stdout.splitlines()
    )
    assert (leak["category"], leak["grade"]["grade"]) == ("privacy-leak", "critical")
    assert late["grade"]["grade"] == "minor"
    assert sum(late["grade"]["memberships"].values()) == pytest.approx(1)
    assert set(late["grade"]["factors"]) == {"category", "heat", "authority"}


def test_explain_shows_what_each_place_weighs() -> None:
    told = [
        json.loads(line)
        for line in run(
            "read", "-", "--explain", "--grade", given="ＷＩＦＩ不错，但是太慢了\n嗯\n电话13812345678太差\n"
        ).stdout.splitlines()
    ]
    mixed, nothing, private = (one["explained"] for one in told)
    assert mixed["text"] == "wifi不错，但是太慢了"
    assert mixed["polarity"] == told[0]["polarity"] < 0
    weights = {one["text"]: one["weight"] for one in mixed["spans"]}
    assert weights["不错"] > 0 > weights["太慢"]
    assert all(mixed["text"][one["start"] : one["end"]] == one["text"] for one in mixed["spans"])
    assert nothing["polarity"] == told[1]["polarity"]
    assert "1381234" not in private["text"]
    assert all("grade" in one for one in told)


def test_a_reader_of_thirty_words_explains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGHUO_READER", "thirty-words")
    result = run("read", "-", "--explain", given="bad\n")
    assert result.exit_code == 2
    assert "leave FENGHUO_READER at lexicon" in result.stderr


def test_each_line_is_masked_and_keeps_its_place() -> None:
    masked = run("mask", "-", given=LINES).stdout.split("\n")
    assert masked[:3] == ["客服态度非常差，再不退款我就去12315投诉！", "", "great crew, thank you"]
    assert masked[3].startswith("电话[电话#") and masked[4:] == [""]


def test_masks_go_by_the_key_of_the_installation() -> None:
    one, other = (run("mask", "-", given=LINES, key=f"a secret key of the desk {n}").stdout for n in (1, 2))
    assert one != other
    assert one == run("mask", "-", given=LINES, key="a secret key of the desk 1").stdout


@pytest.mark.parametrize("command", ["read", "mask"])
def test_bad_input_is_one_sentence(command: str, tmp_path: Path) -> None:
    for result, words in (
        (run(command, str(tmp_path / "none.txt")), "no such file"),
        (run(command, str(tmp_path)), "is no file"),
        (run(command, "-", given=b"good\n\xff\xfe bad\n"), "standard input: line 2 is no UTF-8"),
        (run(command, "-", given="a", key="short"), "FENGHUO_KEY"),
    ):
        said = result.stderr.strip()
        assert result.exit_code == 2, result.output
        assert said.startswith("fenghuo: ") and words in said and "\n" not in said
    assert run(command).exit_code == 2


def test_a_mark_at_the_beginning_and_nothing_at_all() -> None:
    assert run("mask", "-", given=b"\xef\xbb\xbfhello\n").stdout == "hello\n"
    assert run("read", "-", given=b"").stdout == ""
