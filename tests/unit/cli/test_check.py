"""``fenghuo check`` on the words people write into their settings: what cannot be loaded, and what will surprise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fenghuo.cli import app
from tests.unit.alerts.given import SHIPPED


def check(folder: Path, **files: str) -> Result:
    """On the shipped settings with these files in place of theirs."""
    own = folder / "config"
    shutil.copytree(SHIPPED, own)
    for name, content in files.items():
        (own / f"{name}.yaml").write_text(content, encoding="utf-8")
    return CliRunner().invoke(app, ["check", "--config", str(own)], env={"FENGHUO_KEY": ""})


def hygiene(terms: str) -> str:
    return f"categories:\n  - {{category: hygiene, points: 2, terms: {terms}}}\n"


def test_own_words_without_a_mistake_are_good(tmp_path: Path) -> None:
    result = check(
        tmp_path,
        taxonomy=hygiene('"苍蝇乱飞, dirty kitchen*"'),
        grade='categories: {hygiene: 0.6}\nauthority_words: "消协, 12315"',
    )
    assert (result.exit_code, result.output.startswith("good:")) == (0, True), result.output


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"taxonomy": hygiene("但是")}, "taxonomy.yaml: '但是' has two roles, CONTRAST and WORD"),
        ({"taxonomy": hygiene('"味, 后厨脏"')}, "taxonomy.yaml: hygiene: the term '味' is a single character"),
        ({"taxonomy": hygiene('"后厨*"')}, "taxonomy.yaml: hygiene: the star at the end of '后厨*' does nothing"),
        ({"taxonomy": hygiene('"大*蟑螂"')}, "taxonomy.yaml: hygiene: the star inside '大*蟑螂'"),
        ({"grade": "categories: {nosuch: 0.5}"}, "grade.yaml: categories: the taxonomy has no category 'nosuch'"),
        ({"grade": 'authority_words: "消, 12315"'}, "grade.yaml: authority_words: the term '消' is a single character"),
    ],
)
def test_words_that_cannot_work_are_one_problem(tmp_path: Path, files: dict[str, str], said: str) -> None:
    result = check(tmp_path, **files)
    assert result.exit_code == 1, result.output
    told, count = result.output.splitlines()
    assert told.startswith(said)
    assert count.startswith("1 problems")


@pytest.mark.parametrize(
    ("name", "content"), [("taxonomy", hygiene('"*"')), ("grade", 'heat: {at: [0, 1, 2, 3]}\nauthority_words: "*"')]
)
def test_a_star_alone_is_refused_by_whoever_reads_it(tmp_path: Path, name: str, content: str) -> None:
    told = check(tmp_path, **{name: content})
    read = CliRunner().invoke(app, ["read", "-", "--grade", "--config", str(tmp_path / "config")], input="bad\n")
    for result in (told, read):
        assert result.exit_code == 2
        assert f"{name}.yaml line 2: " in result.stderr
        assert "'*' is a star without the beginning of a word" in result.stderr
