"""Five folds that do not depend on order: near-copies share a fold, and a hash of a text chooses it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from streams.text.normal import normalise

FOLDS = 5
_HASHES, _BANDS = 32, 8
_DRESS, _DIGITS = re.compile(r"[\W_]+"), re.compile(r"\d+")


def folds(texts: Sequence[str]) -> list[int]:
    """The fold of each text.

    Texts whose triples of letters agree in one of eight bands of a MinHash (about 0.6 of them the same) are
    near-copies; the hash of the normalised first of them chooses the fold of all.

    >>> told = folds(["味道很好，送餐也快，下次还来", "味道很好，送餐也快！下次还来", "包装破了"])
    >>> told[0] == told[1]
    True
    """
    normals = [normalise(text) for text in texts]
    return [_hash(normals[first]) % FOLDS for first in _firsts(normals)]


def _firsts(normals: Sequence[str]) -> list[int]:
    """For each text the first of its near-copies."""
    first = list(range(len(normals)))

    def root(index: int) -> int:
        while first[index] != index:
            first[index] = first[first[index]]
            index = first[index]
        return index

    seen: dict[tuple[int, bytes], int] = {}
    random = np.random.default_rng(7)
    factors = random.integers(1, 2**61, _HASHES, dtype=np.uint64) | np.uint64(1)
    offsets = random.integers(0, 2**61, _HASHES, dtype=np.uint64)
    width = _HASHES // _BANDS
    for index, normal in enumerate(normals):
        least = ((_triples(normal)[:, None] * factors + offsets) >> np.uint64(20)).min(0)
        for band in range(_BANDS):
            other = root(seen.setdefault((band, least[width * band : width * (band + 1)].tobytes()), index))
            mine = root(index)
            first[max(mine, other)] = min(mine, other)
    return [root(index) for index in range(len(normals))]


def _triples(normal: str) -> npt.NDArray[np.uint64]:
    letters = _DIGITS.sub("0", _DRESS.sub("", normal)) or normal
    codes = np.frombuffer(letters.ljust(3, "$").encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    one, two, three = codes[:-2], codes[1:-1], codes[2:]
    mixed: npt.NDArray[np.uint64] = one * np.uint64(0x9E3779B97F4A7C15)
    mixed += two * np.uint64(0xC2B2AE3D27D4EB4F) + three * np.uint64(0x165667B19E3779F9)
    return mixed


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
