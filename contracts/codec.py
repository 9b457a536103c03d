"""Records to bytes and back.

pydantic-core writes, reads and validates in one pass. A message that mixes kinds wraps each record
as ``{"type": ..., "record": ...}`` in an array; a topic with a single kind carries it bare.

>>> from datetime import datetime, UTC
>>> mark = Mark(brand="Delta", at=datetime(2026, 1, 1, tzinfo=UTC), order=(1, 0))
>>> decode_mixed(encode_mixed([mark])) == [mark]
True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec
import orjson
from pydantic import ValidationError

from contracts.errors import InvalidRecord
from contracts.plain import sentence
from contracts.records import (
    BucketRow,
    CaseEvent,
    CaseGrade,
    CaseRow,
    Closed,
    Command,
    Correction,
    Evidence,
    IncidentEvent,
    LateRow,
    LedgerEntry,
    Mark,
    PaneCounts,
    Record,
    Signal,
    Standing,
)
from contracts.records.base import SCHEMA_VERSION
from contracts.swift import swift

R = TypeVar("R", bound=Record)

MIXED: dict[str, type[Record]] = {
    kind.__name__: kind
    for kind in (
        BucketRow,
        CaseEvent,
        CaseGrade,
        CaseRow,
        Closed,
        Command,
        Correction,
        IncidentEvent,
        LateRow,
        LedgerEntry,
        Mark,
        PaneCounts,
        Signal,
        Standing,
    )
}


def encode(record: Record) -> bytes:
    """One record as JSON; fields that hold their default are left out, the schema version never is.

    >>> from datetime import datetime, UTC
    >>> encode(Mark(brand="Delta", at=datetime(2026, 1, 1, tzinfo=UTC), order=(1, 0)))
    b'{"schema_version":1,"brand":"Delta","at":"2026-01-01T00:00:00Z","order":[1,0]}'
    """
    body = record.model_dump_json(exclude_defaults=True)[1:]
    return f'{{"schema_version":{SCHEMA_VERSION}{"," if len(body) > 1 else ""}{body}'.encode()


def decode(kind: type[R], payload: bytes) -> R:
    """One record of ``kind``; raises :class:`~contracts.errors.InvalidRecord`."""
    try:
        return kind.model_validate_json(payload)
    except ValidationError as error:
        raise invalid(error, "message") from None


def encode_mixed(records: Sequence[Record]) -> bytes:
    """Records of several kinds as one message."""
    return b"[" + b",".join(map(_typed, records)) + b"]"


def _typed(record: Record) -> bytes:
    return b'{"type":"%s","record":%s}' % (type(record).__name__.encode(), encode(record))


def encode_portions(records: Iterable[Record], most: int = 400, size: int = 700_000) -> list[bytes]:
    """Records of several kinds as few messages, each of at most ``most`` records and about ``size`` bytes.

    Kafka takes a megabyte a message by default. The same records give the same messages.

    >>> from datetime import datetime, UTC
    >>> mark = Mark(brand="Delta", at=datetime(2026, 1, 1, tzinfo=UTC), order=(1, 0))
    >>> [len(decode_mixed(one)) for one in encode_portions([mark] * 5, most=2)]
    [2, 2, 1]
    >>> [len(decode_mixed(one)) for one in encode_portions([mark] * 5, size=len(encode_mixed([mark] * 3)))]
    [3, 2]
    """
    made: list[bytes] = []
    held: list[bytes] = []
    weight = 2
    for record in records:
        part = _typed(record)
        if held and (len(held) == most or weight + len(part) > size):
            made.append(b"[" + b",".join(held) + b"]")
            held, weight = [], 2
        held.append(part)
        weight += len(part) + 1
    if held:
        made.append(b"[" + b",".join(held) + b"]")
    return made


def decode_mixed(payload: bytes) -> list[Record]:
    """The reverse of :func:`encode_mixed`; raises :class:`~contracts.errors.InvalidRecord`."""
    try:
        return [MIXED[one["type"]].model_validate(one["record"]) for one in orjson.loads(payload)]
    except ValidationError as error:
        raise invalid(error, "message") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise InvalidRecord("message", "", f"not an array of typed records ({type(error).__name__})") from None


class _Typed(msgspec.Struct):
    """One record of a message that mixes kinds, not yet read."""

    type: str
    record: msgspec.Raw


_typed_records = msgspec.json.Decoder(list[_Typed])
_swift_pane = swift(PaneCounts, (Evidence,))


def decode_counts(payload: bytes) -> list[Record]:
    """As :func:`decode_mixed`, several times as fast where pieces of evidence come by the thousand.

    The evidence within is structs with the fields of :class:`~contracts.records.Evidence`.
    """
    try:
        return [_record(one.type, one.record) for one in _typed_records.decode(payload)]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, ValidationError):
        return decode_mixed(payload)


def _record(kind: str, payload: msgspec.Raw) -> Record:
    if kind != PaneCounts.__name__:
        return MIXED[kind].model_validate_json(bytes(payload))
    read = _swift_pane(payload)
    return PaneCounts.trusted(**{name: getattr(read, name) for name in PaneCounts.model_fields})


def invalid(error: ValidationError, place: str) -> InvalidRecord:
    """The first mistake of a pydantic error, without the offending value (it may be private)."""
    first = error.errors(include_url=False, include_input=False)[0]
    return InvalidRecord(place, ".".join(str(part) for part in first["loc"]), sentence(first))
