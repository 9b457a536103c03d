"""Lengths of time as people write them: ``90s``, ``10m``, ``2h``, ``1d``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, TypeAdapter

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def span(value: object) -> object:
    """``10m`` as a length of time; anything else is left for pydantic to judge.

    >>> span("10m"), span("2h")
    (datetime.timedelta(seconds=600), datetime.timedelta(seconds=7200))
    """
    found = re.fullmatch(r"(\d{1,9})([smhd])", value) if isinstance(value, str) else None
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else value


Span = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(0), le=timedelta(days=366))]


_ISO = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
_LENGTH = TypeAdapter(timedelta)


def written(value: JsonValue) -> JsonValue:
    """Plain data in which lengths of time stand as people write them.

    >>> written({"within": ["PT15M", "P1D", "PT90S", "P1DT1H"], "name": "P"})
    {'within': ['15m', '1d', '90s', '25h'], 'name': 'P'}
    """
    if isinstance(value, dict):
        return {name: written(one) for name, one in value.items()}
    if isinstance(value, list):
        return [written(one) for one in value]
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return value
    seconds = int(_LENGTH.validate_python(value).total_seconds())
    unit = next(one for one in reversed(_UNITS) if seconds % _UNITS[one] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"
