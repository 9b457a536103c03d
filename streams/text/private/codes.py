"""What a word before it gives away: WeChat and QQ ids, passports, order numbers, local phones; and number plates.

A code alone says nothing ("20190001"), so each form but the plate and the Chinese passport needs its cue ("单号",
"order number"). All parts of the patterns are bounded and have no nested repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from streams.text.numbers import bank_card, id_card
from streams.text.private.kinds import GONE, Finder, Form, Found, Kind

_EDGE = f"(?![A-Za-z0-9{GONE}])"
_FRONT = f"(?<![A-Za-z0-9{GONE}])"
_LINKING = r"(?:[\s:#'\"(]|就是|是|为|这个|我的|is\b|was\b|->|=){0,5}"
"""What stands between a cue and its value."""

_CODE_VALUE = "[A-Z0-9][A-Z0-9-]{4,38}[A-Z0-9]|[0-9]{3,6}(?: [0-9]{3,6}){1,5}"
"""An order number, in one piece or in groups of digits; never the beginning of a longer row of groups."""

_WECHAT = re.compile(
    rf"(?:微信|薇信|威信|[Vv]信|[加+]v(?=[\s:号])|{_FRONT}(?:weixin|wechat|we chat|[vw]x(?=[\s:号])))"
    rf"(?P<named>[\s]?(?:号码?|账号|帐号|id\b|account|number|name))?(?P<link>{_LINKING})(?:加|叫|添加|搜)?\s?"
    rf"(?P<value>[a-z][a-z0-9_-]{{5,19}}|[1-9][0-9]{{4,10}})(?![a-z0-9_{GONE}-])",
    re.IGNORECASE,
)
_QQ = re.compile(
    rf"(?:{_FRONT}QQ|扣扣|企鹅|{_FRONT}Q(?=号))(?:群号?|号码?|账号)?(?:\s?(?:number|account|id))?{_LINKING}\s?"
    rf"(?P<value>[1-9][0-9]{{4,10}}){_EDGE}",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|passport)(?:证件)?(?:号码?|编号)?(?:\s?(?:number|num|no\b\.?|id\b))?"
    + _LINKING
    + rf"(?P<value>[A-Z]{{0,3}}[ -]?[0-9]{{3,4}}[ -]?[0-9]{{3,5}}[A-Z]?){_EDGE}",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    rf"{_FRONT}(?:ssn|social security(?: number| no\b\.?)?){_LINKING}"
    rf"(?P<value>[0-9]{{3}}[ -]?[0-9]{{2}}[ -]?[0-9]{{4}}){_EDGE}",
    re.IGNORECASE,
)
_CHINESE_PASSPORT = re.compile(rf"{_FRONT}(?:[EGeg][0-9]{{8}}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{{7}}){_EDGE}")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][\s]?[A-HJ-NP-Za-hj-np-z][\s·.-]?"
    rf"(?P<rest>[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}|[A-HJ-NP-Za-hj-np-z0-9]{{4}}[学挂警港澳领]){_EDGE}"
)
_FOREIGN_PLATE = re.compile(
    rf"{_FRONT}(?:licen[sc]e|number|registration|car|vehicle) plates?(?: number| no\b\.?)?{_LINKING}"
    rf"(?P<value>[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{2,5}}){_EDGE}",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:(?:订单|运单|工单|保单|快递单|退货单|退款单|服务单|物流单)(?:编?号码?|\s?id)?"
    r"|(?:投诉|案件|受理|交易|流水|预订|预定|会员|合同|退款|服务|客票|机票|物流|快递|订座|票)(?:单?编?号码?)"
    r"|单号|凭证号)" + _LINKING + rf"(?P<value>{_CODE_VALUE}){_EDGE}(?! [0-9]{{3}})",
    re.IGNORECASE,
)
_FOREIGN_ORDER = re.compile(
    rf"{_FRONT}(?P<cue>order|booking|reservation|confirmation|tracking|ticket|case|reference|ref|claim|invoice"
    r"|transaction|complaint|record|pnr|e-ticket|shipment|waybill|parcel)"
    r"(?P<named>(?:\s(?:reference|ref|tracking|order|confirmation|record))?\.?(?:\s?(?:number|num\b|no\b\.?|code|id\b|locator|#))?)"
    + _LINKING
    + rf"(?P<value>{_CODE_VALUE}){_EDGE}(?! [0-9]{{3}})",
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(
    rf"(?:电话|手机|联系方式|座机|固话|{_FRONT}(?:tel|phone|telephone|cell|mobile|call me|reach me|text me|call))"
    r"(?:号码?)?(?:\s?(?:number|no\b\.?|at\b|on\b))?"
    + _LINKING
    + rf"(?P<value>[2-9][0-9]{{9}}|[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}){_EDGE}",
    re.IGNORECASE,
)
PLATE_DIGITS = 3
"""A Chinese number plate has so many digits at least."""
_DATE = re.compile(r"(?:19|20)[0-9]{2}-?(?:0?[1-9]|1[0-2])-?(?:0?[1-9]|[12][0-9]|3[01])")
_CODE = re.compile("[0-9]|[A-Z]{6}")
_MOBILE = re.compile("1[3-9][0-9]{9}")
_NAMED = re.compile("[号:#是为]|码|id", re.IGNORECASE)
_HOTLINE = re.compile("[48]00")
_BETWEEN = re.compile(r"[\s·.-]")
_CODED = frozenset({"record", "pnr", "confirmation", "booking", "reservation"})
"""Cues that may be followed by six capital letters."""


def codes(plain: str) -> Iterator[Found]:
    """Codes with a cue, and plates; each form one after the other.

    >>> [(found[2].name, found[3]) for found in codes("微信号: abc_123, 订单号 A-2019-00017, 京A·12345")]
    [('ORDER', 'a201900017'), ('WECHAT', 'abc_123'), ('PLATE', '京a12345')]
    """
    for find in (*(form.find for form in (*ORDERS, *FORMS)), *UNCUED):
        yield from find(plain)


def _always(found: re.Match[str]) -> bool:
    return True


def _is_wechat(found: re.Match[str]) -> bool:
    """An id, not the next word: it holds a digit or line, or follows "号" or a colon and is no English sentence."""
    value = found["value"]
    if any(char.isdigit() or char in "_-" for char in value):
        return value[0].isdigit() or any(char.isdigit() or char == "_" for char in value) or ":" in found["link"]
    return bool(found["named"]) and "号" in found["named"] or ":" in found["link"]


def _is_order(found: re.Match[str]) -> bool:
    """Five digits, no date; right after "订单" alone a longer one, because numbers and years may follow it too."""
    value = found["value"]
    figures = sum(map(str.isdigit, value))
    if figures < 5 or _is_other(value):
        return False
    return figures >= 9 or _NAMED.search(found[0][: found.start("value") - found.start()]) is not None


def _is_other(value: str) -> bool:
    """A date, or a number that is private by itself and has its own mask wherever it stands."""
    if _DATE.fullmatch(value):
        return True
    bare = value.replace("-", "").replace(" ", "")
    if not bare[:-1].isdigit():
        return False
    whole = id_card(bare[:-1], bare[-1]) if bare[-1] in "xX" else id_card(bare)
    return bool(_MOBILE.fullmatch(bare) or whole or bare.isdigit() and bank_card(bare))


def _is_foreign_order(found: re.Match[str]) -> bool:
    """Five digits; after "number" or "#" one; six capital letters after a booking's cue."""
    value = found["value"]
    figures = sum(map(str.isdigit, value))
    if _is_other(value):
        return False
    named = found["named"] or "#" in found[0][: found.start("value") - found.start()]
    if figures >= 5 or figures and named:
        return figures >= 5 or value.upper() == value or figures >= 3
    coded = len(value) == 6 and value.isalpha() and value.isupper() and not found["cue"].isupper()
    return coded and found["cue"].lower() in _CODED


