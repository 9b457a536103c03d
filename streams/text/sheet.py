"""Many texts laid end to end as one row of code points, so that numpy looks at all of them at once.

Where it sits: under reading and masking. Each step of theirs asks the same of every character ("is it a digit?"), and
asks it for some hundred texts in one call; a text alone is a sheet of one. Between the texts, and at both ends, stands
:data:`GAP`, a code that is no character and that no pattern matches, so nothing reaches from one text into the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

GAP = "\uffff"
CODES = 0x110000
"""How many code points there are: the length of every table by code."""

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


def by_code(ranges: Mapping[int, Sequence[tuple[int, int]]]) -> npt.NDArray[np.uint8]:
    """A table by code: the number whose ranges hold it, first and last code included; 0 for all others.

    >>> by_code({1: [(97, 99)]})[[96, 97, 99, 100]].tolist()
    [0, 1, 1, 0]
    """
    table = np.zeros(CODES, dtype=np.uint8)
    for number, spans in ranges.items():
        for first, last in spans:
            table[first : last + 1] = number
    return table


@dataclass(frozen=True)
class Sheet:
    """Texts end to end; text ``n`` is ``codes[starts[n]:ends[n]]``, and each has a gap on either side.

    >>> sheet = lay(["ab", "", "c"])
    >>> sheet.texts(), sheet.sums(sheet.codes == ord("a")).tolist(), sheet.any(sheet.codes == ord("c")).tolist()
    (['ab', '', 'c'], [1, 0, 0], [False, False, True])
    """

    codes: Codes
    starts: Places
    ends: Places

    @cached_property
    def whole(self) -> str:
        """All of it as one string."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    def texts(self) -> list[str]:
        """The texts again."""
        whole = self.whole
        return [whole[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def sums(self, values: npt.NDArray[np.integer | np.bool_]) -> npt.NDArray[np.int64]:
        """The sum over each text of a value by place, which is 0 at the gaps."""
        sums: npt.NDArray[np.int64] = np.add.reduceat(values, self.starts, dtype=np.int64)
        return sums

    def any(self, flags: Flags) -> Flags:
        """Whether a flag by place, not set at the gaps, is set anywhere in each text."""
        found: Flags = np.logical_or.reduceat(flags, self.starts)
        return found

    def owners(self, places: Places) -> Places:
        """The number of the text that each place stands in."""
        return np.searchsorted(self.starts, places, "right") - 1

    def with_codes(self, codes: Codes) -> Sheet:
        """The same texts with other characters in the same places."""
        return Sheet(codes, self.starts, self.ends)


def lay(texts: Sequence[str]) -> Sheet:
    """The sheet of some texts; where a text holds :data:`GAP` itself a question mark stands instead."""
    whole = GAP.join(["", *texts, ""])
    if whole.count(GAP) != len(texts) + 1:
        whole = GAP.join(["", *(text.replace(GAP, "?") for text in texts), ""])
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    ends = np.cumsum(lengths + 1)
    return Sheet(codes, ends - lengths, ends)


def portions(texts: Sequence[str], most: int = 48_000) -> list[slice]:
    """Slices of ``texts`` with about ``most`` characters each, which bounds memory: a batch of the log in one piece.

    >>> portions(["a" * 9] * 5, most=20)
    [slice(0, 3, None), slice(3, 5, None)]
    """
    if texts and sum(map(len, texts)) < most:
        return [slice(0, len(texts))]
    found: list[slice] = []
    first = size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= most:
            found.append(slice(first, number + 1))
            first, size = number + 1, 0
    if first < len(texts):
        found.append(slice(first, len(texts)))
    return found


def offsets(codes: Codes) -> Places:
    """Where each character is among the bytes in UTF-8; one more than there are characters.

    >>> offsets(np.array([ord(one) for one in "aé好😡"], dtype=np.uint32)).tolist()
    [0, 1, 3, 6, 10]
    """
    sizes = 1 + (codes >= 0x80).astype(np.int8) + (codes >= 0x800) + (codes >= 0x10000)
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.intp)))


def characters(name: str) -> Flags:
    """A flag by code: whether ``str.<name>()`` holds for the character (``isalnum``, ``isspace``, ``isdecimal``).

    >>> [bool(characters("isdecimal")[ord(one)]) for one in "7٣x"]
    [True, True, False]
    """
    every = np.arange(CODES, dtype=np.uint32).view("U1")
    flags: Flags = getattr(np.strings, name)(every)
    return flags


def spans(codes: Codes, found: Sequence[tuple[int, int]]) -> Flags:
    """A flag by place: whether it lies in one of ``found``, which do not overlap."""
    edges = np.zeros(len(codes) + 1, dtype=np.int8)
    if found:
        limits = np.array(found)
        np.add.at(edges, limits[:, 0], 1)
        np.add.at(edges, limits[:, 1], -1)
    flags: Flags = np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)
    return flags
