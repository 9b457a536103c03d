"""A settings file that means harm, or is none, is one sentence: never a hang, a traceback, or all of the memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from contracts.errors import InvalidSettings
from contracts.yamlfile import load_yaml


class Anything(BaseModel):
    a: Any = None


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LAUGHS, "aliases"),
        ("a: &a [*a]", "aliases"),
        ("a: " + "[" * 3_000, "nested"),
        ("? [a]\n: b", "plain word"),
        ("? {a: b}\n: c", "plain word"),
        ("a: 2026-13-45", "number or date"),
        ("a: !!int x", "number or date"),
        ("a: !!float x", "number or date"),
        ("a: !!timestamp never", "number or date"),
        ("a: " + "9" * 5_000, "number or date"),
        ('a: !!python/object/apply:os.system ["true"]', "not YAML"),
        ("a: 1\na: 2", "stands twice"),
        ("a: [1, 2", "not YAML"),
        ("\ta: 1", "not YAML"),
        ("--- a\n--- b", "not YAML"),
        ("a: b\0c", "not YAML"),
        ("just text", "must hold keys with values"),
    ],
)
def test_it_is_refused_in_a_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "subjects.yaml"
    path.write_text(content)
    with pytest.raises(InvalidSettings, match=words) as caught:
        load_yaml(path, Anything)
    assert "\n" not in str(caught.value)


def test_an_endless_device_or_a_pipe_is_not_read(tmp_path: Path) -> None:
    endless, pipe = tmp_path / "endless.yaml", tmp_path / "pipe.yaml"
    endless.symlink_to("/dev/zero")
    os.mkfifo(pipe)
    for path in (endless, pipe, tmp_path):
        with pytest.raises(InvalidSettings, match="no ordinary file"):
            load_yaml(path, Anything)


def test_what_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(InvalidSettings, match="larger than"):
        load_yaml(path, Anything)


def test_bytes_that_are_no_text_are_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"a: \xff\xfe\x00")
    with pytest.raises(InvalidSettings, match="not YAML"):
        load_yaml(path, Anything)
