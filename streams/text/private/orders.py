"""Order numbers, waybills and booking codes: only behind their cue ("单号", "order number", "快递", "PNR").

A code alone says nothing ("20190001"). All parts of the patterns are bounded and have no nested repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.cued import EDGE, FRONT, LINKING, finder, is_counted, is_other
from streams.text.private.kinds import Form, Found, Kind

_VALUE = "[A-Z0-9][A-Z0-9-]{4,38}[A-Z0-9]|[0-9]{3,6}(?: [0-9]{3,6}){1,5}"
"""In one piece or in groups of digits; never the beginning of a longer row of groups."""

_ORDER = re.compile(
    r"(?:(?:订单|运单|工单|保单|快递单|退货单|退款单|服务单|物流单)(?:编?号码?|\s?id)?"
    r"|(?:投诉|案件|受理|交易|流水|预订|预定|会员|合同|退款|服务|客票|机票|物流|快递|订座|票)(?:单?编?号码?)"
    r"|单号|凭证号)" + LINKING + rf"(?P<value>{_VALUE}){EDGE}(?! [0-9]{{3}})",
    re.IGNORECASE,
)
_CARRIERS = "快递|快运|速运|中通|圆通|申通|韵达|顺丰|极兔|百世|京东物流|德邦|邮政"
_WAYBILL = re.compile(
    rf"(?:{_CARRIERS}|{FRONT}(?:ems|fedex|ups|dhl|usps)(?![a-z]))(?:快递|速递|物流|包裹|快件)?{LINKING}"
    rf"(?P<value>[A-Z]{{0,3}}[0-9]{{9,20}}(?:[A-Z]{{2}})?){EDGE}",
    re.IGNORECASE,
)
_CONFIRMED = r"(?:\s(?:reference|ref|tracking|order|confirmation|record))?\.?"
_FOREIGN = re.compile(
    rf"{FRONT}(?P<cue>order|booking|reservation|confirmation|tracking|ticket|case|reference|ref|claim|invoice"
    r"|transaction|complaint|record|pnr|e-ticket|shipment|waybill|parcel)"
    rf"(?P<named>{_CONFIRMED}(?:\s?(?:number|num\b|no\b\.?|code|id\b|locator|#))?)"
    + LINKING
    + rf"(?P<value>{_VALUE}){EDGE}(?! [0-9]{{3}})",
    re.IGNORECASE,
)
_CODE = re.compile("[0-9]|[A-Z]{6}")
_NAMED = re.compile("[号:#是为]|码|id", re.IGNORECASE)
_CODED = frozenset({"record", "pnr", "confirmation", "booking", "reservation"})
"""Cues that may be followed by six capital letters."""


def _is_order(found: re.Match[str]) -> bool:
    """Five digits, no date; right after "订单" alone a longer one, because numbers and years may follow it too."""
    value = found["value"]
    figures = sum(map(str.isdigit, value))
    if figures < 5 or is_other(value):
        return False
    return figures >= 9 or _NAMED.search(found[0][: found.start("value") - found.start()]) is not None


def _is_waybill(found: re.Match[str]) -> bool:
    return not is_other(found["value"])


def _is_foreign(found: re.Match[str]) -> bool:
    """Five digits, which count nothing; after "number" or "#" one; six capitals or digits after a booking's cue."""
    value = found["value"]
    figures = sum(map(str.isdigit, value))
    if is_other(value):
        return False
    named = found["named"] or "#" in found[0][: found.start("value") - found.start()]
    if figures >= 5 and not named and is_counted(found):
        return False
    if figures >= 5 or figures and named:
        return figures >= 5 or value.upper() == value or figures >= 3
    coded = len(value) == 6 and value.isalnum() and value.isupper() and (figures or not found["cue"].isupper())
    return bool(coded) and found["cue"].lower() in _CODED


_find_foreign = finder(Kind.ORDER, _FOREIGN, _is_foreign)


def _foreign(plain: str) -> Iterator[Found]:
    """Most texts that order or call something have neither a digit nor six capitals, and are not searched."""
    return _find_foreign(plain) if _CODE.search(plain) else iter(())


_CUES = (
    "订单 运单 工单 保单 快递单 退货单 退款单 服务单 物流单 单号 票号 编号 号码 凭证号 投诉号 案件号 "
    "受理号 交易号 流水号 "
    "预订号 预定号 会员号 合同号 退款号 服务号 客票号 机票号 物流号 快递号 订座号"
)
_FOREIGN_CUES = (
    "order booking reservation confirmation tracking ticket case reference ref claim invoice transaction"
    " complaint record pnr shipment waybill parcel"
)
ORDERS = (
    Form(finder(Kind.ORDER, _ORDER, _is_order), tuple(_CUES.split())),
    Form(
        finder(Kind.ORDER, _WAYBILL, _is_waybill), (*_CARRIERS.split("|"), *"ems fedex ups dhl usps".split()), digits=7
    ),
    Form(_foreign, tuple(_FOREIGN_CUES.split()), digits=0),
)
"""They come before plain digits, or the mobile number inside a long one would be taken."""
