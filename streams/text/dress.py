"""What stands in a text and says nothing in any language: links, @names, masks, and marks in brackets such as [怒].

Language and signature leave all of it out; the model of sentiment keeps the marks, which are evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.text.sheet import GAP, Flags, Sheet, spans

_LINK = r"https?://[!-~]{1,2000}|www\.[!-~]{1,2000}"
_NAME = r"@[\w-]{1,40}"
_MASK = r"\[[^\[\]]{1,8}#[0-9a-f]{6}\]"
_MARK = rf"\[[^\[\]{GAP}]{{1,16}}\]"
UNSAID = re.compile(f"{_LINK}|{_NAME}|{_MASK}".replace("[^", f"[^{GAP}"))
"""Links, @names and masks, in a normalised text."""
_DRESS = re.compile(f"{UNSAID.pattern}|({_MARK})")


@dataclass(frozen=True, slots=True)
class Dress:
    """By place of a sheet: what is left out."""

    unsaid: Flags
    """Links, @names, masks."""
    every: Flags
    """Those, and the marks in brackets."""


def dress(normals: Sheet) -> Dress:
    """What of some normalised texts is left out.

    >>> from streams.text.sheet import lay
    >>> found = dress(lay(["@united 好[怒]", "[电话#3f9a1c]!"]))
    >>> found.unsaid.sum(), found.every.sum()
    (np.int64(18), np.int64(21))
    """
    whole = normals.whole
    dressed = "@" in whole or "[" in whole or "://" in whole or "www." in whole
    found = [(one.lastindex, one.span()) for one in _DRESS.finditer(whole)] if dressed else []
    unsaid = spans(normals.codes, [span for mark, span in found if not mark])
    marks = [span for mark, span in found if mark]
    return Dress(unsaid, unsaid | spans(normals.codes, marks) if marks else unsaid)
