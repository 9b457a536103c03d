"""Reads records of one kind from JSON at several times pydantic's speed, and no less strictly.

A msgspec struct is built from the fields of the pydantic model, so that nothing is declared twice. What the struct
refuses is given to pydantic, which decides, and says what is wrong: a message that is good by pydantic is good here.
The result has the fields of the record and is immutable like it, but is no instance of it; records within records are
structs too when they are named in ``plain``, and pydantic's otherwise. What is pickled comes back as pydantic's.

Use it where many thousands come each second (``streams.count``, ``contracts.codec.decode_counts``); everywhere else
pydantic alone is simpler.

>>> from contracts.records import Closed
>>> read = swift(Closed)
>>> read(b'{"partition": 3, "closed": 7}').closed
7
>>> read(b'{"partition": "3", "closed": 7}').partition     # a number as text: pydantic takes it, so it is taken
3
"""

from __future__ import annotations

import types
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

import annotated_types
import msgspec
from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from contracts.records import Record

R = TypeVar("R", bound=Record)
_PLAIN = (str, int, float, bool, bytes, datetime, types.NoneType)
Structs = dict[type[Record], type[msgspec.Struct]]


def swift(kind: type[R], plain: tuple[type[Record], ...] = ()) -> Callable[[bytes], R]:
    """A function that reads one ``kind`` from JSON; it raises pydantic's ``ValidationError`` as the model would.

    ``plain`` are the kinds that ``kind`` carries and that become structs too, inner ones first. Raises ``TypeError`` at
    once for a field that has no counterpart.
    """
    structs: Structs = {}
    kinds: tuple[type[Record], ...] = (*plain, kind)
    for inner in kinds:
        structs[inner] = _struct(inner, structs)
    decoder = msgspec.json.Decoder(structs[kind], dec_hook=_by_pydantic)
    validate = kind.model_validate_json

    def read(payload: bytes) -> R:
        try:
            return cast(R, decoder.decode(payload))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return validate(payload)

    return read


def _by_pydantic(kind: type[Record], value: object) -> Record:
    """Records within that are no structs, as pydantic reads them; msgspec asks for nothing else it does not know."""
    return kind.model_validate(value)


def _struct(kind: type[Record], structs: Structs) -> type[msgspec.Struct]:
    fields = [_field(name, field, structs) for name, field in kind.model_fields.items()]
    names = tuple(kind.model_fields)

    def as_record(one: msgspec.Struct) -> tuple[Any, ...]:
        return _thawed, (kind, {name: getattr(one, name) for name in names})

    return msgspec.defstruct(
        kind.__name__, fields, frozen=True, forbid_unknown_fields=True, gc=False, kw_only=True, module=__name__,
        namespace={"__reduce__": as_record},
    )  # fmt: skip


def _thawed(kind: type[R], values: dict[str, Any]) -> R:
    """A record that was pickled as a struct."""
    return kind.trusted(**values)


def _field(name: str, field: FieldInfo, structs: Structs) -> Any:
    form = _limited(_form(field.annotation, structs), field.metadata)
    if field.is_required():
        return (name, form)
    if field.default_factory is not None:
        return (name, form, msgspec.field(default_factory=cast(Callable[[], Any], field.default_factory)))
    return (name, form, field.default)


def _form(annotation: Any, structs: Structs) -> Any:
    """The annotation as msgspec understands it."""
    if annotation is AwareDatetime:
        return Annotated[datetime, msgspec.Meta(tz=True)]
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *marks = get_args(annotation)
        return _limited(_form(base, structs), [mark for one in marks for mark in _marks(one)])
    if origin in (Union, types.UnionType):
        return Union[tuple(_form(one, structs) for one in get_args(annotation))]  # noqa: UP007
    if origin in (tuple, dict, list):
        return origin[tuple(one if one is ... else _form(one, structs) for one in get_args(annotation))]
    known = annotation in _PLAIN or origin is Literal or issubclass(annotation, (Enum, Record)) or _sums(annotation)
    if not known:
        raise TypeError(f"{annotation!r} has no counterpart")
    return structs.get(annotation, annotation)


def _sums(annotation: Any) -> bool:
    """A named tuple, which msgspec knows."""
    return issubclass(annotation, tuple) and hasattr(annotation, "_fields")


def _marks(one: Any) -> list[Any]:
    return list(one.metadata) if isinstance(one, FieldInfo) else [one]


def _limited(form: Any, marks: list[Any]) -> Any:
    limits: dict[str, Any] = {}
    for mark in marks:
        if isinstance(mark, annotated_types.MinLen):
            limits["min_length"] = mark.min_length
        elif isinstance(mark, annotated_types.MaxLen):
            limits["max_length"] = mark.max_length
        elif isinstance(mark, annotated_types.Ge):
            limits["ge"] = mark.ge
        elif isinstance(mark, annotated_types.Le):
            limits["le"] = mark.le
        elif getattr(mark, "allow_inf_nan", None) is not False:  # JSON as msgspec reads it has neither
            raise TypeError(f"the limit {mark!r} has no counterpart")
    return Annotated[form, msgspec.Meta(**limits)] if limits else form
