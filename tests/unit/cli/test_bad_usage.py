"""Bad files and options on the command line: exit code 2, one clear sentence, no traceback, nothing that hangs."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fenghuo.cli import app

ROOT = Path(__file__).resolve().parents[3]
HEAD = "id,ts,text,brand\n"
ROW = "1,2026-01-05T00:00:00+08:00,bad service,Acme\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "200", "FENGHUO_KEY": ""})


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.csv"
    path.write_text(HEAD + ROW)
    return str(path)


def refused(result: Result, words: str, code: int = 2) -> None:
    """One sentence about it, and nothing else."""
    said = result.stderr.strip()
    assert result.exit_code == code, (result.output, result.exception)
    assert words in said
    assert said.startswith("fenghuo: ")
    assert "\n" not in said
    assert isinstance(result.exception, SystemExit)


def files(folder: Path) -> None:
    """Files that are no use, by name."""
    (folder / "empty.csv").touch()
    (folder / "header.csv").write_text(HEAD)
    (folder / "column.csv").write_text("id,ts,brand\n1,2026-01-05T00:00:00Z,Acme\n")
    (folder / "zero.csv").write_bytes(HEAD.encode() + b"1,2026-01-05T00:00:00Z,b\0d,Acme\n")
    (folder / "cut.csv.gz").write_bytes(gzip.compress((HEAD + ROW * 500).encode())[:-20])
    (folder / "plain.csv.gz").write_text(HEAD + ROW)
    (folder / "broken.json").write_text("[" * 50_000)
    (folder / "noise.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    (folder / "never.csv").write_text(HEAD + "1,someday,a,b\n")
    (folder / "zoneless.csv").write_text(HEAD + "1,2026-01-05 00:00:00,a,b\n")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "endless.csv").symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.csv", "is empty"),
        ("header.csv", "has no rows"),
        ("column.csv", "no column for text"),
        ("zero.csv", "zero bytes"),
        ("cut.csv.gz", "broken or cut off"),
        ("plain.csv.gz", "is no gzip file"),
        ("broken.json", "broken or cut off"),
        ("noise.xlsx", "no readable Excel workbook"),
        ("never.csv", "none of its 1 rows is a mention"),
        ("zoneless.csv", "--tz Asia/Shanghai"),
        ("folder.csv", "is a directory"),
        ("pipe.csv", "is no ordinary file"),
        ("endless.csv", "is no ordinary file"),
        ("missing.csv", "no such file"),
    ],
)
def test_a_file_that_is_no_use(tmp_path: Path, name: str, words: str) -> None:
    files(tmp_path)
    refused(run("replay", str(tmp_path / name), "--out", str(tmp_path / "out")), words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "text"], "write field=column"),
        (["--map", "=id"], "write field=column"),
        (["--map", "nope=id"], "no such field"),
        (["--map", "text=nope"], "no such column"),
        (["--tz", "Mars/Base"], "no such time zone"),
        (["--tz", "../../etc/passwd"], "no such time zone"),
        (["--encoding", "klingon"], "no such encoding"),
        (["--encoding", "rot13"], "no such encoding"),
        (["--encoding", "utf-16"], "not in the encoding"),
        (["--brand", ""], "option brand"),
        (["--channel", "x" * 201], "option channel"),
        (["--config", "/nowhere/at/all"], "no such folder"),
    ],
)
def test_an_option_that_is_wrong(tmp_path: Path, good: str, options: list[str], words: str) -> None:
    refused(run("replay", good, "--out", str(tmp_path / "out"), *options), words)


def test_an_out_that_cannot_be_written(tmp_path: Path, good: str) -> None:
    refused(run("replay", good, "--out", good), "is a file; --out takes a folder")
    refused(run("replay", good, "--out", f"{good}/below"), "cannot be made")
    refused(run("replay", good, "--out", "/proc/nowhere"), "cannot be made")
    (tmp_path / "out" / "incidents.ndjson").mkdir(parents=True)
    refused(run("replay", good, "--out", str(tmp_path / "out")), "incidents.ndjson: cannot be written")
    (tmp_path / "more" / "readings.ndjson").mkdir(parents=True)
    refused(run("replay", good, "--readings", "--out", str(tmp_path / "more")), "readings.ndjson: Is a directory", 1)


def test_an_environment_that_is_wrong(good: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, words in (
        ("FENGHUO_STORE", "{", "FENGHUO_STORE: is no JSON"),
        ("FENGHUO_PARTITIONS", "many", "FENGHUO_PARTITIONS"),
        ("FENGHUO_PREFIX", "a b/c", "FENGHUO_PREFIX"),
        ("FENGHUO_CONFIG", good, "no such folder"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            refused(run("replay", good, "--out", str(tmp_path / "out")), words)


def test_names_with_brackets_are_no_markup(tmp_path: Path) -> None:
    """Columns, files and brands may be called anything; the summary shows them as they are."""
    path = tmp_path / "[bold].csv"
    rows = "".join(f"{n},2026-01-05T00:00:{n:02d}+08:00,bad,[/red],x\n" for n in range(30))
    path.write_text("id,ts,text,brand,[/link]\n" + rows + "31,someday,bad,[/red],x\n")
    result = run("replay", str(path), "--out", str(tmp_path / "[/out]"))
    assert result.exit_code == 0, result.exception
    said = "".join(result.stdout.split("\n"))
    assert "[/link]" in said
    assert "[bold].csv row 32" in said
    assert "[/out]" in said


def test_data_in_place_of_a_header_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("1,2026-01-05T00:00:00Z,请回电 139-0000-1234,li@example.com,139 0000 1234\n" * 3)
    result = run("replay", str(path), "--out", str(tmp_path / "out"))
    refused(result, "no column for ts and text")
    assert "0000" not in result.output.replace("2026-01-05T00:00:00Z", "")
    assert "example.com" not in result.output


def test_a_hundred_thousand_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    wide = range(100_000)
    path.write_text(f"id,ts,text,{','.join(f'c{n}' for n in wide)}\n1,2026-01-05T00:00:00Z,bad{',x' * len(wide)}\n")
    result = run("replay", str(path), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert len(result.output) < 5_000


def test_check_explains_a_hostile_folder(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "a.yaml").symlink_to("/dev/zero")
    refused(run("check", "--config", str(folder)), "no ordinary file")
    refused(run("check", "--config", str(folder / "rules" / "a.yaml")), "no such folder")
    (folder / "rules" / "a.yaml").unlink()
    refused(run("check", "--config", str(folder)), "no rules")


def process(words: Sequence[str], **more: str) -> str:
    """What a command that serves says before it fails, run as a process of its own: it sets up logging for good."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FENGHUO_")}
    done = subprocess.run(
        [sys.executable, "-m", "fenghuo", *words],
        env={**clean, "FENGHUO_KEY": "k" * 32, "FENGHUO_KAFKA": "127.0.0.1:1", **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_process_that_cannot_begin_says_why(good: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert f"cannot listen on 127.0.0.1 port {port}" in process(["intake", "--port", port])
    assert "good.csv: File exists" in process(["intake", "--folder", good, "--port", port])
    assert "Not a directory" in process(["worker"], FENGHUO_VAR=f"{good}/var")
