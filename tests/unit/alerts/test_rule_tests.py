"""Rule tests written in YAML: what passes, what fails with which words, and which rules no test fires."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.ruletests import load_tests, run_tests
from contracts.errors import InvalidSettings
from fenghuo.cli import app
from tests.unit.alerts.given import SHIPPED, shipped

TESTS = SHIPPED / "rules" / "tests" / "shipped.yaml"


def test_the_shipped_tests_pass_and_reach_every_step() -> None:
    tested = run_tests(load_tests(TESTS), shipped())
    assert tested.failures == []
    assert tested.passed >= 15
    assert [one for one in tested.unfired(shipped()) if "no test fires it" in one] == []


def write(folder: Path, text: str) -> Path:
    path = folder / "tests.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ("{name: a, given: [{kind: volume.spike, score: 2.0}], expect: []}", "expected 0 changes, saw 1"),
        (
            "{name: a, given: [{kind: volume.spike, score: 2.0}], expect: [{tier: red}]}",
            "change 1: expected {'tier': 'red'}, saw 0:00:00 opened yellow by volume-spike (threshold)",
        ),
        ("{name: a, given: [{kind: volume.spike, score: 2.0}], verdict: none}", "deserves yellow (rule volume-spike"),
    ],
)
def test_a_failure_says_what_was_seen(tmp_path: Path, test: str, problem: str) -> None:
    tested = run_tests(load_tests(write(tmp_path, f"tests: [{test}]")), shipped())
    assert [one.test for one in tested.failures] == ["a"]
    assert problem in tested.failures[0].problem
    assert "rule praise: no test fires it" in tested.unfired(shipped())
    assert "rule volume-spike: no test reaches blue, orange, red" in tested.unfired(shipped())


@pytest.mark.parametrize(
    "text",
    [
        "tests: []",
        "tests: [{name: a, given: []}]",
        "tests: [{name: a, given: [{kind: volume.spik, score: 1}]}]",
        "tests: [{name: a, given: [{at: 5m, kind: repeat, score: 1}, {at: 1m, kind: repeat, score: 1}]}]",
        "tests: [{name: a, given: [{kind: repeat, score: 1}], expcet: []}]",
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSettings, match=r"tests\.yaml line"):
        load_tests(write(tmp_path, text))


def test_the_command_says_what_failed_with_the_right_exit_code(tmp_path: Path) -> None:
    run = CliRunner()
    config = ["--config", str(SHIPPED)]
    good = run.invoke(app, ["rules", "test", str(TESTS), *config])
    assert (good.exit_code, "14 of 14 rules fired" in good.output) == (0, True)
    bad = write(tmp_path, "tests: [{name: no way, given: [{kind: repeat, score: 1.0}], expect: []}]")
    failed = run.invoke(app, ["rules", "test", str(bad), *config])
    assert failed.exit_code == 1
    assert "failed: no way" in failed.output
    assert run.invoke(app, ["rules", "test", str(tmp_path / "none.yaml"), *config]).exit_code == 2


@pytest.mark.parametrize(("at", "pane"), [("3s", 5), ("5s", 5), ("61s", 65)])
def test_a_signal_between_two_panes_is_given_at_the_end_of_its_pane(tmp_path: Path, at: str, pane: int) -> None:
    test = (
        f"{{name: a, given: [{{at: {at}, kind: volume.spike, score: 1.1}}], expect: [{{at: {pane}s, event: opened}}]}}"
    )
    tested = run_tests(load_tests(write(tmp_path, f"tests: [{test}]")), shipped())
    assert tested.failures == []


def test_the_last_signal_is_given_though_its_pane_is_not_whole(tmp_path: Path) -> None:
    given = "[{kind: volume.spike, score: 1.1}, {at: 182s, kind: volume.spike, score: 3.9, support: 60}]"
    test = f"{{name: a, given: {given}, until: 1m, expect: [{{event: opened}}, {{at: 185s, event: promoted}}]}}"
    assert run_tests(load_tests(write(tmp_path, f"tests: [{test}]")), shipped()).failures == []
