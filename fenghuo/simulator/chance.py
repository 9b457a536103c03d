"""Seeded randomness: one generator for each (seed, names), independent of all others.

A stream depends on nothing but its own names, so that a brand added to a scenario changes no other brand.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]


def generator(seed: int, *names: str | int) -> Generator:
    """A PCG64 generator for this seed and these names.

    >>> a, b = generator(1, "云杉航空", "web"), generator(1, "云杉航空", "web")
    >>> int(a.integers(1000)) == int(b.integers(1000))
    True
    """
    words = [name if isinstance(name, int) else zlib.crc32(name.encode()) for name in names]
    return Generator(PCG64(SeedSequence([seed, *words])))


def code(*names: str) -> str:
    """Eight hexadecimal digits that stand for these names in ids, the same on every machine.

    >>> code("云杉航空")
    'e2a7cd82'
    """
    return f"{zlib.crc32('/'.join(names).encode()):08x}"