def _is_plate(found: re.Match[str]) -> bool:
    return sum(map(str.isdigit, found["rest"])) >= PLATE_DIGITS


def _is_foreign_plate(found: re.Match[str]) -> bool:
    value = found["value"]
    return sum(map(str.isdigit, value)) >= 2 and len(value) >= 5


def _is_local_phone(found: re.Match[str]) -> bool:
    return not _DATE.fullmatch(found["value"]) and not _HOTLINE.match(found["value"])


def _finder(kind: Kind, pattern: re.Pattern[str], holds: Callable[[re.Match[str]], bool]) -> Finder:
    """Finds what ``pattern`` matches and ``holds`` confirms; the value is its group of that name, or all of it."""
    group = "value" if "value" in pattern.groupindex else 0

    def find(plain: str) -> Iterator[Found]:
        for found in pattern.finditer(plain):
            if holds(found):
                yield *found.span(group), kind, _BETWEEN.sub("", found[group]).lower()

    return find


_find_foreign_orders = _finder(Kind.ORDER, _FOREIGN_ORDER, _is_foreign_order)


def _foreign_orders(plain: str) -> Iterator[Found]:
    """Most texts that order or call something have neither a digit nor six capitals, and are not searched."""
    return _find_foreign_orders(plain) if _CODE.search(plain) else iter(())


ORDERS = (
    Form(
        _finder(Kind.ORDER, _ORDER, _is_order),
        (
            "订单",
            "运单",
            "工单",
            "保单",
            "快递单",
            "退货单",
            "退款单",
            "服务单",
            "物流单",
            "单号",
            "票号",
            "编号",
            "号码",
            "凭证号",
        )
        + tuple(
            f"{one}号"
            for one in "投诉 案件 受理 交易 流水 预订 预定 会员 合同 退款 服务 客票 机票 物流 快递 订座".split()
        ),
    ),
    Form(
        _foreign_orders,
        tuple("order booking reservation confirmation tracking ticket case reference ref claim invoice".split())
        + tuple("transaction complaint record pnr shipment waybill parcel".split()),
        digits=0,
    ),
)
"""Order numbers: they come before plain digits, or the mobile number inside a long one would be taken."""

FORMS = (
    Form(
        _finder(Kind.WECHAT, _WECHAT, _is_wechat),
        ("微信", "薇信", "威信", "v信", "weixin", "wechat", "we chat", "vx", "wx", "加v", "+v"),
        digits=0,
    ),
    Form(_finder(Kind.QQ, _QQ, _always), ("qq", "扣扣", "企鹅", "q号"), digits=5),
    Form(_finder(Kind.PASSPORT, _PASSPORT, _always), ("护照", "通行证", "passport"), digits=5),
    Form(
        _finder(Kind.PHONE, _LOCAL_PHONE, _is_local_phone),
        ("电话", "手机", "联系方式", "座机", "固话", "tel", "phone", "cell", "mobile", "call", "reach me", "text me"),
        digits=7,
    ),
    Form(_finder(Kind.ID_CARD, _SOCIAL, _always), ("ssn", "social security"), digits=5),
    Form(_finder(Kind.PLATE, _FOREIGN_PLATE, _is_foreign_plate), ("plate",)),
)
"""The forms with a cue."""

UNCUED = (
    _finder(Kind.PASSPORT, _CHINESE_PASSPORT, _always),
    _finder(Kind.PLATE, _PLATE, _is_plate),
)
"""The forms without one; they need digits."""
