"""Which language a text is in, judged by script and by common words: Chinese, English, both, or something else.

Part of reading; the result goes into ``Reading.lang``. Kana, Hangul, Cyrillic and the rest count as other. Latin script
counts as English unless the commonest words of other European languages, Malay or Vietnamese outnumber those of
English: a few words without any of them ("no baggage") are taken for English.
"""

from __future__ import annotations

from functools import cache
from itertools import repeat
from typing import Literal

import numpy as np
import numpy.typing as npt

from streams.text.dress import dress
from streams.text.normal import normalised
from streams.text.sheet import Flags, Sheet, by_code

Language = Literal["zh", "en", "mixed", "other"]

_HAN, _LATIN, _FOREIGN = 1, 2, 4
_RANGES = {
    _HAN: ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2FA1F)),
    _LATIN: ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)),
    _FOREIGN: (
        (0x370, 0x1FFF), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0xA000, 0xABFF), (0xAC00, 0xD7AF), (0xFB1D, 0xFDFF),
        (0xFE70, 0xFEFF),
    ),
}  # fmt: skip
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
    normals = normalised([text])
    return languages(normals, dress(normals).every)[0]


def languages(normals: Sheet, unsaid: Flags) -> list[Language]:
    """The language of each of some normalised texts, in which ``unsaid`` says nothing."""
    scripts = _scripts()[normals.codes]
    scripts[unsaid] = 0
    latin = scripts == _LATIN
    opens = latin.copy()
    opens[1:] &= ~latin[:-1]
    han, words = normals.sums(scripts == _HAN).tolist(), normals.sums(opens).tolist()
    foreign = normals.sums(scripts == _FOREIGN).tolist()
    whole = normals.with_codes(np.where(unsaid, np.uint32(0x20), normals.codes)).whole
    starts, ends = normals.starts.tolist(), normals.ends.tolist()
    return list(map(_language, han, words, foreign, repeat(whole), starts, ends))


def _language(han: int, latin_words: int, foreign: int, whole: str, start: int, end: int) -> Language:
    """By the numbers of Chinese characters, Latin words and other letters, and what is said between two places."""
    words = latin_words * _WORD_IN_HAN
    if foreign > 0.5 * words + 0.25 * han or not han and not latin_words:
        return "other"
    share = han / (han + words)
    if share >= _MIXED_TO:
        return "zh"
    if share > _MIXED_FROM:
        return "mixed"
    return "other" if not han and latin_words >= _LEAST_FOREIGN and _is_elsewhere(whole[start:end]) else "en"


def _is_elsewhere(said: str) -> bool:
    """Whether words of other languages in Latin script outnumber the English ones."""
    words = said.split()
    foreign = len(_ELSEWHERE.intersection(words))
    return foreign >= _LEAST_FOREIGN and foreign > len(_ENGLISH.intersection(words))


@cache
def _scripts() -> npt.NDArray[np.uint8]:
    """The script of each code."""
    return by_code(_RANGES)
