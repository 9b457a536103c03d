"""One spelling for all: the text that the lexicons, the subjects and the signature look at.

First step of reading. Letters are case-folded, full-width letters and digits become half-width, traditional
characters simplified ones, typographic apostrophes plain ones, runs of blanks one blank. Punctuation and emoji stay:
they are evidence. Each step is skipped when a quick look shows that there is nothing to do.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_ODD = re.compile("[Ａ-Ｚａ-ｚ０-９＇＠＃\u3000’‘`´\ud800-\udfff]")
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20} | dict.fromkeys(map(ord, "’‘`´"), 0x27)
)
_BLANKS = re.compile(r"[ \t\xa0]{2,}|[\t\xa0]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """The common spelling of ``text``; takes time proportional to its length and never raises.

    A lone surrogate, which no file can hold, becomes a question mark.

    >>> normalise("ＡＢＣ  Don’t 聯絡客服！")
    "abc don't 联络客服!"
    """
    folded = text.casefold()
    if not folded.isascii():
        if _ODD.search(folded):
            folded = _SURROGATES.sub("?", folded.translate(_PLAIN)).casefold()
        traditional, table = simplified()
        if not traditional.isdisjoint(folded):
            folded = folded.translate(table)
    if "  " in folded or "\t" in folded or "\xa0" in folded:
        return _BLANKS.sub(" ", folded)
    return folded


@cache
def simplified() -> tuple[frozenset[str], dict[int, str]]:
    """The traditional characters of OpenCC's table, and what each becomes (a set is faster here than a pattern)."""
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    becomes = {}
    for old, choices in pairs:
        new = choices.split(" ")[0]
        if len(old) == 1 and len(new) == 1 and old != new:
            becomes[ord(old)] = new
    return frozenset(map(chr, becomes)), becomes
