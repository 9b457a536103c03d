"""``fenghuo ledger``: the exit code says whether the ledger can be trusted, and every flaw is named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.clock import SystemClock
from fenghuo.cli import app
from fenghuo.following import head_file, ledger_key, ledger_store, open_ledger
from fenghuo.settings import Runtime
from tests.unit.alerts.ledger.given import book

SECRET = "a secret of this installation"


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """An installation whose ledger holds two books."""
    monkeypatch.setenv("FENGHUO_KEY", SECRET)
    monkeypatch.setenv("FENGHUO_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("FENGHUO_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    runtime = Runtime()
    key = ledger_key(runtime)
    ledger = open_ledger(runtime, SystemClock())
    ledger.write(book(5, key=key))
    ledger.write(book(2, "decide-1", key=key))
    return runtime


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ledger", *arguments])


def test_a_good_ledger_ends_with_0(runtime: Runtime) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "7 entries in 2 books, 2 heads" in result.output


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ledger SET record = replace(record, '看到 3', '看到 4')", "changed: decide-0 entry 3"),
        ("DELETE FROM ledger WHERE book = 'decide-0' AND seq IN (1, 2)", "removed: decide-0 entries 1 to 2"),
        ("DELETE FROM ledger WHERE book = 'decide-1'", "cut_off: decide-1 entries 0 to 1"),
        ("INSERT INTO ledger SELECT book, 7, record FROM ledger WHERE seq = 4", "repeated: decide-0 entry 4"),
    ],
)
def test_what_was_done_to_it_is_named_and_ends_with_1(runtime: Runtime, statement: str, named: str) -> None:
    with sqlite3.connect(runtime.var / "ledger.sqlite") as db:
        db.execute(statement)
    db.close()
    result = run("verify")
    assert result.exit_code == 1
    assert named in result.output


def test_an_export_is_verified_alone_and_later_entries_do_not_make_it_false(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "ledger.ndjson"
    assert run("export", str(file)).exit_code == 0
    open_ledger(runtime, SystemClock()).write(book(6, key=ledger_key(runtime))[5:])
    assert run("verify", str(file)).exit_code == 0
    rows = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*rows[:2], *rows[3:]]))
    result = run("verify", str(file))
    assert result.exit_code == 1
    assert "removed: decide-0 entry 2" in result.output


def test_heads_that_were_carried_away_testify_against_a_rolled_back_ledger(runtime: Runtime, tmp_path: Path) -> None:
    away = tmp_path / "away.ndjson"
    heads = runtime.var / "ledger-heads.ndjson"
    away.write_bytes(heads.read_bytes())
    heads.unlink()
    with sqlite3.connect(runtime.var / "ledger.sqlite") as db:
        db.execute("DELETE FROM ledger WHERE seq = 4")
    db.close()
    alone = run("verify")
    assert alone.exit_code == 0, "nothing here remembers the entry"
    assert "decide-0: no head of it is known" in alone.output
    assert "an end that was cut off could not be seen" in alone.output
    result = run("verify", "--heads", str(away))
    assert result.exit_code == 1
    assert "cut_off: decide-0 entry 4" in result.output


def test_a_torn_line_among_the_heads_stops_no_verifying(runtime: Runtime) -> None:
    heads = runtime.var / "ledger-heads.ndjson"
    heads.write_bytes(b'{"head": {"book": "dec\n' + heads.read_bytes())
    with sqlite3.connect(runtime.var / "ledger.sqlite") as db:
        db.execute("DELETE FROM ledger WHERE seq = 4")
    db.close()
    result = run("verify")
    assert result.exit_code == 1
    assert "unreadable: ledger-heads.ndjson row 1: is no head of a ledger" in result.output
    assert "cut_off: decide-0 entry 4" in result.output


def test_export_to_standard_output_holds_every_entry_and_two_heads(runtime: Runtime) -> None:
    rows = run("export").stdout_bytes.splitlines()
    assert len(rows) == 9
    assert [row.startswith(b'{"head":') for row in rows] == [False] * 7 + [True] * 2


def test_show_can_be_narrowed(runtime: Runtime) -> None:
    assert "7 entries" in run("show").output
    assert "2 entries" in run("show", "--about", "incident-1").output
    assert "0 entries" in run("show", "--actor", "wang").output
    assert "7 entries" in run("show", "--what", "command.").output
    assert "0 entries" in run("show", "--what", "case.").output
    assert "看到 3" in run("show", "--last", "7").output


def test_no_ledger_and_no_key_are_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGHUO_KAFKA", "127.0.0.1:1")
    assert run("verify", "--var", str(tmp_path)).exit_code == 2
    monkeypatch.setenv("FENGHUO_KEY", SECRET)
    assert run("verify", "--var", str(tmp_path)).exit_code == 2
    assert run("verify", str(tmp_path / "missing.ndjson")).exit_code == 2


def test_the_ledger_has_a_key_of_its_own(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGHUO_LEDGER", '{"key": "a key for the ledger alone, and long enough"}')
    own = Runtime()
    assert ledger_key(own) != ledger_key(runtime)
    assert "long enough" not in repr(own)
    assert run("verify").exit_code == 1
    assert len(list(ledger_store(own).read())) == 7
    assert len(head_file(own).read()[0]) == 2
