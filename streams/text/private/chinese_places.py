"""Chinese addresses with a house number.

One is found from its house number: a road or an estate must end right before it, perhaps with a part of it between
(B区, 3期); from there the name is followed to the left up to a word that is no place, and the parts of the building to
the right. A building with stairs and flat (2栋1单元1101) needs no name. A block of an estate without a name (小区12栋)
is nobody's address. All patterns are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import GONE, Form, Found, Kind

_NUMBER = "(?:[0-9]{1,5}|[一二三四五六七八九十百零〇两]{1,5})(?:[-之][0-9]{1,4})?[A-Za-z]?"
_LETTERED = "[A-Za-z][0-9]{0,2}(?:-[A-Za-z0-9]{1,2})?"
_BLOCK = "号院|号楼|#楼?|栋|幢"
_UNIT = "(?:号院|号楼|号|#楼|栋|幢|座|塔|单元|弄|组(?!团)|室|楼|层|户|房|门|巷)"
_ROOM = r"[0-9]{1,2}-[0-9]{3,4}"
_EDGE = f"(?![0-9A-Za-z{GONE}])"
_HOUSE = re.compile(
    rf"第?[甲乙丙丁]?{_NUMBER}(?:号院|号楼|号(?!线|地铁|口|出口|文件|令)|(?<=[0-9])#(?=楼|[0-9]|$|[^\w{GONE}])|栋|幢|(?<=[0-9A-Za-z])座|单元|弄|组(?!团))"
    rf"|(?<![A-Za-z0-9{GONE}]){_LETTERED}[栋幢座塔]|(?<![0-9{GONE}-])[0-9]{{1,3}}-{_ROOM}(?![0-9-])"
)
_WHOLE = re.compile(
    rf"(?<![0-9A-Za-z{GONE}])[0-9]{{1,3}}(?:(?:号楼|栋|幢|#楼?)[ ,]?[0-9]{{1,2}}单元"
    rf"[ ,]?(?:[0-9]{{1,2}}[楼层])?[0-9]{{3,4}}|#楼?-?{_ROOM}){_EDGE}[室号]?"
)
"""A building, its stairs and a flat."""
_GAP = r"[^\W\d_的了我你他她在是有买发收送到来去没不就都要说被把给和天日月年点块元个次多说第]"
_BUILDING = "(?:大厦|广场|公寓|中心|大楼|花园|小区|[苑城府湾])"
_MORE = re.compile(
    rf"[ ,]?(?:{_GAP}{{0,12}}[ ]?(?:{_NUMBER}{_UNIT}|{_LETTERED}[栋幢座塔])"
    rf"|(?<=[元栋幢楼座号门塔层#]) ?(?:[0-9]{{3,4}}|{_ROOM}){_EDGE}"
    rf"|(?:(?<=[元栋幢楼座号])-?|{_GAP}{{0,8}}{_BUILDING})"
    rf"[A-Za-z]?[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{0,3}}室?{_EDGE})"
)
_SIDE = "[东西南北中]?(?:[一二三四五六七八九]?段)?$"
_SURE = re.compile(f"(?:大道|大街|胡同|小区|花园|公寓|家园|大厦|新村|名苑|[一-龥](?:路|街|巷|弄|苑)){_SIDE}")
_LIKELY = re.compile(f"[一-龥](?:道|里|村|镇|城|府|庭|园|湾|院|社区|广场|中心|坊|郡|墅|邸|乡|县|区){_SIDE}")
_PART = re.compile(r"第?(?:[A-Za-z0-9]{1,2}|[一二三四五六七八九十东西南北中])(?:区|期|地块|组团)$")
"""A part of an estate between its name and the house."""
_NO_ROAD = re.compile("(?:套|思|走|线|网|电|出|一|半|上|公|铁|速|的|条|道|马|同|迷|逛|个|这|那)(?:路|街)$")
_NAMELESS = re.compile(
    "(?:这|那|此|该|本|某|咱|俺|家|一|两|几|个|整|全|老|新|旧|同|隔壁|安置|回迁|封闭|居民|住宅|城市|商业|自己|各|多|里|上|等|很|城区)*"
    "(?:小区|社区|花园|公寓|家园|大厦|新村|广场|中心|城|园|院|区|村|镇|里|道)$"
)
"""A place that has a kind and no name."""
_STOP = frozenset("诉在住址寄送是的我你们他她了去来到请把给位抵于往不还知说从经对")
_NO_ESTATE = frozenset("且售及和与的省市县")
_REACH = 28
_MOST_PARTS = 6
_COMMON = frozenset("号")
_FLAT = re.compile("[栋幢楼元座号-][0-9]{3,4}[室户房号]?$")
_ESTATE = re.compile("(?:小区|公寓|社区|新村|大厦|[一-龥][园苑府庭湾])$")
_DAY = re.compile("(?:0?[1-9]|[12][0-9]|3[01])-(?:0?[1-9]|[12][0-9]|3[01])-(?:19|20)[0-9]{2}")
_DASHED = re.compile(rf"[0-9]{{1,3}}-{_ROOM}")


def chinese_places(plain: str) -> Iterator[Found]:
    """Chinese addresses.

    >>> [found[3] for found in chinese_places("我住在朝阳区建国路88号3号楼1203室，小区12栋没电")]
    ['朝阳区建国路88号3号楼1203室']
    """
    done = 0
    for house in _HOUSE.finditer(plain):
        if house.start() >= done and (span := _place(plain, house, done)):
            done = span[1]
            yield *span, Kind.ADDRESS, plain_address(plain[slice(*span)])


def plain_address(value: str) -> str:
    """An address without blanks and stops, in small letters."""
    return re.sub(r"[\s,.]", "", value).lower()


def _place(plain: str, house: re.Match[str], done: int) -> tuple[int, int] | None:
    """Where the address around this house number begins and ends, if it is one."""
    place = house.start()
    while place > done and plain[place - 1] == " ":
        place -= 1
    part = _PART.search(plain, max(done, place - 5), place)
    if part and not _is_estate(plain[max(done, part.start() - 2) : part.start()]):
        part = None
    named = part.start() if part else place
    before = plain[max(done, named - 8) : named]
    whole = _WHOLE.match(plain, house.start())
    sure, likely = _SURE.search(before), _LIKELY.search(before)
    if _NO_ROAD.search(before) or not (sure or likely or part):
        return (_left(plain, place, done) if before else place, whole.end()) if whole else None
    end, parts = house.end(), 1
    while parts < _MOST_PARTS and (more := _MORE.match(plain, end)):
        end, parts = more.end(), parts + 1
    if _DASHED.fullmatch(house[0]):
        if not _ESTATE.search(before) or _DAY.fullmatch(house[0]):
            return None
    elif parts == 1 and not _stands_alone(house[0], bool(sure)):
        return None
    start = _left(plain, named, done)
    if _NAMELESS.fullmatch(plain[start:named]) and not _FLAT.search(plain, named, end):
        return None
    return (start, end) if place - start >= 2 else None


def _stands_alone(house: str, sure: bool) -> bool:
    """Whether a number without further parts is a house: 5号 may be a day, and A座 a seat."""
    if house[0].isascii() and house[0].isalpha():
        return False
    if house[-1] in _COMMON:
        return sure or re.match("第?[甲乙丙丁]?[0-9]{3,}", house) is not None
    return sure if house[-1] == "#" else True


def _is_estate(before: str) -> bool:
    """Whether these two characters can end the name of an estate that has parts."""
    return (
        len(before) == 2 and all(map(_is_han, before)) and _NO_ESTATE.isdisjoint(before[1]) and _STOP.isdisjoint(before)
    )


def _left(plain: str, place: int, done: int) -> int:
    """How far the name of the place goes to the left."""
    start = place
    while start > max(done, place - _REACH) and _is_han(plain[start - 1]) and plain[start - 1] not in _STOP:
        start -= 1
    return start


def _is_han(char: str) -> bool:
    return "\u4e00" <= char[:1] <= "\u9fff"


CHINESE_PLACES = (
    Form(
        chinese_places,
        ("号", "栋", "幢", "座", "单元", "弄", "组", "塔", *(f"{figure}#" for figure in range(10))),
    ),
    Form(chinese_places, ("小区", "花园", "公寓", "家园", "新村", "社区", "大厦", *"苑园府庭湾"), digits=5),
)
"""The forms: with a sign behind the number, and with dashes (幸福小区5-3-201)."""
