"""WeChat and QQ ids behind their cue, in the spellings by which people and sellers write it: 薇信, VX, 加V, 扣扣."""

from __future__ import annotations

import re

from streams.text.private.cued import EDGE, FRONT, LINKING, finder, is_date
from streams.text.private.kinds import GONE, Form, Kind

_PRODUCTS = "android|iphone|ipad|ios|windows|win[0-9]|mac|harmony|huawei|xiaomi|app|vip|version|ver[0-9.]|wifi|https?"
"""What begins like an id behind 微信 and is a thing that WeChat runs on."""
_CHARS = "a-z0-9_\\-"
_WECHAT = re.compile(
    rf"(?P<cue>微信|薇信|威信|徽信|微x|薇x|v信|[加+➕]我?的?(?:v(?!ip)x?|卫星)|卫星(?=号|\s?:)"
    rf"|(?<!/){FRONT}(?:weixin|wechat|we chat|[vw]x|v(?= ?:)))"
    rf"(?P<named>[\s]?(?:号码?|账号|帐号|id\b|account|number|name))?(?P<link>{LINKING})(?:加|叫|添加|搜)?\s?"
    rf"(?P<value>(?!{_PRODUCTS})[a-z][{_CHARS}]{{5,19}}|[1-9][0-9]{{4,10}})(?![{_CHARS}{GONE}])",
    re.IGNORECASE,
)
_QQ = re.compile(
    rf"(?:{FRONT}QQ|扣扣|企鹅|{FRONT}Q(?=号)|[加+➕]我?的?Q)(?:群号?|号码?|账号|私?聊|联系)?"
    rf"(?:\s?(?:number|account|id))?{LINKING}\s?(?P<value>[1-9][0-9]{{4,10}}){EDGE}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?= ?[a-z\u4e00-\u9fff])", re.IGNORECASE)
_NO_IDS = frozenset(
    "please thanks awesome amazing terrible horrible useless problem problems payment account customer service support"
    " update message messages transfer refund cannot working nothing always someone".split()
)


def _is_wechat(found: re.Match[str]) -> bool:
    """An id, not the next word: it holds a digit or line, or follows "号", or stands alone behind a colon."""
    value = found["value"]
    if any(char.isdigit() or char == "_" for char in value):
        return not _is_day(value)
    if found["cue"].lower() in ("v", "vx", "wx") or value.lower() in _NO_IDS:
        return False
    if found["named"] and ("号" in found["named"] or ":" in found["link"]):
        return True
    return ":" in found["link"] and not _SENTENCE.match(found.string, found.end("value"))


def _is_qq(found: re.Match[str]) -> bool:
    return not _is_day(found["value"])


def _is_day(value: str) -> bool:
    return len(value) == 8 and is_date(value)


ACCOUNTS = (
    Form(
        finder(Kind.WECHAT, _WECHAT, _is_wechat),
        (
            *"微信 薇信 威信 徽信 微x 薇x v信 卫星 weixin wechat vx wx 加v 加我v +v +我v ➕v ➕我v v: 的v".split(),
            "we chat",
            "v :",
        ),
        digits=0,
    ),
    Form(finder(Kind.QQ, _QQ, _is_qq), tuple("qq 扣扣 企鹅 q号 加q 加我q +q +我q ➕q ➕我q 的q".split()), digits=5),
)
"""The forms."""
