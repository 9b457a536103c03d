"""Who is an independent voice: a near-copy of a text heard lately (:mod:`detectors.copies`) counts as reach alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from contracts.panes import micros
from contracts.records import Evidence
from detectors.clusters import Cluster
from detectors.copies import Copies

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
    matter: Cluster | None = None
    """What it speaks of, with others."""


def heard(pane: int, one: Evidence) -> Heard:
    """Evidence made small."""
    dims = tuple(getattr(one, name) or UNKNOWN for name in DIMENSIONS)
    extra = (("product", one.product or UNKNOWN), ("source", one.source))
    return Heard(
        pane, one.id, micros(one.ts), one.source, dims, extra, one.sentiment.value, one.heat, one.reach,
        one.signature, one.keywords[:12], one.text[:280], one.author or "", one.case_id or "",
    )  # fmt: skip


def sampled(name: str, share: float) -> bool:
    """Whether the mention of this id belongs to an even sample of so large a share; the same in every process.

    >>> sum(sampled(f"m{number}", 0.1) for number in range(10_000)) in range(900, 1_100)
    True
    """
    return crc32(name.encode()) < share * (1 << 32)


def thinned(usually: Callable[[int], float], share: float, buckets: int) -> float:
    """Voices that so many buckets usually hold, as a sample of so large a share counts them.

    >>> thinned(lambda buckets: 40.0 * buckets, 0.25, 3)
    30.0
    """
    return share * usually(buckets)


class Voices:
    """The latest independent voices of a brand, and what they copied.

    Parameters
    ----------
    kept
        Voices that are kept with their excerpt.
    texts
        Texts that are remembered to know copies by, for ``panes`` panes at most.
    """

    __slots__ = ("_copies", "_kept")

    def __init__(self, kept: int, texts: int, panes: int) -> None:
        self._copies = Copies(texts, panes)
        self._kept: deque[Heard] = deque(maxlen=kept)

    def copy_of(self, one: Evidence, pane: int) -> str | None:
        """The id of the mention that this one copies, if it does; its reach is then added to that one's."""
        original = self._copies.of(one.id, one.signature, one.text, pane, one.reach)
        return None if original is None else original.id

    def echoes(self, crowd: Iterable[Evidence], pane: int) -> list[Evidence]:
        """Those of one pane's crowd that are copies: of its sample, of what was heard before, or word for word of one
        another. The sample must have been asked for by :meth:`copy_of`; see :meth:`~detectors.copies.Copies.echo`."""
        found, said = [], set()
        for one in crowd:
            known = self._copies.echo(one.signature, one.text, pane, one.reach)
            if known is not None or one.signature in said:
                found.append(one)
            elif one.signature:
                said.add(one.signature)
        return found

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
        known = self._copies.known(voice.signature)
        return voice.reach + (known.reach if known is not None else 0)
