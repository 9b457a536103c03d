"""Phone numbers, ID cards and bank cards: runs of digits, grouped or not, that their own form gives away."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from streams.text.numbers import bank_card, chinese_phone, foreign_phone, grouped_phone, id_card
from streams.text.private.kinds import GONE, Found, Kind

SEPARATORS = (
    " \\-.()\u00a0\u00ad\u00b7\u2009\u200b-\u200d\u2010-\u2015\u2022\u202a-\u202e\u2060\u20e3\u2212\u3000"
    "\ufe0f\ufeff\uff08\uff09\uff0d\uff0e"
)
"""What may stand between the digits of one number, as a class of a pattern."""
_RUN = re.compile(rf"[0-9](?:[{SEPARATORS}]{{0,3}}[0-9]){{6,}}")
_DIGITS = re.compile("[0-9]+")
_LAST_X = re.compile(rf"[{SEPARATORS}]?[Xx](?![A-Za-z0-9{GONE}])")
_LINK = re.compile(rf"(?:https?://|www\.)[!-~{GONE}]+")
_LEAST_DIGITS, _MOST_DIGITS = 7, 19
_MOST_GROUPS = 7
_AMERICAN = ([3, 3, 4], [1, 3, 3, 4])
"""How North American numbers are grouped."""
_CALLED = re.compile(
    "电话|手机|号码|联系|打|拨|致电|call|text|phone|tel|cell|mobile|number|contact|reach|dial|ring|fax", re.IGNORECASE
)
_PRICED = re.compile("paid|pric|cost|size|[$€£]|usd|dollar|plan|total|score", re.IGNORECASE)
_NEAR = 24
_NO_PLUS = re.compile(r"(?:[0-9]|(?<![A-Za-z])[A-Za-z]|UTC|GMT|[A-Za-z]{8})$", re.IGNORECASE)
"""Before a + that belongs to no phone number: 10086+, A+, UTC+8."""


def digits(plain: str) -> Iterator[Found]:
    """Private numbers, run of digits by run of digits.

    >>> [(found[2].name, found[3]) for found in digits("call 138-1234-5678 at 10:30")]
    [('PHONE', '+8613812345678')]
    """
    links = [link.span() for link in _LINK.finditer(plain)] if "://" in plain or "www." in plain else []
    for run in _RUN.finditer(plain):
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


def alone(number: str) -> bool:
    """Whether a text of ASCII digits and nothing else, such as most ids are, is private.

    >>> alone("13812345678"), alone("567897883875217408")
    (True, False)
    """
    size = len(number)
    return _LEAST_DIGITS <= size <= _MOST_DIGITS and _classify(number, [size], "", "", linked=False) is not None


def _is_single(groups: list[tuple[int, int]], first: int) -> bool:
    """Whether this group and the next are single digits: a number spelled out starts at the first of them."""
    return all(right - left == 1 for left, right in groups[first : first + 2])


def _longest(plain: str, groups: list[tuple[int, int]], first: int, linked: bool) -> tuple[int, Found] | None:
    """The private value that starts with group ``first`` and takes in most groups, and its last group."""
    start = groups[first][0]
    before = plain[max(start - 2, 0) : start]
    if "+" in before and _NO_PLUS.search(plain[max(start - 10, 0) : start].rstrip("+(")):
        before = ""
    best, number, sizes = None, "", []
    for last in range(first, min(first + _MOST_DIGITS, len(groups))):
        left, end = groups[last]
        number += plain[left:end]
        sizes.append(end - left)
        if len(number) > _MOST_DIGITS or len(sizes) > _MOST_GROUPS and max(sizes) > 1:
            break
        tail = _LAST_X.match(plain, end) if len(number) == 17 else None
        named = _classify(number, sizes, "X" if tail else "", before, linked) if len(number) >= _LEAST_DIGITS else None
        if named:
            if sizes in _AMERICAN and not _is_american(plain, groups[first : last + 1]):
                continue
            stop = tail.end() if tail and named[0] is Kind.ID_CARD else end
            best = last, (start - (_opening(plain, start, stop) if before else 0), stop, *named)
    return best


def _is_american(plain: str, groups: list[tuple[int, int]]) -> bool:
    """Three numbers with nothing but blanks between are prices as well: no word of these may be near, or a cue must."""
    start, end = groups[0][0], groups[-1][1]
    if plain[start:end].replace(" ", "").isdecimal() and plain[start - 1 : start] != "+":
        around = plain[max(0, start - _NEAR) : end + _NEAR]
        return _CALLED.search(around) is not None or around.isascii() and not _PRICED.search(around)
    return True


def _opening(plain: str, start: int, end: int) -> int:
    """How many signs before a number belong to it: its plus, or a parenthesis that closes within it."""
    before = plain[start - 1 : start]
    if before == "(" and ")" in plain[start:end]:
        return 2 if plain[start - 2 : start - 1] == "+" else 1
    return 1 if before == "+" else 0


def _classify(number: str, sizes: list[int], tail: str, before: str, linked: bool) -> tuple[Kind, str] | None:
    """What these groups of digits are together, if anything private."""
    few = len(sizes) <= 6 or max(sizes) == 1
    if few and (value := id_card(number, tail)):
        return Kind.ID_CARD, value
    plus = before.endswith("+") or before == "+("
    if sizes in _AMERICAN and not plus:
        value = None if linked else foreign_phone(number, plus=False)
        return (Kind.PHONE, value) if value else None
    if few and (
        value := chinese_phone(sizes, number, plus=plus) or not linked and grouped_phone(sizes, number) or None
    ):
        return Kind.PHONE, value
    if linked:
        return None
    if (plus or number.startswith("00")) and len(sizes) <= _MOST_GROUPS and (value := foreign_phone(number, plus=plus)):
        return Kind.PHONE, value
    if min(sizes[:-1], default=3) >= 3 and (value := bank_card(number)):
        return Kind.BANK_CARD, value
    return None
