"""A settings mistake names file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from contracts.errors import InvalidSettings
from contracts.yamlfile import load_yaml


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    items: list[Inner] = []


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_what_is_right(tmp_path: Path) -> None:
    assert load_yaml(write(tmp_path, "items:\n  - size: 3\n"), Outer).items[0].size == 3


def test_an_empty_file_gives_defaults(tmp_path: Path) -> None:
    assert load_yaml(write(tmp_path, ""), Outer) == Outer()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("items:\n  - size: 3\n  - size: x\n", 3, "items.1.size"),
        ("items:\n  - size: 3\n    sice: 3\n", 3, "items.0.sice"),
        ("items:\n  - size: 3\nitems: []\n", 3, "stands twice"),
        ("items: [\n", 2, "not YAML"),
        ("- 1\n", 1, "must hold keys with values"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load_yaml(write(tmp_path, text), Outer)
    assert caught.value.line == line
    assert says in str(caught.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="--config"):
        load_yaml(tmp_path / "none.yaml", Outer)
