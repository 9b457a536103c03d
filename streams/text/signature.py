"""A short value that is equal for near-copies of one text.

Part of reading; the detecting stage counts copies by it. Two texts share it when they differ only in what copying
changes: @names, links, emoji, punctuation, blanks, case, numbers, masks. A changed word gives another signature.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np

from streams.text.dress import dress
from streams.text.normal import normalised
from streams.text.sheet import GAP, Flags, Sheet, characters

LEAST = 12
"""Below so many letters after normalisation a text is too short to be called a copy: "太差了" is said by many."""
_ZERO = np.uint32(ord("0"))


def signature(text: str) -> str:
    """16 hex digits, or ``""`` when the text is too short to be called a copy of anything.

    >>> signature("订单12号 客服三天不回复我的消息！！") == signature("@快鹿 订单977号，客服三天不回复我的消息😡")
    True
    >>> signature("太差了")
    ''
    """
    normals = normalised([text])
    return signatures(normals, dress(normals).every)[0]


def signatures(normals: Sheet, unsaid: Flags) -> list[str]:
    """The signature of each of some normalised texts, without the places in ``unsaid``: a hash of their letters, in
    which each number counts as one 0.
    """
    letters, numbers = _letters()
    kept = letters[normals.codes]
    kept &= ~unsaid
    kept[0] = False
    kept[normals.ends] = True  # the gaps, which keep the texts apart
    codes = normals.codes[kept]
    figures = numbers[codes]
    if figures.any():
        codes[figures] = _ZERO
        first = figures.copy()
        first[1:] &= ~figures[:-1]
        codes = codes[first | ~figures]
    told = codes.tobytes().decode("utf-32-le").split(GAP)
    return [_digest(one) if len(one) >= LEAST else "" for one in told[:-1]]


def _digest(letters: str) -> str:
    return blake2b(letters.encode(), digest_size=8).hexdigest()


@cache
def _letters() -> tuple[Flags, Flags]:
    """By code: whether it is a letter or a figure, and whether it is a figure."""
    return characters("isalnum"), characters("isdecimal")
