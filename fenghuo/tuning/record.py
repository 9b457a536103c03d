"""Writing chosen settings into ``detectors.yaml``, with a record of who chose them, when and why; and taking them back.

Comments and order of the file stay. Each change leaves a numbered record in ``tuned/`` beside it; undoing is a change
like any other, and leaves its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from contracts.errors import InvalidFile, InvalidSettings
from contracts.yamlfile import load_yaml
from detectors.settings import DetectSettings

_FOLDER = "tuned"


class Record(BaseModel):
    """One change of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: datetime
    author: str
    why: str
    before: dict[str, Any]
    """Value of each changed name; ``None`` where the file left it to its default."""
    after: dict[str, Any]
    undoes: int | None = None


def apply(folder: Path, values: Mapping[str, Any], author: str, why: str, at: datetime) -> Record:
    """Write ``values`` (by dotted name) into ``folder/detectors.yaml``; the record that was kept."""
    return _write(folder, values, author, why, at, None)


def undo(folder: Path, author: str, why: str, at: datetime) -> Record:
    """Take the last change back that was not yet taken back."""
    records = history(folder)
    gone = {one.undoes for one in records}
    last = next((one for one in reversed(records) if one.undoes is None and one.number not in gone), None)
    if last is None:
        raise InvalidSettings(str(folder / _FOLDER), "there is no change left to undo")
    return _write(folder, last.before, author, why, at, last.number)


def history(folder: Path) -> list[Record]:
    """All changes, the oldest first."""
    return [load_yaml(path, Record) for path in sorted((folder / _FOLDER).glob("*.yaml"))]


def _write(folder: Path, values: Mapping[str, Any], author: str, why: str, at: datetime, undoes: int | None) -> Record:
    for name, said in (("author", author), ("why", why)):
        if not said.strip():
            raise InvalidSettings(f"option {name}", "must say something: a change keeps who made it and why")
    path = folder / "detectors.yaml"
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.representer.add_representer(type(None), _null)
    try:
        data = (yaml.load(path.read_text(encoding="utf-8")) if path.exists() else None) or {}
        before = {name: _put(data, name.split("."), value) for name, value in values.items()}
        DetectSettings.model_validate(data)
        number = max((one.number for one in history(folder)), default=0) + 1
        record = Record(number=number, at=at, author=author, why=why, before=before, after=dict(values), undoes=undoes)
        kept = folder / _FOLDER / f"{number:04}.yaml"
        kept.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(".yaml.new")
        with kept.open("x", encoding="utf-8") as file:
            yaml.dump(record.model_dump(mode="json"), file)
        with fresh.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
        os.replace(fresh, path)
    except YAMLError:
        raise InvalidSettings(str(path), "is no YAML; `fenghuo check` names the line") from None
    except OSError as error:
        raise InvalidFile(str(folder), f"cannot be written ({error.strerror})") from error
    return record


def _null(representer: Any, value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _put(data: dict[str, Any], path: list[str], value: Any) -> Any:
    """Set, or delete for ``None``; the plain value that stood there."""
    *groups, last = path
    for step in groups:
        data = data.setdefault(step, {})
    before = data.get(last)
    if value is None:
        data.pop(last, None)
    else:
        data[last] = value
    return list(before) if isinstance(before, list) else before
