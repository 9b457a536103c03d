"""Reads models, enums and options of the code as rows of a table; :mod:`tools.docs` makes the reference pages of them.

Nothing is described twice: what stands in a page is the docstring below the field, its type and its default.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Row = tuple[str, ...]
_ROLE = re.compile(r":(?:class|data|func|mod|meth|attr):`~?([^`]+)`")
_SIGNS = {Ge: "≥", Gt: ">", Le: "≤", Lt: "<"}


def said(text: str | None) -> str:
    """A docstring as one line of Markdown.

    >>> said("See :class:`~contracts.records.Batch`\\n    by ``id``.")
    'See `Batch` by `id`.'
    """
    plain = _ROLE.sub(lambda found: f"`{found[1].rpartition('.')[2]}`", text or "")
    return " ".join(plain.replace("``", "`").split())


def docstrings(owner: type) -> dict[str, str]:
    """Name → the string below its assignment, of a class and those it inherits from."""
    found: dict[str, str] = {}
    for one in reversed(owner.__mro__):
        if one.__module__.split(".")[0] in ("builtins", "pydantic", "pydantic_settings", "enum", "abc", "typing"):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        assert isinstance(body, ast.ClassDef)  # noqa: S101 - what getsource gives of a class
        found.update(_below(body.body))
    return found


def _below(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, follower in zip(body, body[1:], strict=False):
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]  # type: ignore[assignment]
        text = follower.value if isinstance(follower, ast.Expr) else None
        if isinstance(target, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield target.id, said(text.value)


def members(kind: type[Enum]) -> list[Row]:
    """Value and meaning of each member of an enum."""
    words = docstrings(kind)
    return [(f"`{one.value}`", words.get(one.name, "")) for one in kind]


def fields(model: type[BaseModel], *, prefix: str = "", skip: Sequence[str] = ()) -> list[Row]:
    """Name, kind, default and meaning of each field; a model within the model is opened under its name."""
    rows: list[Row] = []
    words = docstrings(model)
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        inner = _model_of(field)
        if inner is not None and _is_open(field, inner):
            rows.append((f"`{prefix}{name}`", "settings", "", words.get(name) or said(_first(inner.__doc__))))
            rows.extend(fields(inner, prefix=f"{prefix}{name}."))
            continue
        rows.append((f"`{prefix}{name}`", _kind(field), _default(field), words.get(name, "")))
    return rows


def options(command: Any) -> list[Row]:
    """Option or argument, default and meaning of each parameter of a command."""
    rows: list[Row] = []
    for one in command.params:
        spelled = " / ".join(f"`{word}`" for word in (*one.opts, *one.secondary_opts))
        name = f"`{one.name.upper()}{'…' if one.nargs == -1 else ''}`" if one.param_type_name == "argument" else spelled
        rows.append((name, _option_default(one), said(one.help or "")))
    return rows


def table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table; empty columns are left out."""
    kept = [at for at in range(len(head)) if any(row[at] for row in rows)]
    lines = [[head[at] for at in kept], ["---"] * len(kept)]
    lines += [[row[at].replace("|", "\\|") for at in kept] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _option_default(one: Any) -> str:
    if one.required:
        return "needed"
    if one.default is None or one.default is False or one.default == "":
        return ""
    value = one.default.value if isinstance(one.default, Enum) else one.default
    if value is True:
        return "on"
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if inspect.isclass(kind) and issubclass(kind, BaseModel) else None


def _is_open(field: FieldInfo, inner: type[BaseModel]) -> bool:
    return isinstance(field.default, inner) and bool(inner.model_fields)


def _kind(field: FieldInfo) -> str:
    bounds = [_bound(one) for one in field.metadata]
    return ", ".join([_typed(field.annotation), *(one for one in bounds if one)])


def _typed(kind: Any) -> str:
    """A type in words.

    >>> _typed(tuple[str, ...]), _typed(int | None), _typed(Literal["a", "b"])
    ('list of text', 'whole number or none', '`a`, `b`')
    """
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inside)
    if origin in (Union, UnionType):
        return " or ".join("none" if one is type(None) else _typed(one) for one in inside)
    if origin is tuple:
        alike = len(inside) == 2 and inside[1] is Ellipsis
        return f"list of {_typed(inside[0])}" if alike else ", ".join(_typed(one) for one in inside)
    if origin is dict:
        return f"{_typed(inside[0])} → {_typed(inside[1])}"
    if hasattr(kind, "__metadata__"):
        return _typed(inside[0])
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind)
    return _PLAIN.get(kind, getattr(kind, "__name__", "anything"))


_PLAIN: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    Path: "path",
    SecretStr: "secret",
    timedelta: "span (`90s`, `10m`, `2h`, `1d`)",
}


def _bound(one: Any) -> str:
    for kind, sign in _SIGNS.items():
        if isinstance(one, kind):
            value = getattr(one, kind.__name__.lower())
            return "" if isinstance(value, timedelta) else f"{sign} {value:,}"
    if isinstance(one, MaxLen):
        return f"at most {one.max_length:,} long"
    if isinstance(one, MinLen):
        return "not empty" if one.min_length == 1 else f"at least {one.min_length} long"
    pattern = getattr(one, "pattern", None)
    return f"like `{pattern}`" if pattern else ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True) if field.default_factory else field.default
    if value is PydanticUndefined:
        return "needed"
    return _shown(value)


def _shown(value: Any) -> str:
    if value is None or value in ("", (), {}, []):
        return ""
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, SecretStr):
        return "" if not value.get_secret_value() else f"`{value.get_secret_value()}`"
    if isinstance(value, timedelta):
        return f"`{_span(value)}`"
    if isinstance(value, Path):
        return f"`{value.as_posix()}`"
    if isinstance(value, BaseModel):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value)
    if isinstance(value, (tuple, list)):
        return f"`[{', '.join(_bare(one) for one in value)}]`"
    return f"`{_bare(value)}`"


def _bare(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(_bare(one) for one in value)}]"
    if isinstance(value, BaseModel):
        return str({name: _bare(one) for name, one in value if one}).replace("'", "")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _span(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _first(text: str | None) -> str:
    return (text or "").strip().split("\n\n")[0]
