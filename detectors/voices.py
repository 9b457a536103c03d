"""Who is an independent voice: a text whose signature was heard lately is a copy, and counts as reach alone.

Memory is bounded: signatures age out after a day, and the oldest go first when there are too many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from contracts.panes import micros
from contracts.records import Evidence

DIMENSIONS = ("channel", "category", "region", "author_class")
"""Dimensions that an explanation splits the excess by."""
UNKNOWN = "unknown"


class Heard(NamedTuple):
    """What is kept of a voice: enough to explain a signal."""

    pane: int
    id: str
    ts: int
    """Microseconds since the epoch."""
    source: str
    dims: tuple[str, ...]
    """Values of :data:`DIMENSIONS`."""
    extra: tuple[tuple[str, str], ...]
    """Further dimensions that series may be made of."""
    sentiment: str
    heat: float
    reach: int
    signature: str
    keywords: tuple[str, ...]
    text: str
    author: str
    """Hash of who said it, or nothing."""
    case: str
    """Hash of the case, or nothing."""


def heard(pane: int, one: Evidence) -> Heard:
    """Evidence made small."""
    dims = tuple(getattr(one, name) or UNKNOWN for name in DIMENSIONS)
    extra = (("product", one.product or UNKNOWN), ("source", one.source))
    return Heard(
        pane, one.id, micros(one.ts), one.source, dims, extra, one.sentiment.value, one.heat, one.reach,
        one.signature, one.keywords[:12], one.text[:280], one.author or "", one.case_id or "",
    )  # fmt: skip


class Voices:
    """The latest independent voices of a brand, and the signatures heard lately.

    >>> voices = Voices(kept=10, signatures=100, panes=17_280)
    >>> voices.copy("", 1, 5), voices.copy("s", 1, 5), voices.copy("s", 2, 7), voices.copy("s", 20_000, 1)
    (False, False, True, False)
    """

    __slots__ = ("_kept", "_limit", "_panes", "_seen")

    def __init__(self, kept: int, signatures: int, panes: int) -> None:
        self._limit = signatures
        self._panes = panes
        self._seen: dict[str, tuple[int, int]] = {}
        self._kept: deque[Heard] = deque(maxlen=kept)

    def copy(self, signature: str, pane: int, reach: int) -> bool:
        """Whether a text with this signature is a copy; its reach is then added to the first one's."""
        if not signature:
            return False
        known = self._seen.get(signature)
        if known is not None and known[0] > pane - self._panes:
            self._seen[signature] = (known[0], known[1] + reach)
            return True
        self._seen.pop(signature, None)
        self._seen[signature] = (pane, 0)
        self._forget(pane)
        return False

    def keep(self, voice: Heard) -> None:
        """Remember a voice; the oldest gives way."""
        self._kept.append(voice)

    def since(self, pane: int) -> Iterator[Heard]:
        """Voices of ``pane`` and later that are still kept, the latest first."""
        for one in reversed(self._kept):
            if one.pane < pane:
                return
            yield one

    def reach(self, voice: Heard) -> int:
        """How many people a voice and its copies reached."""
        known = self._seen.get(voice.signature)
        return voice.reach + (known[1] if known is not None else 0)

    def _forget(self, pane: int) -> None:
        while self._seen:
            oldest = next(iter(self._seen))
            if len(self._seen) <= self._limit and self._seen[oldest][0] > pane - self._panes:
                return
            del self._seen[oldest]
