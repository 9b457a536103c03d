"""What a sender may give: the outside-facing models, and their mistakes in plain words.

They stand between anybody's JSON or table row and :class:`contracts.records.Mention`. They are lenient in form
(numbers as text, blanks for nothing) and strict in content.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from contracts.errors import InvalidRecord
from contracts.records.mention import MAX_ID, MAX_TEXT, CaseEventKind

MAX_NAME = 200
MAX_EXTRA = 1_000
MAX_REACH = 10_000_000_000
"""More people than there are; a mobile number that slipped into this field is larger."""


def _text(value: Any) -> Any:
    """Integers as text (ids often are numbers), blanks as nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _optional(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return _text(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    if isinstance(value, str):
        return value.strip() or None
    return value


Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID), BeforeValidator(_text)]
Label = Annotated[str, StringConstraints(max_length=MAX_NAME)]
Named = Annotated[Label | None, BeforeValidator(_optional)]
Private = Annotated[Annotated[str, StringConstraints(max_length=MAX_ID)] | None, BeforeValidator(_optional)]
"""Who said it, or which case it is: leaves the door only as a keyed hash."""


class RawMention(BaseModel):
    """A mention as its sender gives it; ``ts`` is read by :mod:`streams.times`."""

    model_config = ConfigDict(extra="ignore")

    id: Id
    ts: Any
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
    source: Named = None
    """Of rows of a file, which may come from many; over HTTP the token says who sends."""
    channel: Named = None
    brand: Named = None
    product: Named = None
    region: Named = None
    author: Private = None
    author_class: Named = None
    case_id: Private = None
    lang: Annotated[Annotated[str, StringConstraints(max_length=16)] | None, BeforeValidator(_optional)] = None
    reach: Annotated[Annotated[int, Field(ge=0, le=MAX_REACH)] | None, BeforeValidator(_number)] = None
    severity: Annotated[Annotated[int, Field(ge=0, le=5)] | None, BeforeValidator(_number)] = None
    customer_value: Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(_number)] = None


class RawCaseEvent(BaseModel):
    """A step of a case as its sender gives it."""

    model_config = ConfigDict(extra="ignore")

    id: Id
    ts: Any
    case_id: Id
    event: Annotated[CaseEventKind, BeforeValidator(_optional)]
    brand: Named = None
    channel: Named = None
    department: Named = None
    rating: Annotated[Annotated[int, Field(ge=0, le=10)] | None, BeforeValidator(_number)] = None
    author: Private = None
    severity: Annotated[Annotated[int, Field(ge=0, le=5)] | None, BeforeValidator(_number)] = None


MENTION_FIELDS = frozenset(RawMention.model_fields)
CASE_FIELDS = frozenset(RawCaseEvent.model_fields)

NO_UNICODE = "holds bytes or characters that are no Unicode text; is the encoding right?"

_PLAIN = {
    "missing": "is missing",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_unicode": NO_UNICODE,
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
}


def explain(error: ValidationError, place: str) -> InvalidRecord:
    """The first mistake in plain words, without the value (it may be private).

    >>> try:
    ...     RawMention.model_validate({"id": "1", "ts": 0, "text": "x", "reach": "many"})
    ... except ValidationError as error:
    ...     print(explain(error, "item 3"))
    item 3, field reach: must be a whole number
    """
    first = error.errors(include_url=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    context = first.get("ctx", {})
    kind = first["type"]
    if kind in _PLAIN:
        reason = _PLAIN[kind]
    elif kind == "string_too_long":
        reason = f"is longer than {context['max_length']:,} characters"
    elif kind in ("greater_than_equal", "less_than_equal"):
        reason = f"must be {'at least' if 'ge' in context else 'at most'} {context.get('ge', context.get('le')):,}"
    elif kind == "enum":
        reason = f"must be one of {', '.join(one.value for one in CaseEventKind)}"
    else:
        reason = first["msg"].removeprefix("Value error, ")
    return InvalidRecord(place, field, reason)
