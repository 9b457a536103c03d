"""Packing typed records into messages of bounded size.

>>> [message.count(b"x") for message in packed([b'"x"'] * 5, most=2)]
[2, 2, 1]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MAX_RECORDS = 500
MAX_BYTES = 700_000


def packed(records: Iterable[bytes], most: int = MAX_RECORDS, size: int = MAX_BYTES) -> Iterator[bytes]:
    """Arrays of at most ``most`` records and about ``size`` bytes, in order."""
    held: list[bytes] = []
    weight = 0
    for record in records:
        if held and (len(held) >= most or weight + len(record) > size):
            yield b"[" + b",".join(held) + b"]"
            held, weight = [], 0
        held.append(record)
        weight += len(record) + 1
    if held:
        yield b"[" + b",".join(held) + b"]"
