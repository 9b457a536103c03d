"""Which language a text is in, judged by script and by common words: Chinese, English, both, or something else.

Part of reading; the result goes into ``Reading.lang``. Kana, Hangul, Cyrillic and the rest count as other. Latin script
counts as English unless the commonest words of other European languages, Malay or Vietnamese outnumber those of
English: a few words without any of them ("no baggage") are taken for English.
"""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh", "en", "mixed", "other"]

_NOT_SAID = re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}|@[\w-]{1,40}|\[[^\[\]]{1,16}\]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]+")
_LATIN_WORD = re.compile("[a-zA-Z\u00c0-\u024f]+")
_FOREIGN = re.compile("[\u0370-\u1fff\u3040-\u30ff\u31f0-\u31ff\ua000-\uabff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff]")
_ENGLISH = frozenset(
    "the and is to of my you it for was that this your with not are have but they be at we from can when what so if"
    " just our been will would why how get don't i'm has were all there please she he his her their after still"
    " never as other no only".split()
)
_ELSEWHERE = frozenset(
    "el los las que del por para una con muy pero como está esta este mi su más sin lo le les des est une dans pas vous"
    " je ne sur avec pour qui nous mais très il et au aux ce cette mon ma sont der und das ist nicht mit ich ein eine"
    " auf für den dem von zu wir sie es auch bei aber sehr wie che di non per è sono della il mio ho gli questo anche"
    " não um uma os com meu minha você foi muito het een niet van ik dat voor zijn op ook maar yang dan tidak untuk"
    " saya dengan ini itu och att det jag inte är på som för med bir ve bu için çok değil không tôi của và là nie się"
    " jest na do że".split()
) - {"an", "do", "on", "me", "no", "so", "in", "was", "den", "ma", "op", "dan", "van", "per", "non"}
"""The commonest words of Spanish, French, German, Italian, Portuguese, Dutch, Malay, Swedish, Turkish and others."""
_LEAST_FOREIGN = 2
_WORD_IN_HAN = 1.6
"""An English word says about as much as this many Chinese characters."""
_MIXED_FROM, _MIXED_TO = 0.3, 0.7
"""A share of Chinese between these two makes a text mixed."""


def language(text: str) -> Language:
    """``zh``, ``en``, ``mixed`` or ``other``; links, @names and marks in brackets say nothing.

    >>> [language(one) for one in ("物流太慢了", "where is my bag", "客服 never picks up the phone 三天了", "12 :)")]
    ['zh', 'en', 'mixed', 'other']
    >>> told = "我的iPhone坏了", "これはひどいです", "mi vuelo está cancelado y no hay información para los pasajeros"
    >>> tuple(language(one) for one in told)
    ('zh', 'other', 'other')
    """
    said = _said(text)
    if text.isascii():
        if not _LATIN_WORD.search(said):
            return "other"
        return "other" if _is_elsewhere(said) else "en"
    han = sum(map(len, _HAN.findall(said)))
    words = len(_LATIN_WORD.findall(said)) * _WORD_IN_HAN
    foreign = len(_FOREIGN.findall(said)) if _FOREIGN.search(said) else 0
    if foreign > 0.5 * words + 0.25 * han or han + words == 0:
        return "other"
    share = han / (han + words)
    if share >= _MIXED_TO:
        return "zh"
    if share > _MIXED_FROM:
        return "mixed"
    return "other" if not han and _is_elsewhere(said) else "en"


def _is_elsewhere(said: str) -> bool:
    """Whether words of other languages in Latin script outnumber the English ones."""
    words = said.casefold().split()
    foreign = len(_ELSEWHERE.intersection(words))
    return foreign >= _LEAST_FOREIGN and foreign > len(_ENGLISH.intersection(words))


def _said(text: str) -> str:
    """``text`` without what stands in it in any language."""
    if "@" in text or "://" in text or "www." in text or "[" in text:
        return _NOT_SAID.sub(" ", text)
    return text
