"""What one series has gathered in the open bucket: raw counts, and how many of them are copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contracts.records import Counts, Evidence
from contracts.records.reading import Sentiment
from contracts.series import series_key
from detectors.bank import Series
from detectors.protocol import Bucket

NONE = Counts()


class Tally:
    """Sums of the open bucket; ``quiet`` is the count below which a spike is impossible."""

    __slots__ = ("copied", "counts", "judged", "quiet", "series")

    def __init__(self, series: Series | None) -> None:
        self.series = series
        self.counts = NONE
        self.copied = NONE
        self.quiet = float("inf")
        """Fewer voices than this cannot be a spike."""
        self.judged = False

    def add(self, counts: Counts, copied: Counts) -> None:
        """Take in a pane."""
        self.counts = self.counts.plus(counts)
        if copied.n:
            self.copied = self.copied.plus(copied)

    @property
    def voices(self) -> int:
        """Mentions that are no copies."""
        return max(0, self.counts.n - self.copied.n)

    def bucket(self, index: int) -> Bucket:
        """What the detectors see."""
        voices = self.voices
        negative = min(voices, max(0, self.counts.negative - self.copied.negative))
        return Bucket(index, voices, negative, min(negative, max(0, self.counts.hot - self.copied.hot)))


def copies_by_series(
    brand: str, copies: Iterable[Evidence], combinations: Iterable[tuple[str, ...]], hot: float
) -> Mapping[str, Counts]:
    """How many copies each watched series holds; negative ones of heat ``hot`` or more are hot."""
    wanted = [tuple(names) for names in combinations]
    names = sorted({name for combination in wanted for name in combination})
    groups: dict[tuple[str | None, ...], Counts] = {}
    for one in copies:
        negative = one.sentiment is Sentiment.NEGATIVE
        positive = one.sentiment is Sentiment.POSITIVE
        values = tuple([getattr(one, name, None) for name in names])
        sums = Counts(1, negative, positive, negative and one.heat >= hot, one.reach)
        known = groups.get(values)
        groups[values] = sums if known is None else known.plus(sums)
    found: dict[str, Counts] = {}
    for values, sums in groups.items():
        dims = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for combination in wanted:
            if all(name in dims for name in combination):
                key = series_key({"brand": brand, **{name: dims[name] for name in combination}})
                found[key] = found.get(key, NONE).plus(sums)
    return found
