"""Lengths of time as people write them: ``90s``, ``10m``, ``2h``, ``1d``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def span(value: object) -> object:
    """``10m`` as a length of time; anything else is left for pydantic to judge.

    >>> span("10m"), span("2h")
    (datetime.timedelta(seconds=600), datetime.timedelta(seconds=7200))
    """
    found = re.fullmatch(r"(\d{1,9})([smhd])", value) if isinstance(value, str) else None
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else value


Span = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(0), le=timedelta(days=366))]
