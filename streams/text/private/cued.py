"""What the forms with a cue share: borders, what links a cue with its value, and values that are no codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from streams.text.numbers import bank_card, id_card
from streams.text.private.kinds import GONE, Finder, Found, Kind

EDGE = f"(?![A-Za-z0-9{GONE}])"
FRONT = f"(?<![A-Za-z0-9{GONE}])"
LINKING = r"(?:[\s:#'\"(]|就是|是|为|这个|我的|is\b|was\b|->|=){0,5}"
"""What stands between a cue and its value."""
_DATE = re.compile(r"(?:19|20)[0-9]{2}-?(?:0?[1-9]|1[0-2])-?(?:0?[1-9]|[12][0-9]|3[01])")
_MOBILE = re.compile("1[3-9][0-9]{9}")
_BETWEEN = re.compile(r"[\s·.-]")
_UNITS = (
    "[个次本人元块万件份遍张名]|dollars|usd|euros?|pounds|yuan|rmb|people|users|customers|points|miles|sales|times|units"
    "|items"
)
_UNIT = re.compile(rf"\s?(?:{_UNITS})(?![a-z])", re.IGNORECASE)


def finder(kind: Kind, pattern: re.Pattern[str], holds: Callable[[re.Match[str]], bool]) -> Finder:
    """Finds what ``pattern`` matches and ``holds`` confirms; the value is its group of that name, or all of it."""
    group = "value" if "value" in pattern.groupindex else 0

    def find(plain: str) -> Iterator[Found]:
        for found in pattern.finditer(plain):
            if holds(found):
                yield *found.span(group), kind, _BETWEEN.sub("", found[group]).lower()

    return find


def always(found: re.Match[str]) -> bool:
    """Holds whatever the match."""
    return True


def is_date(value: str) -> bool:
    """Whether it is a day of these centuries.

    >>> is_date("20190105"), is_date("2019-1-5"), is_date("20191305")
    (True, True, False)
    """
    return _DATE.fullmatch(value) is not None


def is_counted(found: re.Match[str]) -> bool:
    """Whether the value is a number of things: up to eight digits, round or before a unit.

    >>> [is_counted(re.search("(?P<value>[0-9]+)", text)) for text in ("250000", "1234567 dollars", "1234567 lost")]
    [True, True, False]
    """
    value = found["value"]
    if not value.isdigit() or len(value) > 8:
        return False
    return value.endswith("000") or before_unit(found)


def before_unit(found: re.Match[str]) -> bool:
    """Whether what follows the value is what it counts."""
    return _UNIT.match(found.string, found.end("value")) is not None


def is_other(value: str) -> bool:
    """A date, or a number that is private by itself and has its own mask wherever it stands.

    >>> [is_other(value) for value in ("20190105", "138-1234-5678", "4111 1111 1111 1111", "A-2019-00017")]
    [True, True, True, False]
    """
    if is_date(value):
        return True
    bare = value.replace("-", "").replace(" ", "")
    if not bare[:-1].isdigit():
        return False
    whole = id_card(bare[:-1], bare[-1]) if bare[-1] in "xX" else id_card(bare)
    return bool(_MOBILE.fullmatch(bare) or whole or bare.isdigit() and bank_card(bare))
