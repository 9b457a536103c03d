"""A short value that is equal for near-copies of one text.

Part of reading; the detecting stage counts copies by it. Two texts share it when they differ only in what copying
changes: @names, links, emoji, punctuation, blanks, case, numbers, masks. A changed word gives another signature.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from streams.text.normal import normalise

LEAST = 12
"""Below so many letters after normalisation a text is too short to be called a copy: "太差了" is said by many."""

_DRESS = re.compile(
    r"https?://[^\s\u4e00-\u9fff]{1,2000}|www\.[^\s\u4e00-\u9fff]{1,2000}|@[\w-]{1,40}|\[[^\[\]]{1,16}\]"
)
_NOT_LETTERS = re.compile(r"[\W_]+")
_ASCII = {code: None for code in range(128)} | {code: chr(code).lower() for code in range(128) if chr(code).isalpha()}
_ASCII |= dict.fromkeys(range(ord("0"), ord("9") + 1), "0")
_NUMBERS = re.compile(r"\d+")


def signature(text: str) -> str:
    """16 hex digits, or ``""`` when the text is too short to be called a copy of anything.

    >>> signature("订单12号 客服三天不回复我的消息！！") == signature("@快鹿 订单977号，客服三天不回复我的消息😡")
    True
    >>> signature("太差了")
    ''
    """
    return signature_of_normal(normalise(text))


def signature_of_normal(normal: str) -> str:
    """The same for a text that :func:`~streams.text.normal.normalise` has already been through."""
    if "@" in normal or "[" in normal or "://" in normal or "www." in normal:
        normal = _DRESS.sub(" ", normal)
    if normal.isascii():  # the same by a faster way
        letters = normal.translate(_ASCII)
        letters = _NUMBERS.sub("0", letters) if "00" in letters else letters
    else:
        letters = _NUMBERS.sub("0", _NOT_LETTERS.sub("", normal))
    if len(letters) < LEAST:
        return ""
    return blake2b(letters.encode(), digest_size=8).hexdigest()
