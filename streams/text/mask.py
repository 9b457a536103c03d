"""Masks what identifies a person, before anything is written or shown.

Intake calls it on every text at the door. E-mail addresses, phone numbers, Chinese ID cards and bank cards become
``[邮箱#3f9a1c]``, ``[电话#…]``, ``[身份证#…]``, ``[卡号#…]``: six hex digits of a keyed hash, so that the same value
has the same mask within one key and nobody is named. Masking a masked text changes nothing. Work is proportional to the
length whatever the text: every candidate is bounded, no pattern can backtrack far.

Not masked: hotlines (12315, 95588, 400 and toll-free numbers), bare local numbers without an area code, prices, dates,
numbers inside links except phone numbers and ID cards.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b

from streams.text.numbers import bank_card, chinese_phone, foreign_phone, id_card

_SEPARATORS = " \\-.()\u00a0\u2009\u200b\u2010-\u2015\u2212\u3000\uff08\uff09\uff0d\uff0e"
_SUSPECT = re.compile(rf"\d(?:[{_SEPARATORS}]{{0,3}}\d){{6}}")
_RUN = re.compile(rf"[0-9](?:[{_SEPARATORS}]{{0,3}}[0-9]){{6,}}")
_DIGITS = re.compile("[0-9]+")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_LONGEST_LOCAL = 64
_LEAST_DIGITS, _MOST_DIGITS = 7, 19
_MOST_GROUPS = 7
_AMERICAN = ([3, 3, 4], [1, 3, 3, 4])
"""How North American numbers are grouped."""


class Kind(StrEnum):
    """What was masked; the value is the name in the mask."""

    PHONE = "电话"
    EMAIL = "邮箱"
    ID_CARD = "身份证"
    BANK_CARD = "卡号"


_LINK = re.compile(rf"(?:https?://|www\.)[!-~{''.join(Kind)}]+")
"""A link; the signs of masks belong to it, so that it is the same link before and after masking."""


@dataclass(frozen=True, slots=True)
class Span:
    """One masked place, in the text as it was: [start, end), what it held, and the mask put there."""

    start: int
    end: int
    kind: Kind
    mask: str


class Masker:
    """Masks texts under one key (16 to 64 bytes).

    >>> masker = Masker(b"sixteen bytes ok")
    >>> masked = masker.mask("请回电 138-1234-5678 或 +86 13812345678")
    >>> first, second = re.findall(r"\\[电话#[0-9a-f]{6}]", masked)
    >>> first == second, masker.mask(masked) == masked, masker.mask("订单 1234567 付了 3999 元")
    (True, True, '订单 1234567 付了 3999 元')
    """

    def __init__(self, key: bytes) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("the masking key must have 16 to 64 bytes")
        self._key = key

    def mask(self, text: str) -> str:
        """``text`` with its private values masked; the same object when there are none."""
        if "@" not in text and "＠" not in text and not _SUSPECT.search(text):
            return text
        return self.mask_spans(text)[0]

    def mask_spans(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """The masked text, and what was masked where, by place."""
        plain = text if text.isascii() else text.translate(_plain())
        found = sorted(_found(plain))
        if not found:
            return text, ()
        spans = tuple(Span(start, end, kind, self._mask(kind, value)) for start, end, kind, value in found)
        parts, at = [], 0
        for span in spans:
            parts += [text[at : span.start], span.mask]
            at = span.end
        return "".join((*parts, text[at:])), spans

    def _mask(self, kind: Kind, value: str) -> str:
        digest = blake2b(f"{kind.name}:{value}".encode(), digest_size=3, key=self._key)
        return f"[{kind.value}#{digest.hexdigest()}]"


def pseudonym(key: bytes, value: str) -> str:
    """24 hex digits that stand for an author or a case: equal for equal values under one key, and not reversible.

    >>> pseudonym(b"sixteen bytes ok", "13812345678") == pseudonym(b"sixteen bytes ok", "13812345678")
    True
    >>> len(pseudonym(b"sixteen bytes ok", ""))
    24
    """
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=12, key=key, person=b"pseudonym").hexdigest()


@cache
def _plain() -> dict[int, int]:
    """Full-width letters and signs, and the digits of all scripts, as ASCII: one character for one, so places stay."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    for code in range(0x80, sys.maxunicode + 1):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table[code] = 0x30 + digit
    return table


Found = tuple[int, int, Kind, str]


