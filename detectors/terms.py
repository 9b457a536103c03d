"""What a text speaks of, as terms: the reader's keywords, hashtags, words in Latin letters, and pairs of characters.

Chinese is not written with spaces, and what is new stands in no dictionary: between characters that only hold a
sentence together, every two neighbours are a term; those of one matter are put together again for people to read.
Works on the masked excerpt; no language but Chinese and those of Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MOST = 64
"""Terms taken of one text."""
_DRESS = re.compile(r"https?://[!-~]+|www\.[!-~]+|@[\w-]+|\[[^\[\]]{1,16}\]|&\w{2,5};")
_TAG = re.compile(r"#\s*([^#\s]{2,24}(?: [^#\s]{1,24}){0,3})\s*#|#(\w{2,40})")
_WORD = re.compile(r"[a-z][a-z0-9'’]{3,29}")
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
GLUE = dict.fromkeys(
    map(
        ord,
        "的了是我你您他她它们在不也都就还又很太这那有没和与及或而但把被给让到从向对为以于之其此来去上下中里"
        "啊吧吗呢呀哦嘛么着过得地个一二三四五六七八九十百千万两几多少第每今明昨天日月年号点分时周元次人请要会能可想说",
    ),
    " ",
)
"""Characters that hold sentences together, count or date: they part terms."""
_COMMON = frozenset(
    """about after again all also always another anyone anything around away back because been before being best better
    bring call called came cannot can't come coming could couldn't didn't does doesn't doing don't done down each either
    else even ever every everyone everything find first from gave gets getting give given goes going gone good great
    guys hadn't hasn't have haven't having hello help here here's hour hours i've isn't it's just keep know last least
    left less let's like little long look looking made make makes making many maybe mean might minute minutes more most
    much must need never next nice nothing okay once only other over people please really right said same says seem
    seems should since some someone something soon still stop such sure take takes taking tell than thank thanks that
    that's their them then there there's these they they're thing things think this those though through till time
    today told tomorrow tonight took tried trying until very wait want wants wasn't week weeks well went were we're
    what what's when where which while will with without won't work would wouldn't yeah year years yesterday yet you'll
    your you're yours you've monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december morning afternoon evening night weekend days months""".split()
)

ASKING = frozenset(
    pair
    for phrase in (
        "希望有关相关部门领导尊敬书记市长局长县长政府市委您好请问咨询建议投诉反映举报恳请请求要求解决问题处理情况 "
        "加快建设力度步伐刻不容缓大力倡导重视大背景背景下 严重影响居民生活 业主小区 相关部门 有关部门 什么时候何时 "
        "作为不作为 客服人员服务态度 公司 谢谢 感谢 没有 现在 已经 一直 怎么 为什么"
    ).split()
    for pair in map("".join, zip(phrase, phrase[1:], strict=False))
)
"""Pairs with which people ask and complain whatever the matter is: they tell no matter from another."""


def terms_of(text: str, keywords: Sequence[str]) -> tuple[str, ...]:
    """The terms of a masked text, each once, in order.

    >>> terms_of("Battery exploded #hotphone @acme http://x.y", ("exploded",))
    ('exploded', '#hotphone', 'battery')
    >>> terms_of("我的电池突然爆炸了", ())
    ('电池', '池突', '突然', '然爆', '爆炸')
    """
    found = dict.fromkeys(keywords)
    plain = _DRESS.sub(" ", text.lower()) if _dressed(text) else text.lower()
    if "#" in plain:
        for one in _TAG.finditer(plain):
            found["#" + (one[1] or one[2])] = None
        plain = _TAG.sub(" ", plain)
    for word in _WORD.findall(plain):
        if word not in _COMMON:
            found[word] = None
    if not plain.isascii():
        for run in _HAN.findall(plain.translate(GLUE)):
            for place in range(len(run) - 1):
                found[run[place : place + 2]] = None
    return tuple(found) if len(found) <= MOST else tuple(found)[:MOST]


def joined(terms: Iterable[str]) -> tuple[str, ...]:
    """Terms as people read them: those that overlap by a character become one phrase, and what another holds goes.

    >>> joined(["爆炸", "池爆", "电池", "refund"])
    ('电池爆炸', 'refund')
    """
    left = list(dict.fromkeys(terms))
    grown = True
    while grown:
        grown = False
        for first in left:
            other = next((one for one in left if one != first and _follows(first, one)), None)
            if other is not None:
                left[min(left.index(first), left.index(other))] = first + other[1:]
                left = [one for one in left if one not in (first, other)]
                grown = True
                break
    return tuple(one for one in left if not any(one != other and one in other for other in left))


def _follows(first: str, other: str) -> bool:
    return first[-1] == other[0] and not first[-1].isascii() and len(first) + len(other) < 12


def _dressed(text: str) -> bool:
    return "@" in text or "[" in text or "&" in text or "://" in text or "www." in text
