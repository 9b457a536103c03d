"""Addresses with a house number, Chinese and English.

A Chinese one is found from its house number: a road or an estate must end right before it; from there the name is
followed to the left up to a word that is no place, and the parts of the building to the right. An English one is a
number, a name and a kind of street. All patterns are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import GONE, Form, Found, Kind

_NUMBER = "(?:[0-9]{1,5}|[一二三四五六七八九十百零〇两]{1,5})(?:[-之][0-9]{1,4})?[A-Za-z]?"
_UNIT = "(?:号院|号楼|号|栋|幢|座|单元|弄|组|室|楼|层|户|房|门|巷)"
_HOUSE = re.compile(rf"第?{_NUMBER}(?:号院|号楼|号(?!线|地铁|口|出口|文件|令)|栋|幢|(?<=[0-9A-Za-z])座|单元|弄|组)")
_GAP = r"[^\W\d_的了我你他她在是有买发收送到来去没不就都要说被把给和天日月年点块元个次多说第]"
_BUILDING = "(?:大厦|广场|公寓|中心|大楼|花园|小区|[苑城府湾])"
_MORE = re.compile(
    rf"[ ,]?(?:{_GAP}{{0,8}}[ ]?{_NUMBER}{_UNIT}"
    rf"|(?<=[元栋幢楼座号]) ?[0-9]{{3,4}}(?![0-9A-Za-z{GONE}])"
    rf"|(?:(?<=[元栋幢楼座号])-?|{_GAP}{{0,8}}{_BUILDING})"
    rf"[A-Za-z]?[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{0,3}}室?(?![0-9A-Za-z{GONE}]))"
)
_SURE = re.compile("(?:大道|大街|胡同|小区|花园|公寓|家园|大厦|新村|名苑|[一-龥](?:路|街|巷|弄|苑))[东西南北中]?段?$")
_LIKELY = re.compile("[一-龥](?:道|里|村|镇|城|府|庭|园|湾|院|社区|广场|中心|坊|郡|墅|邸|乡|县|区)[东西南北中]?段?$")
_NO_ROAD = re.compile("(?:套|思|走|线|网|电|出|一|半|上|公|铁|速|的|条|道|马|同|迷|逛|个|这|那)(?:路|街)$")
_STOP = frozenset("在住址寄送是的我你们他她了去来到请把给位抵于往不还知说从经对")
_REACH = 28
_MOST_PARTS = 6
_COMMON = frozenset("号")

_STREET = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Close|Square|Sq|Parkway"
    "|Pkwy|Highway|Hwy|Crescent|Way|Circle|Row|Mews|Gardens"
)
_ENGLISH = re.compile(
    rf"(?<![\w.$£€#{GONE}-])[0-9]{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? |North |South |East |West )?"
    rf"(?:[A-Z][A-Za-z'.-]{{1,20}} |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,4}}?(?:{_STREET})\b\.?"
    r"(?: (?:NE|NW|SE|SW|North|South|East|West)\b)?"
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?#?[A-Za-z]{0,2}[0-9]{1,5}[A-Za-z]?\b)?"
    r"(?:, [A-Z][A-Za-z.]{1,20}(?: [A-Z][A-Za-z.]{1,20}){0,2},? [A-Z]{2} [0-9]{5}(?:-[0-9]{4})?\b)?"
)
_SMALL = re.compile(
    rf"(?<![\w.$£€#{GONE}-])[0-9]{{1,5}} (?P<name>[a-z]{{3,15}}) (?:street|avenue|road|lane|boulevard)\b"
    r"(?:,? (?:apt|apartment|suite|unit|flat)\.? ?#?[0-9]{1,5}[a-z]?\b)?"
)
_NO_NAME = frozenset(
    "the down off feet miles mile blocks block hours cars lane from meters metres yards way more and main_road".split()
)


def places(plain: str) -> Iterator[Found]:
    """Addresses with house numbers.

    >>> [found[3] for found in places("我住在朝阳区建国路88号3号楼1203室, not 12 Baker Street, London")]
    ['朝阳区建国路88号3号楼1203室', '12bakerstreet']
    """
    yield from chinese_places(plain)
    yield from english_places(plain)


def chinese_places(plain: str) -> Iterator[Found]:
    """Chinese addresses."""
    done = 0
    for house in _HOUSE.finditer(plain):
        if house.start() >= done and (span := _chinese(plain, house, done)):
            done = span[1]
            yield *span, Kind.ADDRESS, _value(plain, *span)


def english_places(plain: str) -> Iterator[Found]:
    """English addresses."""
    for pattern in (_ENGLISH, _SMALL):
        for found in pattern.finditer(plain):
            if pattern is _ENGLISH or found["name"] not in _NO_NAME:
                yield *found.span(), Kind.ADDRESS, _value(plain, *found.span())


def _value(plain: str, start: int, end: int) -> str:
    return re.sub(r"[\s,.]", "", plain[start:end]).lower()


def _chinese(plain: str, house: re.Match[str], done: int) -> tuple[int, int] | None:
    """Where the address around this house number begins and ends, if it is one."""
    place = house.start()
    while place > done and plain[place - 1] == " ":
        place -= 1
    before = plain[max(done, place - 6) : place]
    sure, likely = _SURE.search(before), _LIKELY.search(before)
    if not sure and not likely or _NO_ROAD.search(before):
        return None
    end, parts = house.end(), 1
    while parts < _MOST_PARTS and (more := _MORE.match(plain, end)):
        end, parts = more.end(), parts + 1
    single = parts == 1 and house[0][-1] in _COMMON
    if single and not sure and not re.match("第?[0-9]{3,}", house[0]):
        return None
    start = _left(plain, place, done)
    return (start, end) if place - start >= 2 else None


def _left(plain: str, place: int, done: int) -> int:
    """How far the name of the place goes to the left."""
    start = place
    while start > max(done, place - _REACH) and _is_han(plain[start - 1]) and plain[start - 1] not in _STOP:
        start -= 1
    return start


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


FORMS = (
    Form(chinese_places, ("号", "栋", "幢", "座", "单元", "弄", "组")),
    Form(english_places, tuple(f" {one}" for one in _STREET.lower().split("|"))),
)
