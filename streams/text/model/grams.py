"""What the model looks at: character n-grams in Chinese, hashed words and pairs of words in English.

Both take a text that :func:`~streams.text.normal.normalise` has been through. Links, @names and masks say nothing and
are left out; places are kept, so that every feature can be shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import add
from zlib import crc32

LONGEST = 3
"""Characters of the longest n-gram."""
BUCKETS = 1 << 16
"""How many values a word's hash can have."""

_UNSAID = re.compile(r"https?://[!-~]{1,2000}|www\.[!-~]{1,2000}|@[\w-]{1,40}|\[[^\[\]]{1,8}#[0-9a-f]{6}\]")
_WORD = re.compile(r"[a-z0-9']+|[!?]+|[^\sa-z0-9]")

Place = tuple[int, int]


def said(normal: str) -> str:
    """``normal`` with blanks for what says nothing, of the same length.

    >>> said("@united late again http://t.co/x")
    '        late again              '
    """
    if "@" in normal or "://" in normal or "www." in normal or "#" in normal:
        return _UNSAID.sub(lambda found: " " * (found.end() - found.start()), normal)
    return normal


def grams(said_: str) -> tuple[str, list[str], list[str]]:
    """The characters, pairs and triples of a text, by place.

    >>> grams("不好吃")
    ('不好吃', ['不好', '好吃'], ['不好吃'])
    """
    pairs = list(map(add, said_, said_[1:]))
    return said_, pairs, list(map(add, pairs, said_[2:]))


def words(said_: str) -> Iterator[tuple[int, int, int]]:
    """Bucket, start and end of each word and each pair of neighbours.

    >>> [(start, end) for _, start, end in words("so late!")]
    [(0, 2), (3, 7), (7, 8), (0, 7), (3, 8)]
    """
    found = list(_WORD.finditer(said_))
    for one in found:
        yield crc32(one[0].encode()) % BUCKETS, one.start(), one.end()
    for left, right in pairwise(found):
        yield crc32(f"{left[0]} {right[0]}".encode()) % BUCKETS, left.start(), right.end()


def buckets(said_: str, size: int = BUCKETS) -> list[int]:
    """The buckets of :func:`words` without their places, which is quicker.

    >>> sorted(buckets("so late!")) == sorted(bucket for bucket, _, _ in words("so late!"))
    True
    """
    found = _WORD.findall(said_)
    told = [*found, *map(" ".join, pairwise(found))]
    return [crc32(one.encode()) % size for one in told]
