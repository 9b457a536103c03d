"""Sentiment: how people speak of a brand and its rivals, and the masked texts behind any point."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from dashboards.console import charts
from dashboards.console.figures import total
from dashboards.console.mood import EMOTION, dims_of, instant, mood
from dashboards.console.present import present
from dashboards.console.story import says
from dashboards.console.visit import Refused, Visit, asked, visit

router = APIRouter()
SPANS = (1, 6, 24, 72, 168)
"""Hours that can be looked at."""
MOST_TEXTS = 100


@router.get("/sentiment")
async def sentiment(
    seen: Annotated[Visit, Depends(visit)],
    brand: Annotated[str, Query(max_length=200)] = "",
    hours: int = 24,
) -> Response:
    """The whole page."""
    hours = hours if hours in SPANS else 24
    end = await present(seen)
    found = await asked(mood, seen.parts.store, brand, end - timedelta(hours=hours), end)
    named = [(seen.value(EMOTION, name), number / found.whole.n) for name, number in found.emotions]
    form = "%m-%d %H:%M" if hours > 24 else "%H:%M"
    return seen.page(
        "sentiment.html",
        mood=found,
        hours=hours,
        spans=SPANS,
        gauge=charts.gauge(found.hot.value, seen.say("激烈负面占比", "hot negative share")),
        radar=charts.radar(named, found.brand) if len(named) >= 3 else None,
        named=named,
        curve=charts.volume(found.points, seen.parts.zone, says(seen)),
        trend=charts.lines(
            found.shares, [at.astimezone(seen.parts.zone).strftime(form) for at in found.labels], top=1
        ),
        here="sentiment",
    )  # fmt: skip


@router.get("/sentiment/texts")
async def texts(
    seen: Annotated[Visit, Depends(visit)],
    series: Annotated[str, Query(max_length=1000)],
    start: Annotated[str, Query(max_length=40)],
    seconds: Annotated[int, Query(ge=1, le=31 * 86_400)] = 60,
) -> Response:
    """The masked texts behind one point, or one row of a table."""
    dims, begin = dims_of(series), instant(start)
    if not dims or begin is None:
        raise Refused(400, ("这个链接不完整，请从图表上点进来。", "This link is not whole; come from a chart."))
    end = begin + timedelta(seconds=seconds)
    counts = await asked(total, seen.parts.store, series, begin, end)
    where = {name: value for name, value in dims.items() if name != "brand"}
    known = seen.parts.texts
    found = () if known is None else await known.behind(dims["brand"], begin, end, where, MOST_TEXTS)
    return seen.page(
        "texts.html", dims=dims, start=begin, end=end, counts=counts, texts=found, kept=known is not None,
        voices=sum(one.copy_of is None for one in found),
        places={one.evidence.id: place for place, one in enumerate(found)}, here="sentiment",
    )  # fmt: skip
