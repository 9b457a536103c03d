"""``fenghuo plan``: drills need nothing and tell nobody; reports come from the ledger; wrong usage is one sentence."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from alerts.ledger.chain import Book
from alerts.plans.fellow import note_of
from alerts.plans.machine import done
from contracts.clock import SystemClock
from fenghuo.cli import app
from fenghuo.following import ledger_key, open_ledger
from fenghuo.settings import Runtime
from tests.unit.alerts.plans.given import at, fields, started, task


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stack, no network: whoever tries to tell somebody fails the test."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("FENGHUO_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("FENGHUO_KEY", "a secret of this installation")
    monkeypatch.setenv("FENGHUO_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["plan", *arguments])


@pytest.mark.parametrize(
    "name",
    ["complaint-surge", "sentiment-collapse", "privacy-leak", "safety-incident", "outage", "false-rumour"],
)
def test_each_plan_can_be_drilled_and_gives_a_page_and_a_text(tmp_path: Path, name: str) -> None:
    result = run("drill", name, "--out", str(tmp_path), "--tz", "Asia/Shanghai", "--by", "林")
    assert result.exit_code == 0, result.output
    page, text = next(tmp_path.glob("*.html")).read_text("utf-8"), next(tmp_path.glob("*.md")).read_text("utf-8")
    assert "演练 drill" in page
    assert "林" in page
    assert "Official word" in text
    assert "按时达成 met in time" in text


def test_a_drill_follows_its_script(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("# a drill\n+10m done confirm 王 seen\n+12m skip war-room\n+20m raise I\n+40m close 林 over\n")
    result = run("drill", "outage", "--level", "III", "--script", str(script), "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert "王" in result.output
    assert "跳过 skipped" in result.output
    assert "III → I" in result.output
    assert "超时未完成 overdue, not done" in result.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("+5m done confirn Li", "row 1: no task of outage is called confirn; did you mean confirm?"),
        ("done confirm", "row 1: must be like"),
        ("+5m raise V", "needs a level"),
        ("+5m done", "needs a task"),
    ],
)
def test_a_wrong_script_is_named_with_its_row(tmp_path: Path, line: str, said: str) -> None:
    script = tmp_path / "script"
    script.write_text(line)
    result = run("drill", "outage", "--script", str(script), "--out", str(tmp_path))
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_report_of_a_run_comes_from_the_ledger(tmp_path: Path) -> None:
    runtime = Runtime()
    book = Book("decide-0", ledger_key(runtime))
    going, events = started()
    _, more = done(going, "confirm", "wang", at(12))
    open_ledger(runtime, SystemClock()).write([book.write(note_of(one)) for one in [*events, *more]])
    result = run("report", "surge", "--out", str(tmp_path), "--tz", "UTC")
    assert result.exit_code == 0, result.output
    assert "2026-03-02 12:12:00" in result.output
    assert "已核验 verified: 3 entries" in result.output
    assert (tmp_path / "surge-1.html").exists()
    assert run("report", "--out", str(tmp_path)).exit_code == 0
    assert run("report", "none", "--out", str(tmp_path)).exit_code == 2
    with sqlite3.connect(runtime.var / "ledger.sqlite") as db:
        db.execute("UPDATE ledger SET record = replace(record, 'wang', 'zhao')")
    db.close()
    assert "异常 1 findings" in run("report", "--out", str(tmp_path)).output
    assert run("done", "surge-1", "nothing").exit_code == 2


def test_wrong_usage_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    for words, said in (
        (("drill", "none"), "no plan is called none; known: complaint-surge"),
        (("drill", "outage", "--level", "V"), "I is the gravest"),
        (("drill", "outage", "--tz", "Mars/Base"), "no time zone"),
        (("start", "outage"), "name the brand"),
        (("report",), "knows of no run"),
    ):
        result = run(*words)
        assert result.exit_code == 2, result.output
        assert said in result.stderr


def test_a_plan_that_contradicts_itself_is_refused_and_checked(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "config" / "rules"
    (tmp_path / "rules").symlink_to(shipped)
    (tmp_path / "plans").mkdir()
    late = [task("confirm", "2h"), task("answer", "1h", "confirm", partners=["legal"])]
    plan = yaml.safe_dump(fields(tasks=late, clocks=[]), allow_unicode=True, sort_keys=False)
    (tmp_path / "plans" / "surge.yaml").write_text(plan)
    refused = run("drill", "surge", "--config", str(tmp_path), "--out", str(tmp_path))
    assert refused.exit_code == 2
    assert "is due after 1:00:00, before confirm" in refused.stderr
    checked = CliRunner().invoke(app, ["check", "--config", str(tmp_path)])
    assert checked.exit_code == 1
    assert "surge.yaml line" in checked.output


def test_plans_are_listed_and_shown() -> None:
    assert "false-rumour" in run("list").output
    shown = run("show", "privacy-leak", "--level", "III").output
    assert "4 h 0 min  notify-authority" in shown
    assert "press:" not in shown
