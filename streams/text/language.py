"""Which language a text is in, judged by script alone: Chinese, English, both, or something else.

Part of reading; the result goes into ``Reading.lang``. Latin script counts as English: telling English from Spanish
needs words, not script. Kana, Hangul, Cyrillic and the rest count as other.
"""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh", "en", "mixed", "other"]

_NOT_SAID = re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}|@[\w-]{1,40}|\[[^\[\]]{1,16}\]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]+")
_LATIN_WORD = re.compile("[a-zA-Z\u00c0-\u024f]+")
_FOREIGN = re.compile("[\u0370-\u1fff\u3040-\u30ff\u31f0-\u31ff\ua000-\uabff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff]")
_WORD_IN_HAN = 1.6
"""An English word says about as much as this many Chinese characters."""
_MIXED_FROM, _MIXED_TO = 0.3, 0.7
"""A share of Chinese between these two makes a text mixed."""


def language(text: str) -> Language:
    """``zh``, ``en``, ``mixed`` or ``other``; links, @names and marks in brackets say nothing.

    >>> [language(one) for one in ("物流太慢了", "where is my bag", "客服 never picks up the phone 三天了", "12 :)")]
    ['zh', 'en', 'mixed', 'other']
    >>> language("我的iPhone坏了"), language("これはひどいです")
    ('zh', 'other')
    """
    if text.isascii():
        return "en" if _LATIN_WORD.search(_said(text)) else "other"
    said = _said(text)
    han = sum(map(len, _HAN.findall(said)))
    words = len(_LATIN_WORD.findall(said)) * _WORD_IN_HAN
    foreign = len(_FOREIGN.findall(said)) if _FOREIGN.search(said) else 0
    if foreign > 0.5 * words + 0.25 * han or han + words == 0:
        return "other"
    share = han / (han + words)
    if share >= _MIXED_TO:
        return "zh"
    return "mixed" if share > _MIXED_FROM else "en"


def _said(text: str) -> str:
    """``text`` without what stands in it in any language."""
    if "@" in text or "://" in text or "www." in text or "[" in text:
        return _NOT_SAID.sub(" ", text)
    return text
