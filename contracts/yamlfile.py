"""Reading a settings file: YAML checked by a pydantic model, every mistake named by file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from contracts.errors import InvalidSettings
from contracts.plain import first_of

M = TypeVar("M", bound=BaseModel)
MAX_BYTES = 4_000_000
_DEEPEST = 100
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where the wheel has it: the plans alone would take half a second otherwise."""


def load_yaml(path: Path, model: type[M]) -> M:
    """The settings in ``path``; an empty file gives the model's defaults.

    Raises
    ------
    InvalidSettings
        The file is missing or no ordinary file, is no YAML, repeats a key, uses aliases, or breaks a rule of the
        model.
    """
    return read_yaml(_read(path), path, model)


def read_yaml(payload: bytes, path: Path, model: type[M]) -> M:
    """The settings in ``payload``, which is called ``path`` in what :func:`load_yaml` would raise."""
    if len(payload) > MAX_BYTES:
        raise InvalidSettings(str(path), f"larger than {MAX_BYTES} bytes; is this a settings file?")
    node = _compose(payload, path)
    data = {} if node is None else _construct(node, path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        raise InvalidSettings(str(path), first_of(error, model), line=line_of(node, place)) from None


def line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int | None:
    """The 1-based line of the deepest part of ``location`` that the file has."""
    if node is None:
        return None
    line: int = node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if pair is None:
                continue
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def outline(path: Path) -> yaml.Node | None:
    """A file that was read already, once more as nodes, for :func:`line_of`."""
    node: yaml.Node | None = yaml.compose(path.read_bytes(), Loader=_Loader)
    return node


def plain_yaml(content: str) -> Any:
    """What a file of our own holds, as plain values: nothing is checked.

    >>> plain_yaml("a: [1, two]")
    {'a': [1, 'two']}
    """
    return yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader


def _compose(payload: bytes, path: Path) -> yaml.Node | None:
    try:
        _refuse_tricks(payload, path)
        node: yaml.Node | None = yaml.compose(payload, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InvalidSettings(str(path), f"not YAML: {error.problem}", line=line) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidSettings(str(path), f"not YAML: {' '.join(str(error).split())}") from None
    return node


def _refuse_tricks(payload: bytes, path: Path) -> None:
    """Aliases would let a few lines stand for billions, or for themselves; deep nesting would end the process."""
    depth = 0
    for event in yaml.parse(payload, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else None
            raise InvalidSettings(str(path), "not YAML: aliases (*name) are not taken here; write it out", line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InvalidSettings(str(path), "nested far too deep for settings")


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise InvalidSettings(str(path), "is no ordinary file")
        with path.open("rb") as stream:
            payload = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidSettings(str(path), "no such file; write it or name another folder with --config") from None
    except OSError as error:
        raise InvalidSettings(str(path), f"cannot be read: {error.strerror}") from None
    return payload


def _construct(node: yaml.Node, path: Path) -> object:
    _refuse_repeats(node, path)
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InvalidSettings(str(path), f"not YAML: {error.problem}", line=line) from None
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise InvalidSettings(str(path), "a number or date in it is none; put it in quotes if it is text") from None
    finally:
        loader.dispose()


def _refuse_repeats(node: yaml.Node, path: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise InvalidSettings(str(path), "a key must be a plain word", line=key.start_mark.line + 1)
            if key.value in seen:
                raise InvalidSettings(str(path), f"key {key.value!r} stands twice", line=key.start_mark.line + 1)
            seen.add(key.value)
            _refuse_repeats(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_repeats(value, path)
