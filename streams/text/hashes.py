"""CRC-32 of thousands of words at once, and of words put together: what ``zlib.crc32`` gives for each of them.

A step handles the next byte of all words that have one, so the work is that of all bytes together; where few words are
left to go on with, zlib does them one by one. CRC-32 is linear:
the hash of two stretches follows from the hash of each and the length of the second.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

from streams.text.sheet import Places

Hashes = npt.NDArray[np.uint32]
LONGEST = 48
"""Longer words are left to zlib, one by one."""
_FEW = 24
"""So many of the longest, too: a step for a handful costs more than they do."""

_ALL = np.uint32(0xFFFFFFFF)
_BYTE = np.array([crc32(bytes([one ^ 0xFF])) ^ 0xFF000000 for one in range(256)], dtype=np.uint32)
"""What a byte changes."""
_LOW, _EIGHT = np.uint32(0xFF), np.uint32(8)


def crc(content: npt.NDArray[np.uint8], first: Places, lengths: Places) -> Hashes:
    """The hashes of ``lengths`` bytes each of ``content``, from ``first`` on.

    >>> told = np.frombuffer(b"so late", dtype=np.uint8)
    >>> crc(told, np.array([0, 3]), np.array([2, 4])).tolist() == [crc32(b"so"), crc32(b"late")]
    True
    """
    order = np.argsort(-lengths, kind="stable")
    first, lengths = first[order], lengths[order]
    few = max(min(_FEW, len(order)), int(np.searchsorted(-lengths, -LONGEST)))
    last = int(lengths[few]) if few < len(order) else 0  # no word but those few is longer
    reach = np.searchsorted(-lengths, -np.arange(last + 1)).tolist()  # how many words are longer than so many bytes
    states = np.full(len(order), _ALL)
    for step in range(last):
        some = slice(few, reach[step])
        states[some] = _step(states[some], content[first[some] + step])
    hashes = np.empty_like(states)
    hashes[order] = states ^ _ALL
    for row in range(few):
        hashes[order[row]] = crc32(content[first[row] : first[row] + lengths[row]].tobytes())
    return hashes


def crc_and(hashes: Hashes, byte: int) -> Hashes:
    """The hashes of the same stretches with one more byte behind each.

    >>> crc_and(np.array([crc32(b"so")], dtype=np.uint32), ord(" ")).tolist() == [crc32(b"so ")]
    True
    """
    return _step(hashes ^ _ALL, byte) ^ _ALL


def crc_of_joined(left: Hashes, right: Hashes, lengths: Places) -> Hashes:
    """The hashes of two stretches put together, from the hash of each and the length of the right one.

    >>> one, two = (np.array([crc32(part)], dtype=np.uint32) for part in (b"so", b" late"))
    >>> crc_of_joined(one, two, np.array([5])).tolist() == [crc32(b"so late")]
    True
    """
    states, rest = left.copy(), lengths.copy()
    while len(far := np.flatnonzero(rest > LONGEST)):
        states[far] = _moved(states[far], np.full(len(far), LONGEST))
        rest[far] -= LONGEST
    return _moved(states, rest) ^ right


def _step(states: Hashes, byte: npt.NDArray[np.uint8] | int) -> Hashes:
    """The states after one more byte."""
    found: Hashes = _BYTE[(states ^ byte) & _LOW] ^ states >> _EIGHT
    return found


def _moved(states: Hashes, lengths: Places) -> Hashes:
    """The states after so many bytes 0, at most :data:`LONGEST`."""
    moved = np.zeros_like(states)
    for place in range(4):
        moved ^= _MOVED[lengths, place, states >> np.uint32(8 * place) & _LOW]
    return moved


def _moves() -> Hashes:
    """The states after 0, 1, … bytes 0, by each byte of the state before."""
    before = np.arange(256, dtype=np.uint32) << np.arange(0, 32, 8, dtype=np.uint32)[:, None]
    found = [before]
    for _ in range(LONGEST):
        found.append(_step(found[-1], 0))
    return np.stack(found)


_MOVED = _moves()
