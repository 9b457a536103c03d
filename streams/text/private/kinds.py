"""Kinds of private values and the sign that stands for what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

GONE = "\0"
"""Stands in the text for each character that was found already."""

Found = tuple[int, int, "Kind", str]
"""Start, end, kind, canonical value: equal for all spellings of the same thing."""


class Kind(StrEnum):
    """What was masked; the value is the name in the mask."""

    PHONE = "电话"
    EMAIL = "邮箱"
    ID_CARD = "身份证"
    BANK_CARD = "卡号"
    PLATE = "车牌"
    ADDRESS = "住址"
    WECHAT = "微信"
    QQ = "QQ"
    PASSPORT = "护照"
    ORDER = "单号"
    NAME = "姓名"


Finder = Callable[[str], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Form:
    """A way in which private values are written, and what a text must hold for it: the rest is not searched."""

    find: Finder
    cues: tuple[str, ...]
    """One of these, in small letters and simplified characters, stands in every text that has such a value."""
    digits: int = 1
    """So many digits stand in every such text (0, 1, 5 or 7), with separators between them; for 1 one in Chinese
    characters will do."""
