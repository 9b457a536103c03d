"""JSON from outside, forgiving enough that one bad item costs nothing beside itself.

NaN, lone surrogates and stray bytes are no JSON; they are let through here so that :mod:`streams.intake` can
refuse the one item that holds them. What cannot be taken apart at all is refused with line and column.
"""

from __future__ import annotations

import json

import orjson

from contracts.errors import InvalidRecord


def loads(payload: bytes | str, place: str) -> object:
    """The value of ``payload``.

    Raises
    ------
    InvalidRecord
        Broken JSON, with the line and column where reading stopped.

    >>> loads(b'{"reach": NaN}', "item 1")
    {'reach': nan}
    >>> loads('{"id": "1",}', "row 2")
    Traceback (most recent call last):
      ...
    contracts.errors.InvalidRecord: row 2: broken JSON at line 1 column 12
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        strict = error
    text = payload if isinstance(payload, str) else payload.decode("utf-8", "surrogateescape")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
    except (ValueError, RecursionError):
        where = f"line {strict.lineno} column {strict.colno}"
    raise InvalidRecord(place, "", f"broken JSON at {where}")
