"""Phone numbers that need a cue or are written to deceive: local ones, Chinese numerals, odd signs between.

A local number ("66668888") is one only behind its cue. Eleven numerals 一三八… are a mobile number wherever they stand.
A mobile number in groups of 3, 4 and 4 with other signs than blanks and dashes (139/0013/9000) needs a cue before it or
a group that begins with 0: three prices or sizes look alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.cued import EDGE, FRONT, LINKING, before_unit, finder, is_date
from streams.text.private.kinds import GONE, Form, Found, Kind

_LOCAL = re.compile(
    r"(?:(?:电话|手机|联系方式|座机|固话|致电|拨打|电联|打我?(?= ?[2-9]))(?:号码?)?"
    rf"|{FRONT}(?:tel|phone|telephone|cell|mobile|whatsapp|call me|reach me|text me|call)"
    r"(?:\s?(?:number|no\b\.?|at\b|on\b))?)"
    + LINKING
    + r"(?P<value>[2-9][0-9]{9}|[2-9][0-9]{2,3}[ -]?[0-9]{4}|0[0-9](?:[ .-]?[0-9]){7,9})"
    + rf"{EDGE}",
    re.IGNORECASE,
)
_HOTLINE = re.compile("0?[48]00|0[0-9]{2,3}[ -]?1[0-9]{4}$")
_LOCAL_CUES = (
    *"电话 手机 联系方式 座机 固话 致电 拨打 电联 tel phone cell mobile call whatsapp".split(),
    *("reach me", "text me"),
    *(f"打{between}{first}" for between in ("", " ", "我", "我 ") for first in range(2, 10)),
)

_CHINESE = {"一": "一幺壹①", "零": "零〇○⓪"} | {
    one[0]: one for one in ("二贰②", "三叁参③", "四肆④", "五伍⑤", "六陆⑥", "七柒⑦", "八捌⑧", "九玖⑨")
}
_FIGURES = {char: str("零一二三四五六七八九".index(one)) for one, chars in _CHINESE.items() for char in chars}
_ANY = f"[{''.join(_FIGURES)}]"
_FIRST, _SECOND = _CHINESE["一"], "".join(_CHINESE[one] for one in "三四五六七八九")
_NUMERALS = re.compile(
    rf"(?<!{_ANY})[{_FIRST}][{_SECOND}](?:[ -]?{_ANY}){{9}}(?![ -]?(?:(?!一[直个次下天般共]){_ANY}))"
)
_NOT_BEFORE, _NOT_AFTER = rf"(?<![0-9{GONE}])", rf"(?![0-9{GONE}])"
_ODD = re.compile(
    rf"{_NOT_BEFORE}1[3-9][0-9](?P<sign>(?:[^\w\s{GONE}]|_){{1,2}})(?P<middle>[0-9]{{4}})(?P=sign)(?P<last>[0-9]{{4}}){_NOT_AFTER}"
)
_PAIRS = re.compile(rf"{_NOT_BEFORE}1[3-9][0-9](?P<sign>[ .-])[0-9]{{2}}(?:(?P=sign)[0-9]{{2}}){{3}}{_NOT_AFTER}")
_RUNS_ON = re.compile(rf"{_NOT_BEFORE}1[3-9][0-9]{{9}}(?=[0-9]{{1,2}}(?:[次天遍个年月]|小时|分钟))")
_CALLED = re.compile(
    "电话|手机|号码|联系|打|拨|致电|电联|call|text|phone|tel|cell|mobile|number|whatsapp|reach", re.IGNORECASE
)
_NEAR = 16
ODD_DIGITS = 11
"""What is found without a cue has so many digits at least."""


def _is_local(found: re.Match[str]) -> bool:
    value = found["value"]
    return not (is_date(value) or _HOTLINE.match(value) or before_unit(found))


def spoken_phones(plain: str) -> Iterator[Found]:
    """Mobile numbers in Chinese numerals.

    >>> [found[3] for found in spoken_phones("打幺三八〇〇一三八〇〇〇找我，一三五七九")]
    ['+8613800138000']
    """
    for found in _NUMERALS.finditer(plain):
        yield *found.span(), Kind.PHONE, "+86" + "".join(_FIGURES.get(char, "") for char in found[0])


def odd_phones(plain: str) -> Iterator[Found]:
    """Mobile numbers between odd signs, in pairs, or with the next word's digits running on.

    >>> [found[3] for found in odd_phones("139_0013_9000, 价格139/1299/5999")]
    ['+8613900139000']
    """
    for pattern in (_ODD, _PAIRS, _RUNS_ON):
        for found in pattern.finditer(plain):
            if pattern is _RUNS_ON or _is_called(found):
                yield *found.span(), Kind.PHONE, "+86" + "".join(filter(str.isdecimal, found[0]))


def _is_called(found: re.Match[str]) -> bool:
    """Whether a cue stands before, or a group begins as no price does."""
    if found.re is _ODD and "0" in (found["middle"][0], found["last"][0]):
        return True
    return _CALLED.search(found.string, max(0, found.start() - _NEAR), found.start()) is not None


PHONES = (
    Form(finder(Kind.PHONE, _LOCAL, _is_local), _LOCAL_CUES, digits=7),
    Form(spoken_phones, tuple(first + second for first in _FIRST for second in _SECOND), digits=0),
)
"""The forms with a cue."""
