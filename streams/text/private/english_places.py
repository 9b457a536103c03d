"""English addresses: a number, a name and a kind of street, the flat before or behind. All patterns are bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.chinese_places import plain_address
from streams.text.private.kinds import GONE, Form, Found, Kind

_STREET = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Close|Square|Sq|Parkway"
    "|Pkwy|Highway|Hwy|Crescent|Way|Circle|Row|Mews|Gardens"
)
_SMALL_STREET = "street|avenue|road|lane|boulevard|st|ave|rd|blvd"
_NOT_BEFORE = rf"(?<![\w.$£€#{GONE}-])"
_FLAT = r"(?i:apt|apartment|suite|ste|unit|flat|floor)\.? ?#?[A-Za-z]{0,2}[0-9]{1,5}[A-Za-z]?\b"
_FLAT_BEFORE = re.compile(rf"(?<![\w.$£€#{GONE}-]){_FLAT},? $")
_FLAT_REACH = 24
_BEHIND = rf"(?:,? (?:{_FLAT}|# ?[0-9]{{1,5}}[A-Za-z]?\b))?"
_TOWN = (
    r"(?:, [A-Z][A-Za-z.]{1,20}(?: [A-Z][A-Za-z.]{1,20}){0,2},?"
    r" (?:[A-Z]{2,3} [0-9]{4,5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})\b)?"
)
_ENGLISH = re.compile(
    rf"{_NOT_BEFORE}[0-9]{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? |North |South |East |West )?"
    rf"(?P<name>(?:[A-Z][A-Za-z'.-]{{1,20}} |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,4}}?)(?:{_STREET}|{_SMALL_STREET})\b\.?"
    rf"(?: (?:NE|NW|SE|SW|North|South|East|West)\b)?{_BEHIND}{_TOWN}"
)
_SMALL = re.compile(
    rf"{_NOT_BEFORE}[0-9]{{1,5}} (?P<name>[a-z]{{3,15}}) (?:{_SMALL_STREET})\b(?!\.? (?:louis|paul|john|thomas"
    rf"|lucia|martin|croix|george|pancras|james|patrick|petersburg|maarten|kitts))\.?{_BEHIND}"
)
_NO_NAME = frozenset(
    "the down off feet ft foot miles mile block blocks hour hours hr hrs minute minutes min mins day days week"
    " weeks month months year years star stars cars car lane lanes from meters metres yards way more and main_road"
    " dollars dollar usd bucks gb tb mb kb inch inches mg ml kg lbs oz times percent people pack pc pcs piece"
    " pieces near around per out with for via into left right different busy long good new great nice bad other"
    " separate wheel ply speed series point points".split()
)
_YEAR = re.compile("(?:19|20)[0-9]{2}$")
_KNOWN = frozenset({"wall", "easy", "sesame", "high", "fleet", "downing"})
"""Streets that stand for something else behind a year: the 2008 Wall Street crash."""


def english_places(plain: str) -> Iterator[Found]:
    """English addresses.

    >>> [found[3] for found in english_places("not 12 Baker Street, London, nor 24 Hour Service Close")]
    ['12bakerstreet']
    """
    for pattern in (_ENGLISH, _SMALL):
        for found in pattern.finditer(plain):
            if _has_name(found):
                start, end = found.span()
                if flat := _FLAT_BEFORE.search(plain, max(0, start - _FLAT_REACH), start):
                    start = flat.start()
                yield start, end, Kind.ADDRESS, plain_address(plain[start:end])


def _has_name(found: re.Match[str]) -> bool:
    """Whether the street has a name, and not a number of hours or stars."""
    name = found["name"].partition(" ")[0].lower()
    number = found.string[found.start() : found.start("name")].strip(" ,")
    return name not in _NO_NAME and not (name in _KNOWN and _YEAR.match(number))


ENGLISH_PLACES = (Form(english_places, tuple(f" {one}" for one in _STREET.lower().split("|"))),)
"""The form."""
