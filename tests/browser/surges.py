"""Counts of a brand as the counting stage publishes them: calm hours, and a surge at their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.panes import Panes
from contracts.records import Closed, Counts, Emotion, Evidence, PaneCounts, Sentiment
from contracts.series import series_key

CALM = timedelta(minutes=10)
"""One voice in so long; in a surge one in each bucket's pane."""


def surge(brand: str, panes: Panes, start: datetime, calm: timedelta, voices: int) -> Iterator[PaneCounts | Closed]:
    """Some calm, then so many voices a pane apart, then an hour of calm."""
    begin = start + calm
    step = timedelta(seconds=panes.pane_seconds)
    times = [start + CALM * n for n in range(calm // CALM)]
    times += [begin + step * n for n in range(voices)]
    times += [begin + step * voices + CALM * n for n in range(1, 7)]
    for number, when in enumerate(times):
        pane = panes.pane_of(when)
        one = _voice(f"{brand}-{when.timestamp():.0f}-{number}", when)
        yield PaneCounts(
            partition=0, pane=pane, brand=brand, rows={series_key({"brand": brand}): Counts(1, 0, 0, 0, 10)},
            evidence=(one,),
        )  # fmt: skip
        yield Closed(partition=0, closed=pane + 1, alive=((pane, "crawler"),))


def _voice(name: str, when: datetime) -> Evidence:
    return Evidence(
        id=name, ts=when, source="crawler", channel="weibo", category="logistics", sentiment=Sentiment.NEUTRAL,
        polarity=0.0, emotion=Emotion.NONE, heat=0.2, reach=10, signature=name, keywords=("parcel",),
        text=f"where is {name}", lang="en",
    )  # fmt: skip
