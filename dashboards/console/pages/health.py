"""Health: does every source live, how far has event time come, what was refused; and sending it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from contracts.ports import SeriesStore
from contracts.records import State
from contracts.series import series_key
from dashboards.console.figures import brands_of
from dashboards.console.present import present
from dashboards.console.visit import Refused, Visit, asked, form, visit

router = APIRouter()
MOST_LETTERS = 200
LOOK_BACK = timedelta(hours=24)


@router.get("/health")
async def health(seen: Annotated[Visit, Depends(visit)]) -> Response:
    """The whole page."""
    now = await present(seen)
    letters = seen.parts.letters
    return seen.page(
        "health.html",
        sources=await seen.parts.view.sources(),
        reached=now,
        clock=seen.parts.clock.now(),
        brands=await asked(brands, seen.parts.store, now),
        letters=None if letters is None else await letters.letters(MOST_LETTERS),
        here="health",
    )


@router.post("/health/requeue")
async def requeue(seen: Annotated[Visit, Depends(form)]) -> Response:
    """Chosen dead letters go through intake again."""
    seen.need("requeue")
    chosen = [
        value
        for name, value in (await seen.request.form()).multi_items()
        if name == "letter" and isinstance(value, str)
    ]
    if not chosen or seen.parts.letters is None:
        raise Refused(400, ("请先选择要重发的记录。", "Choose what is to be sent again."))
    done = await seen.parts.letters.requeue(chosen, seen.name)
    taken, refused, skipped = (done.get(name, 0) for name in ("accepted", "refused", "skipped"))
    return seen.done(
        "/health",
        f"重新接收 {taken} 条，再次拒绝 {refused} 条，跳过 {skipped} 条。",
        f"{taken} accepted, {refused} refused again, {skipped} skipped.",
    )


def brands(store: SeriesStore, now: datetime) -> list[tuple[str, datetime | None, State | None, int, int]]:
    """Of each brand: end of its newest bucket within a day, how its series stands, mentions and late ones."""
    found = []
    for brand in brands_of(store.series()):
        series = series_key({"brand": brand})
        rows = store.buckets(series, now - LOOK_BACK, now + LOOK_BACK)
        late = sum(one.n for one in store.late(series, now - LOOK_BACK, now + LOOK_BACK).values())
        last = rows[-1] if rows else None
        end = None if last is None else last.bucket + timedelta(seconds=last.bucket_seconds)
        found.append((brand, end, None if last is None else last.state, sum(row.counts.n for row in rows) + late, late))
    return found
