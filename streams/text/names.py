"""Leaves names out of what is judged: the 快 in 快鹿外卖 is no praise, the "great" in Great Western is none.

Part of reading; the names are those of the subjects and their aliases, as the settings give them.
"""

from __future__ import annotations

from collections.abc import Iterable

from streams.text.normal import normalise
from streams.text.scan import Scanner


class NameBlank:
    """Puts blanks where a name stands; Latin names hold at word boundaries only.

    >>> NameBlank(["快鹿外卖", "Best Buy"]).blank("快鹿外卖送得快, best buyer at best buy")
    '    送得快, best buyer at         '
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = tuple(sorted({normalise(name).strip() for name in names} - {""}))
        self._scanner = Scanner(self.names) if self.names else None

    def blank(self, normal: str) -> str:
        """A normalised text with its names blanked, of the same length; the same object when there are none."""
        if self._scanner is None:
            return normal
        found = self._scanner.hits(normal)
        if not found:
            return normal
        parts, at = [], 0
        for _, start, end in found:  # places count from a blank before the text
            parts += [normal[at : start - 1], " " * (end - start)]
            at = end - 1
        return "".join((*parts, normal[at:]))
