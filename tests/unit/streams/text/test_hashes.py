"""Hashes of many words at once are those of zlib, however many and however long the words are."""

from __future__ import annotations

from random import Random
from zlib import crc32

import numpy as np
import pytest

from streams.text.hashes import crc, crc_and, crc_of_joined


@pytest.mark.parametrize("count", [0, 1, 24, 25, 400])
@pytest.mark.parametrize("longest", [1, 12, 200])
def test_words_are_hashed_as_zlib_does(count: int, longest: int) -> None:
    chance = Random(count * 1000 + longest)
    words = [chance.randbytes(chance.randint(1, longest)) for _ in range(count)]
    lengths = np.array([len(word) for word in words], dtype=np.intp)
    hashes = crc(np.frombuffer(b"".join(words), dtype=np.uint8), np.cumsum(lengths) - lengths, lengths)
    assert hashes.tolist() == [crc32(word) for word in words]
    opened = crc_and(hashes, ord(" "))
    assert opened.tolist() == [crc32(word + b" ") for word in words]
    joined = crc_of_joined(opened, hashes, lengths)
    assert joined.tolist() == [crc32(word + b" " + word) for word in words]
