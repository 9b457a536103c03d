"""Objects of a JSON file: one a line (NDJSON), or one array over the whole file, never read at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from contracts.errors import InvalidFile, InvalidRecord
from streams.jsonin import loads
from streams.sources.lines import MAX_LINE, Lines

_CHUNK = 1 << 20
_SPACE = " \t\r\n"
_GAP = re.compile(r"[\s,]*")

NumberedObject = tuple[int, Mapping[str, Any]]


def read(stream: IO[str], name: str) -> Iterator[NumberedObject | InvalidRecord]:
    """The objects with their numbers: lines of NDJSON, items of an array."""
    first = ""
    while (char := stream.read(1)) and (char in _SPACE or char == "\ufeff"):
        first += char
    if char == "[":
        yield from _items(stream, name)
    elif char:
        yield from _rows(stream, char, first.count("\n"), name)


def _rows(stream: IO[str], first: str, blank: int, name: str) -> Iterator[NumberedObject | InvalidRecord]:
    lines = Lines(stream)
    number = blank
    for line in lines:
        number += 1
        whole, first = first + line, ""
        if lines.cut:
            yield InvalidRecord(f"{name} row {number}", "", f"is longer than {MAX_LINE:,} characters")
        elif whole.strip():
            yield _object(whole, number, name)
        lines.start_row()
    if first:
        yield _object(first, number + 1, name)


def _object(text: str, number: int, name: str) -> NumberedObject | InvalidRecord:
    place = f"{name} row {number}"
    try:
        value = loads(text, place)
    except InvalidRecord as error:
        return error
    return _checked(value, number, place)


def _checked(value: object, number: int, place: str) -> NumberedObject | InvalidRecord:
    if isinstance(value, Mapping):
        return number, value
    return InvalidRecord(place, "", "must be an object with id, ts and text")


def _items(stream: IO[str], name: str) -> Iterator[NumberedObject | InvalidRecord]:
    """Items of an array; after a break in it nothing can be trusted, so that ends the reading."""
    decoder = json.JSONDecoder()
    buffer, at, number = "", 0, 0
    while True:
        at = _GAP.match(buffer, at).end()  # type: ignore[union-attr]  # it matches the empty text too
        if buffer.startswith("]", at):
            return
        try:
            value, end = decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError):
            end = len(buffer)
        if end < len(buffer):
            number, at = number + 1, end
            yield _checked(value, number, f"{name} row {number}")
            continue
        chunk = stream.read(_CHUNK)
        if not chunk or len(buffer) - at > MAX_LINE:
            reason = "the JSON array is broken or cut off here; mend it, or write one object a line"
            raise InvalidFile(name, reason, row=number + 1)
        buffer, at = buffer[at:] + chunk, 0