def _found(plain: str) -> Iterator[Found]:
    """All private values: addresses first, then numbers in what lies between them."""
    addresses = list(_addresses(plain))
    for start, end in addresses:
        yield start, end, Kind.EMAIL, plain[start:end].lower()
    links = _links(plain, addresses)
    at = 0
    for start, end in (*addresses, (len(plain), len(plain))):
        yield from _numbers(plain, at, start, links)
        at = end


def _links(plain: str, addresses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the links are, once the addresses are masked: a ``www.`` inside an address starts none."""
    if "://" not in plain and "www." not in plain:
        return []
    parts, at = [], 0
    for start, end in addresses:
        parts += [plain[at:start], "[" * (end - start)]
        at = end
    return [link.span() for link in _LINK.finditer("".join((*parts, plain[at:])))]


def _addresses(plain: str) -> Iterator[tuple[int, int]]:
    """E-mail addresses, found from their @ outwards."""
    done = 0
    at = plain.find("@")
    while at >= 0:
        start = at
        while start > done and at - start < _LONGEST_LOCAL and plain[start - 1] in _LOCAL:
            start -= 1
        domain = _DOMAIN.match(plain, at + 1) if start < at else None
        if domain:
            done = domain.end()
            yield start, done
        at = plain.find("@", max(done, at + 1))


def _numbers(plain: str, start: int, end: int, links: list[tuple[int, int]]) -> Iterator[Found]:
    """Private numbers in a part of the text, run of digits by run of digits."""
    for run in _RUN.finditer(plain, start, end):
        groups = [group.span() for group in _DIGITS.finditer(plain, *run.span())]
        before = bisect_right(links, (run.start(), len(plain))) - 1
        linked = before >= 0 and run.start() < links[before][1]
        first, single = 0, False
        while first < len(groups):
            taken = None if single and _is_single(groups, first) else _longest(plain, groups, first, linked)
            if taken is None:
                single = groups[first][1] - groups[first][0] == 1
                first += 1
                continue
            last, found = taken
            yield found
            first, single = last + 1, False


def _is_single(groups: list[tuple[int, int]], first: int) -> bool:
    """Whether this group and the next are single digits: a number spelled out starts at the first of them."""
    return all(right - left == 1 for left, right in groups[first : first + 2])


def _longest(plain: str, groups: list[tuple[int, int]], first: int, linked: bool) -> tuple[int, Found] | None:
    """The private value that starts with group ``first`` and takes in most groups, and its last group."""
    start = groups[first][0]
    before = plain[max(start - 2, 0) : start]
    best, digits, sizes = None, "", []
    for last in range(first, min(first + _MOST_DIGITS, len(groups))):
        left, end = groups[last]
        digits += plain[left:end]
        sizes.append(end - left)
        if len(digits) > _MOST_DIGITS or len(sizes) > _MOST_GROUPS and max(sizes) > 1:
            break
        tail = plain[end : end + 1] if len(digits) == 17 and plain[end : end + 1] in ("X", "x") else ""
        named = _classify(digits, sizes, tail, before, linked) if len(digits) >= _LEAST_DIGITS else None
        if named:
            stop = end + (len(tail) if named[0] is Kind.ID_CARD else 0)
            best = last, (start - _opening(plain, start, stop), stop, *named)
    return best


def _opening(plain: str, start: int, end: int) -> int:
    """How many signs before a number belong to it: its plus, or a parenthesis that closes within it."""
    before = plain[start - 1 : start]
    if before == "(" and ")" in plain[start:end]:
        return 2 if plain[start - 2 : start - 1] == "+" else 1
    return 1 if before == "+" else 0


def _classify(digits: str, sizes: list[int], tail: str, before: str, linked: bool) -> tuple[Kind, str] | None:
    """What these groups of digits are together, if anything private."""
    few = len(sizes) <= 5 or max(sizes) == 1
    if few and (value := id_card(digits, tail)):
        return Kind.ID_CARD, value
    plus = before.endswith("+") or before == "+("
    if sizes in _AMERICAN and not plus:
        value = None if linked else foreign_phone(digits, plus=False)
        return (Kind.PHONE, value) if value else None
    if few and (value := chinese_phone(sizes, digits, plus=plus)):
        return Kind.PHONE, value
    if linked:
        return None
    if (plus or digits.startswith("00")) and len(sizes) <= _MOST_GROUPS and (value := foreign_phone(digits, plus=plus)):
        return Kind.PHONE, value
    if min(sizes[:-1], default=3) >= 3 and (value := bank_card(digits)):
        return Kind.BANK_CARD, value
    return None
