"""How people speak of a brand in a stretch of time: temperature, emotions, shares with intervals, what rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.ports import SeriesStore
from contracts.records import Counts, IncidentEvent, SignalKind
from contracts.series import DIMENSIONS, series_dims, series_key
from dashboards.console.figures import (
    Point,
    Rise,
    Share,
    added,
    brands_of,
    curve,
    rises,
    total,
    values_of,
)

EMOTION = "emotion"
CALM = "none"
SHARED = ("channel", "category", "region", "product")
"""Dimensions whose shares are shown, as far as they are counted."""
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a dimension (or one brand)."""

    value: str
    series: str
    counts: Counts
    negative: Share
    hot: Share


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that detectors called new or fast-growing."""

    at: datetime
    brand: str
    incident: str
    name: str
    phrases: tuple[str, ...]
    observed: float
    expected: float


@dataclass(frozen=True, slots=True)
class Mood:
    """All that the page shows."""

    brands: list[str]
    brand: str
    start: datetime
    end: datetime
    whole: Counts
    voices: int
    hot: Share
    negative: Share
    emotions: list[tuple[str, int]]
    """By emotion, those without any left out; empty when they are not counted."""
    points: list[Point]
    compared: list[Row]
    """All brands, the most negative first."""
    tables: dict[str, list[Row]]
    """By dimension, the most mentions first."""
    rising: list[Rise]
    topics: list[Topic]
    shares: dict[str, list[float | None]]
    """Negative share by brand, in steps of :attr:`labels`."""
    labels: list[datetime]

    @property
    def series(self) -> str:
        """Key of the brand's own series."""
        return series_key({"brand": self.brand})


def mood(store: SeriesStore, brand: str, start: datetime, end: datetime) -> Mood:
    """The mood of ``brand`` (or the first there is) in [start, end); raises what the store raises."""
    names = store.series()
    brands = brands_of(names)
    if brand not in brands:
        brand = brands[0] if brands else brand
    mine = series_key({"brand": brand}) if brand else ""
    whole = total(store, mine, start, end) if brand else Counts()
    labels, shares = trend(store, brands, start, end)
    return Mood(
        brands=brands,
        brand=brand,
        start=start,
        end=end,
        whole=whole,
        voices=sum(row.voices for row in store.buckets(mine, start, end)) if brand else 0,
        hot=Share.of(whole.hot, whole.n),
        negative=Share.of(whole.negative, whole.n),
        emotions=emotions(store, names, brand, start, end),
        points=curve(store, mine, start, end) if brand else [],
        compared=_worst([row(store, one, series_key({"brand": one}), start, end) for one in brands]),
        tables={
            name: rows
            for name in SHARED
            if name in DIMENSIONS and (rows := table(store, names, brand, name, start, end))
        },
        rising=[one for one in rises(store, values_of(names, brand, "category"), start, end) if one.now.n][:MOST_ROWS],
        topics=topics(store.incidents(start, end), brand),
        shares=shares,
        labels=labels,
    )


def row(store: SeriesStore, value: str, series: str, start: datetime, end: datetime) -> Row:
    """One series as a row."""
    counts = total(store, series, start, end)
    return Row(value, series, counts, Share.of(counts.negative, counts.n), Share.of(counts.hot, counts.n))


def table(
    store: SeriesStore, names: Sequence[str], brand: str, dimension: str, start: datetime, end: datetime
) -> list[Row]:
    """Each value of a dimension that was seen, the most mentions first."""
    rows = [row(store, value, series, start, end) for value, series in values_of(names, brand, dimension)]
    return sorted((one for one in rows if one.counts.n), key=lambda one: (-one.counts.n, one.value))[:MOST_ROWS]


def emotions(
    store: SeriesStore, names: Sequence[str], brand: str, start: datetime, end: datetime
) -> list[tuple[str, int]]:
    """How many mentions carry each emotion."""
    found = [(value, total(store, series, start, end).n) for value, series in values_of(names, brand, EMOTION)]
    return sorted((one for one in found if one[0] != CALM and one[1]), key=lambda one: (-one[1], one[0]))


def topics(events: Sequence[IncidentEvent], brand: str) -> list[Topic]:
    """The topics that incidents of a brand told of, the latest first, each once."""
    found: dict[str, Topic] = {}
    for one in events:
        name = one.detail.labels.get("topic", "")
        if one.kind is SignalKind.TOPIC_EMERGING and one.brand == brand and name:
            found[name] = Topic(
                one.at, one.brand, one.incident, name, one.detail.phrases, one.observed, one.expected
            )  # fmt: skip
    return sorted(found.values(), key=lambda one: (-one.at.timestamp(), one.name))


def trend(
    store: SeriesStore, brands: Sequence[str], start: datetime, end: datetime
) -> tuple[list[datetime], dict[str, list[float | None]]]:
    """Negative share of each brand in about 24 steps; nothing where there were fewer than five mentions."""
    step = max(timedelta(minutes=5), (end - start) / 24)
    labels = [start + step * number for number in range(max(1, round((end - start) / step)))]
    shares = {
        brand: [_share(added(counts for at, counts in known.items() if label <= at < label + step)) for label in labels]
        for brand in brands
        if (known := store.counts(series_key({"brand": brand}), start, end))
    }
    return labels, shares


def dims_of(series: str) -> Mapping[str, str]:
    """Brand and dimensions of a key that came from outside; empty when it is none."""
    try:
        dims = series_dims(series)
    except ValueError:
        return {}
    return dims if "brand" in dims else {}


def instant(text: str) -> datetime | None:
    """A time that came from outside, in UTC when it names no zone; ``None`` when it is none.

    >>> instant("2026-01-05T08:00:00+08:00").isoformat(), instant("noon")
    ('2026-01-05T00:00:00+00:00', None)
    """
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _share(counts: Counts) -> float | None:
    return counts.negative / counts.n if counts.n >= _LEAST else None


_LEAST = 5


def _worst(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda one: (-(one.negative.value or 0), one.value))
