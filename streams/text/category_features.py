"""What the category classifier sees of a text: hashed words, pairs of words, and short strings of characters.

Chinese gives single characters and pairs, Latin letters give words, pairs of words and strings of four within a word
(which join "cancelled" and "canceling"). Everything is hashed into 2^18 numbers, so memory is bounded and no text can
be read back from a model. Links, @names and masks say nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from operator import add
from zlib import crc32

from streams.text.normal import normalise

BITS = 18
_KEPT = (1 << BITS) - 1
_DRESS = re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}|@[\w-]{1,40}|\[[^\[\]]{1,3}#[0-9a-f]{6}]")
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z\u00e0-\u024f']+|[0-9]+")
MOST_CHARACTERS = 1000
"""Of longer texts only the beginning is looked at."""


def features(text: str) -> dict[int, int]:
    """How often each hashed feature stands in ``text``.

    >>> features("退款慢") == features("@客服 退款慢!"), len(features("退款慢"))
    (True, 5)
    """
    return features_of_normal(normalise(text[:MOST_CHARACTERS]))


def features_of_normal(normal: str) -> dict[int, int]:
    """The same for a text that :func:`~streams.text.normal.normalise` has already been through."""
    normal = normal[:MOST_CHARACTERS]
    if "@" in normal or "[" in normal or "://" in normal or "www." in normal:
        normal = _DRESS.sub(" ", normal)
    keys: list[int] = []
    before = 0
    for run in _RUN.findall(normal):
        if run[0] > "\u3000":
            keys += map(_key, run)
            keys += map(_key, map(add, run, run[1:]))
            before = 0
            continue
        word = _keys_of_word(run)
        keys += word
        if before:
            keys.append((before * 31 + word[0]) & _KEPT)
        before = word[0]
    return Counter(keys)


@lru_cache(maxsize=1 << 15)
def _keys_of_word(word: str) -> tuple[int, ...]:
    """The word itself first, then its strings of four."""
    if word[0] <= "9":
        return (_key(word + " "),)
    padded = f" {word[:40]} "
    return (_key(word + " "), *(_key(padded[at : at + 4]) for at in range(len(padded) - 3)))


@lru_cache(maxsize=1 << 16)
def _key(feature: str) -> int:
    return crc32(feature.encode()) & _KEPT
