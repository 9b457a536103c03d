"""What the model looks at: character n-grams in Chinese, hashed words and pairs of words in English.

Both take a text that :func:`~streams.text.normal.normalise` has been through. Links, @names and masks say nothing and
are left out.
"""

from __future__ import annotations

from functools import cache
from operator import add

import numpy as np
import numpy.typing as npt

from streams.text.dress import UNSAID
from streams.text.hashes import crc, crc_and, crc_of_joined
from streams.text.sheet import CODES, GAP, Places, Sheet, characters, lay, offsets

LONGEST = 3
"""Characters of the longest n-gram."""
BUCKETS = 1 << 16
"""How many values a word's hash can have."""

_WORD, _MARK, _OTHER = 1, 2, 3


def said(normal: str) -> str:
    """``normal`` with blanks for what says nothing, of the same length.

    >>> said("@united late again http://t.co/x")
    '        late again              '
    """
    if "@" in normal or "://" in normal or "www." in normal or "#" in normal:
        return UNSAID.sub(lambda found: " " * (found.end() - found.start()), normal)
    return normal


def grams(said_: str) -> tuple[str, list[str], list[str]]:
    """The characters, pairs and triples of a text, by place.

    >>> grams("不好吃")
    ('不好吃', ['不好', '好吃'], ['不好吃'])
    """
    pairs = list(map(add, said_, said_[1:]))
    return said_, pairs, list(map(add, pairs, said_[2:]))


def buckets(said_: str, size: int = BUCKETS) -> list[int]:
    """The buckets of the words of one text, then of its pairs of neighbours.

    >>> from zlib import crc32
    >>> buckets("so late!") == [crc32(one) % BUCKETS for one in (b"so", b"late", b"!", b"so late", b"late !")]
    True
    """
    found: list[int] = hashed_words(lay([said_]), size)[0].tolist()
    return found


def hashed_words(texts: Sheet, size: int = BUCKETS) -> tuple[npt.NDArray[np.int64], Places]:
    """The buckets of all words of some texts, then of all pairs of neighbours, and which text each is of.

    A word is a run of letters from a to z, digits and apostrophes, or one of ``!`` and ``?``, or any other character
    alone that is no blank. The hash is CRC-32 of its bytes; a pair has a blank between.
    """
    starts, ends = _words(texts)
    owners = texts.owners(starts)
    content, places = np.frombuffer(texts.whole.encode(), dtype=np.uint8), offsets(texts.codes)
    first, length = places[starts], places[ends] - places[starts]
    words = crc(content, first, length)
    left = np.flatnonzero(owners[1:] == owners[:-1])
    right = left + 1
    opened = crc_and(words[left], ord(" "))
    pairs = crc_of_joined(opened, words[right], length[right])
    hashes = np.concatenate([words, pairs])
    return (hashes % np.uint32(size)).astype(np.int64), np.concatenate([owners, owners[left]])


def _words(texts: Sheet) -> tuple[Places, Places]:
    """Where the words start and end."""
    kinds = _kinds()[texts.codes]
    limits = kinds[1:] != kinds[:-1]
    limits |= kinds[1:] == _OTHER
    starts = np.flatnonzero(limits) + 1
    ends = np.append(starts[1:], len(kinds))
    words = kinds[starts] != 0
    return starts[words], ends[words]


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """By code: what kind of word it is in; 0 for blanks and gaps."""
    table = np.full(CODES, _OTHER, dtype=np.uint8)
    table[characters("isspace")] = 0
    table[[ord(one) for one in "abcdefghijklmnopqrstuvwxyz0123456789'"]] = _WORD
    table[[ord(one) for one in "!?"]] = _MARK
    table[ord(GAP)] = 0
    return table
