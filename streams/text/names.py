"""Leaves names out of what is judged: the 快 in 快鹿外卖 is no praise, the "great" in Great Western is none.

Part of reading; the names are those of the subjects and their aliases, as the settings give them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from streams.text.normal import normalise
from streams.text.scan import Scanner
from streams.text.sheet import Sheet, lay, spans


class NameBlank:
    """Puts blanks where a name stands; Latin names hold at word boundaries only.

    >>> NameBlank(["快鹿外卖", "Best Buy"]).blank("快鹿外卖送得快, best buyer at best buy")
    '    送得快, best buyer at         '
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = tuple(sorted({normalise(name).strip() for name in names} - {""}))
        self._scanner = Scanner(self.names) if self.names else None

    def blank(self, normal: str) -> str:
        """A normalised text with its names blanked, of the same length."""
        return self.blanked(lay([normal])).texts()[0]

    def blanked(self, normals: Sheet) -> Sheet:
        """The same for many; the same object when there are none."""
        if self._scanner is None:
            return normals
        rows = zip(normals.starts.tolist(), self._scanner.hits_of(normals), strict=True)
        found = [(at + start - 1, at + end - 1) for at, hits in rows for _, start, end in hits]
        if not found:
            return normals
        return normals.with_codes(np.where(spans(normals.codes, found), np.uint32(0x20), normals.codes))
