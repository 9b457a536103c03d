"""What pydantic refuses, in words for people: a plain sentence, and for a wrong key the nearest one that exists."""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from string import Formatter
from types import UnionType
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ValidationError

_WORDS = {
    "missing": "must be given",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must look like {pattern}",
    "too_short": "must have at least {min_length}, not {actual_length}",
    "too_long": "must have at most {max_length}, not {actual_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number, and no infinite one",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "set_type": "must be a list",
    "dict_type": "must hold keys with values",
    "model_type": "must hold keys with values",
    "model_attributes_type": "must hold keys with values",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}",
    "union_tag_not_found": "{discriminator} must be given",
    "time_delta_type": "must be a time span like 90s, 15m, 24h or 7d",
    "time_delta_parsing": "must be a time span like 90s, 15m, 24h or 7d",
    "timezone_aware": "must say its time zone, like 2026-03-02T09:00:00+08:00",
    "datetime_type": "must be a time like 2026-03-02T09:00:00+08:00",
    "datetime_parsing": "must be a time like 2026-03-02T09:00:00+08:00",
    "datetime_from_date_parsing": "must be a time like 2026-03-02T09:00:00+08:00",
    "date_type": "must be a date like 2026-03-02",
    "date_from_datetime_parsing": "must be a date like 2026-03-02",
    "json_invalid": "is no JSON ({error})",
}
"""By pydantic's kind of error; other kinds keep its words, turned into a sentence."""
Error = Mapping[str, Any]


def first_of(error: ValidationError, model: object = None, depth: int = 0) -> str:
    """The first mistake as ``where: what``, and how many more there are; never the value, which may be secret.

    >>> class Step(BaseModel, extra="forbid"):
    ...     score: float = 0.0
    >>> try:
    ...     Step.model_validate({"scroe": 1})
    ... except ValidationError as error:
    ...     first_of(error, Step)
    'scroe: no such key; did you mean score?'
    """
    errors = error.errors(include_url=False, include_input=False)
    where = ".".join(map(str, errors[0]["loc"][depth:]))
    said = f"{sentence(errors[0], model)}{more_of(errors)}"
    return f"{where}: {said}" if where else said


def more_of(errors: Sequence[object]) -> str:
    """How many follow the first."""
    return f" (and {len(errors) - 1} more)" if errors[1:] else ""


def sentence(error: Error, model: object = None) -> str:
    """One error of pydantic in words; ``model`` (or any type that holds models) is what was asked for."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "extra_forbidden":
        return _no_such_key(tuple(error["loc"]), model)
    if context.get("min_length") == 1:
        return "must not be empty"
    words = _WORDS.get(kind)
    if words is not None and _named_in(words) <= context.keys():
        return words.format(**context)
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.sub(r"^(Input|Value|String|List|Tuple|Dictionary|Number|URL|Bytes) should ", "must ", said)


def _named_in(words: str) -> set[str]:
    """What the words want to be filled with."""
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def _no_such_key(location: tuple[int | str, ...], model: object) -> str:
    known = sorted({key for one in _models(_at(location[:-1], model)) for key in _keys(one)})
    near = get_close_matches(str(location[-1]), known, 1)
    if near:
        return f"no such key; did you mean {near[0]}?"
    return f"no such key; known: {', '.join(known)}" if known else "no such key"


def _at(location: Iterable[int | str], model: object) -> list[object]:
    """The types that may stand at a place of ``model``."""
    there: list[object] = [model]
    for step in location:
        inner = [one for each in there for one in _step(each, step)]
        there = inner or [one for each in _models(there) for one in (_tagged(each, step))] or there
    return there


def _step(type_: object, step: int | str) -> Iterator[object]:
    """What stands at ``step`` of a type."""
    for one in _flat(type_):
        if isinstance(one, type) and issubclass(one, BaseModel):
            for name, field in one.model_fields.items():
                if step in (name, field.alias):
                    yield field.annotation
            continue
        origin, args = typing.get_origin(one), typing.get_args(one)
        if isinstance(origin, type) and args and issubclass(origin, Mapping):
            yield args[-1]
        elif isinstance(origin, type) and args and issubclass(origin, Collection) and isinstance(step, int):
            yield args[0]


def _tagged(model: type[BaseModel], tag: int | str) -> Iterator[type[BaseModel]]:
    """The model itself if it is the one of a union that bears this tag."""
    if any(tag in typing.get_args(field.annotation) for field in model.model_fields.values() if _literal(field)):
        yield model


def _literal(field: Any) -> bool:
    return typing.get_origin(field.annotation) is Literal


def _flat(type_: object) -> Iterator[object]:
    """The members of a union, without what is annotated to them."""
    origin = typing.get_origin(type_)
    if origin is Annotated:
        yield from _flat(typing.get_args(type_)[0])
    elif origin in (Union, UnionType):
        for one in typing.get_args(type_):
            yield from _flat(one)
    else:
        yield type_


def _models(types: Iterable[object]) -> Iterator[type[BaseModel]]:
    for type_ in types:
        for one in _flat(type_):
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield one


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
