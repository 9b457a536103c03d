"""The weights of all Chinese n-grams in one array, looked up for every place of many texts by two reads each.

Where it sits: under :mod:`streams.text.model.sentiment`. A dictionary of a quarter of a million strings misses the
processor's caches at every look-up and answers one question at a time; here each n-gram is a number of 48 bits, and a
row of numbers is answered by two gathers from an array of 5 MB. Weights are whole numbers, so their sums do not depend
on the order: a text alone and among others gets the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streams.text.model.grams import LONGEST
from streams.text.sheet import CODES, Codes, Flags

Numbers = npt.NDArray[np.uint64]

_LETTER_BITS, _WEIGHT_BITS = np.uint64(16), np.uint64(8)
_HALF = np.uint64(32)
_ROOM, _LEAST_ROOM = 2.5, 256
"""Slots for each n-gram, and the fewest."""
_MOST_ROUNDS = 500
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Odd factors; the upper bits of the product choose the slot."""


class GramTable:
    """Weights of −127 to 127 by n-gram of one to three characters; a weight of 0 is not the same as an unknown n-gram.

    A cuckoo hash: an n-gram lies in one of two slots, so that a look-up never searches on.

    >>> table = GramTable(["好", "不好", "好吃"], np.array([3, -5, 0], dtype=np.int8))
    >>> weights, known = table.look_up(np.array([ord(one) for one in "不好吃"], dtype=np.uint32))
    >>> weights.tolist()
    [[0, 3, 0], [-5, 0, 0], [0, 0, 0]]
    >>> known.tolist()
    [[False, True, False], [True, True, False], [False, False, False]]
    """

    def __init__(self, grams: Sequence[str], weights: npt.NDArray[np.int8]) -> None:
        sizes = np.fromiter(map(len, grams), dtype=np.uint8, count=len(grams))
        codes = np.frombuffer("".join(grams).encode("utf-32-le"), dtype=np.uint32)
        letters = np.unique(codes)
        self._numbers = np.zeros(CODES, dtype=np.uint16)
        self._numbers[letters] = np.arange(1, len(letters) + 1)
        starts = np.cumsum(sizes, dtype=np.intp) - sizes
        keys = self._keys(codes)[sizes - 1, starts]
        single = sizes == 1
        self._letters = np.zeros(len(letters) + 1, dtype=np.int8)
        self._letters[keys[single]] = weights[single]
        self._known = np.zeros(len(letters) + 1, dtype=np.bool_)
        self._known[keys[single]] = True
        self._room = np.uint64(0)
        self._slots = self._filled(keys[~single], weights[~single].view(np.uint8))

    def look_up(self, codes: Codes) -> tuple[npt.NDArray[np.int8], Flags]:
        """By size (one to three characters) and place where it starts: the n-gram's weight, and whether it is known."""
        keys = self._keys(codes)
        weights = np.empty(keys.shape, dtype=np.int8)
        known = np.empty(keys.shape, dtype=np.bool_)
        letters, longer = keys[0].astype(np.intp), keys[1:]
        weights[0], known[0] = self._letters[letters], self._known[letters]
        found = self._slots[self._slot(longer, _MIX[0])]
        second = self._slots[self._slot(longer, _MIX[1])]
        np.copyto(found, second, where=second >> _WEIGHT_BITS == longer)
        np.equal(found >> _WEIGHT_BITS, longer, out=known[1:])
        known[1:] &= longer != 0
        weights[1:] = found.astype(np.uint8).view(np.int8)
        weights[1:] *= known[1:]
        return weights, known

    def _keys(self, codes: Codes) -> Numbers:
        """By size and place: the n-gram's number, or 0 where it reaches over the end or holds an unknown character."""
        letters = self._numbers[codes].astype(np.uint64)
        keys = np.zeros((LONGEST, len(codes)), dtype=np.uint64)
        keys[0] = letters
        for shift in range(1, min(LONGEST, len(codes))):
            shorter, further = keys[shift - 1, :-shift], letters[shift:]
            whole = shorter | further << _LETTER_BITS * np.uint64(shift)
            keys[shift, :-shift] = whole * ((shorter != 0) & (further != 0))
        return keys

    def _slot(self, keys: Numbers, factor: np.uint64) -> npt.NDArray[np.intp]:
        return ((keys * factor >> _HALF) * self._room >> _HALF).astype(np.intp)

    def _filled(self, keys: Numbers, weights: npt.NDArray[np.uint8]) -> Numbers:
        """The slots with these keys and weights, in as much room as they need."""
        room, owners = max(int(len(keys) * _ROOM), _LEAST_ROOM), None
        while owners is None:
            self._room = np.uint64(room)
            owners, room = self._placed(keys), room * 3 // 2
        slots = np.zeros(len(owners), dtype=np.uint64)
        taken = owners >= 0
        slots[taken] = (keys << _WEIGHT_BITS | weights)[owners[taken]]
        return slots

    def _placed(self, keys: Numbers) -> npt.NDArray[np.intp] | None:
        """Which key lies in each slot (−1: none); a key that finds its slot taken pushes the other out to its second.

        ``None`` when they do not all find one, which a little more room mends.
        """
        slots = np.stack([self._slot(keys, factor) for factor in _MIX])
        owners = np.full(int(self._room), -1, dtype=np.intp)
        side = np.zeros(len(keys), dtype=np.intp)
        waiting = np.arange(len(keys))
        for _ in range(_MOST_ROUNDS):
            chosen = slots[side[waiting], waiting]
            before = owners[chosen]
            owners[chosen] = waiting
            lost = waiting[owners[chosen] != waiting]
            waiting = np.concatenate([lost, np.unique(before[before >= 0])])
            if not len(waiting):
                return owners
            side[waiting] ^= 1
        return None
