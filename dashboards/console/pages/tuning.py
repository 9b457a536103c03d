"""The tuning workbench: move thresholds and the allowance, and see at once which warnings would have come or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, Response

from contracts.desk import Judging, Knob, Retuned, Tuning, Warned
from contracts.errors import Invalid
from contracts.series import series_dims
from dashboards.console.charts import Chart, lines
from dashboards.console.figures import Point, curve
from dashboards.console.present import present
from dashboards.console.visit import Refused, Visit, asked, fields, form, visit

router = APIRouter()
DAYS = (1, 7, 14, 30, 60)
MOST_SHOWN = 200
FIGURES = {
    "told": ("预警数", "warnings"),
    "per_week": ("每周每序列", "a week and series"),
    "windows": ("因声量达到橙级的事件", "incidents that reached orange by volume"),
    "found": ("其中被预警的", "of them warned of"),
    "delay_hours": ("首个预警距开始（小时，中位）", "hours to the first warning (median)"),
    "precision": ("事件内的占比", "share within incidents"),
    "cost": ("代价（漏报 1，多报 0.1）", "cost (missed 1, too many 0.1)"),
}
KNOBS = {
    "budget.per_week": ("每周允许的预警", "warnings a week"),
    "budget.start": ("起始阈值", "threshold at first"),
    "budget.lowest": ("阈值下限", "lowest threshold"),
    "budget.highest": ("阈值上限", "highest threshold"),
    "budget.repeat_hours": ("重复窗口（小时）", "hours of a repeat"),
    "budget.larger": ("多大才再报（倍）", "times larger to tell again"),
    "volume.least_voices": ("最少独立声音", "least voices"),
    "volume.least_deviations": ("最少标准差", "least deviations"),
}


@router.get("/tuning")
async def tuning(
    seen: Annotated[Visit, Depends(visit)],
    brand: Annotated[str, Query(max_length=200)] = "",
    values: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The page with the knobs where they stand, or (``values=trial``) where those on trial stand."""
    names = await asked(seen.parts.store.series)
    known = seen.parts.tuning
    trial = {} if known is None else known.shadow()
    return seen.page(
        "tuning.html",
        kept=known is not None,
        knobs=() if known is None else await known.knobs(),
        applied=() if known is None else await known.applied(),
        fresh=False,
        trial=trial,
        begin=trial if values == "trial" else {},
        names=KNOBS,
        series=choices(names),
        chosen=f"brand={brand}" if brand else "",
        days=DAYS,
        here="tuning",
    )


@router.post("/tuning/compare")
async def compare(seen: Annotated[Visit, Depends(form)]) -> Response:
    """What the moved knobs change, as a part of the page."""
    desk, given = _desk(seen), await fields(seen.request)
    names = choices(await asked(seen.parts.store.series))
    series = [given["series"]] if given.get("series") in names else names
    if not series:
        raise Refused(400, ("序列库还是空的，没有可以比较的。", "The series store is empty; nothing to compare."))
    days = int(given.get("days", "7")) if given.get("days", "7").isdigit() else 7
    end = await present(seen)
    start = end - timedelta(days=days if days in DAYS else 7)
    made = await desk.compare(series, start, end, moved(await desk.knobs(), given), given.get("job", ""))
    return await _compared(seen, made, series, start, end)


@router.post("/tuning/look")
async def look(seen: Annotated[Visit, Depends(form)]) -> Response:
    """How far a comparison is, or what it found; nothing of one that another has replaced, whose page still asks."""
    desk, given = _desk(seen), await fields(seen.request)
    names = choices(await asked(seen.parts.store.series))
    series = [given["series"]] if given.get("series") in names else names
    start, end = (_instant(given.get(name, "")) for name in ("start", "end"))
    try:
        made = await desk.look(given.get("job", ""))
    except Invalid:
        return Response(status_code=204)
    return await _compared(seen, made, series, start, end)


@router.get("/tuning/trial")
async def on_trial(
    seen: Annotated[Visit, Depends(visit)],
    series: Annotated[str, Query(max_length=500)] = "",
    days: Annotated[int, Query(ge=1, le=60)] = 7,
) -> Response:
    """What the settings on trial would have told beside those in force, as a part of the page."""
    desk = _desk(seen)
    end = await present(seen)
    known = series in await asked(seen.parts.store.series)
    brand = series_dims(series)["brand"] if known else None
    found = await desk.on_trial(end - timedelta(days=days), end, brand)
    return HTMLResponse(seen.draw("parts/trial.html", found=found, most=MOST_SHOWN))


async def _compared(
    seen: Visit, made: Retuned | Judging, series: Sequence[str], start: datetime, end: datetime
) -> Response:
    """What was found, or how far it is: that part of the page asks again by itself."""
    if isinstance(made, Judging):
        return HTMLResponse(seen.draw("parts/judging.html", made=made, start=start, end=end))
    points = await asked(curve, seen.parts.store, series[0], start, end)
    return HTMLResponse(
        seen.draw(
            "parts/retuned.html",
            made=made,
            rows=rows(made)[:MOST_SHOWN],
            figures=FIGURES,
            series=series,
            chart=chart(seen, points, series[0], made),
        )
    )


@router.post("/tuning/apply")
async def apply(seen: Annotated[Visit, Depends(form)]) -> Response:
    """The moved knobs become a settings command; the page shows it among those in force."""
    seen.need("tune")
    desk, given = _desk(seen), await fields(seen.request)
    reason = _reason(given)
    name = await desk.apply(moved(await desk.knobs(), given), seen.name, reason)
    zh = f"已下达（命令 {name}），从下一个统计时段起生效，并写入台账。"
    en = f"Given (command {name}): it holds from the next bucket, and stands in the ledger."
    return _told(seen.done("/tuning", zh, en))


@router.post("/tuning/undo")
async def undo(seen: Annotated[Visit, Depends(form)]) -> Response:
    """A settings command is taken back: what held before it holds again from the next bucket."""
    seen.need("tune")
    given = await fields(seen.request)
    name = await _desk(seen).undo(given.get("undo", ""), seen.name, _reason(given))
    zh = f"已撤回（命令 {name}），从下一个统计时段起恢复原值。"
    return _told(seen.done("/tuning", zh, f"Taken back (command {name}): the former values hold from the next bucket."))


@router.get("/tuning/applied")
async def applied(seen: Annotated[Visit, Depends(visit)]) -> Response:
    """What was applied and is in force, as a part of the page."""
    desk = _desk(seen)
    knobs, some = await desk.knobs(), await desk.applied()
    return HTMLResponse(seen.draw("parts/applied.html", applied=some, knobs=knobs, names=KNOBS, fresh=True))


def choices(names: list[str]) -> list[str]:
    """Series of whole brands, then those with one dimension that are judged: channels and categories."""
    dims = {name: series_dims(name) for name in names}
    whole = [name for name in names if len(dims[name]) == 1]
    parts = [name for name in names if len(dims[name]) > 1 and set(dims[name]) <= {"brand", "channel", "category"}]
    return [*whole, *(name for name in parts if len(dims[name]) == len(("brand", "part")))]


def moved(knobs: Sequence[Knob], given: Mapping[str, str]) -> dict[str, float]:
    """The knobs that stand elsewhere than the settings in force; raises Invalid for what is no number."""
    found = {}
    for knob in knobs:
        text = given.get(knob.name, "")
        try:
            value = float(text) if text else knob.value
        except ValueError:
            raise Invalid(f"{knob.name}: {text[:20]!r} is no number") from None
        if not knob.low <= value <= knob.high and value != knob.value:
            raise Invalid(f"{knob.name} goes from {knob.low} to {knob.high}")
        if value != knob.value:
            found[knob.name] = value
    return found


def rows(made: Retuned) -> list[tuple[str, Warned]]:
    """Warnings that came (``+``), went (``-``) or stayed, the latest first."""
    gained, lost = set(made.gained), set(made.lost)
    found = [("-", one) for one in made.lost] + [("+" if one in gained else "", one) for one in made.after]
    return (
        sorted(found, key=lambda pair: (-pair[1].at.timestamp(), pair[1].series, pair[0] or " "))
        if lost or found
        else []
    )


def chart(seen: Visit, points: list[Point], series: str, made: Retuned) -> Chart:
    """The first series with its warnings, those that came and went told apart."""
    labels = [one.start.astimezone(seen.parts.zone).strftime("%m-%d %H:%M") for one in points]
    drawn = lines({seen.say("提及", "mentions"): [one.counts.n for one in points]}, labels)
    gained = set(made.gained)
    groups = (
        (seen.say("都有", "stayed"), [one for one in made.after if one not in gained], "--c8", "circle"),
        (seen.say("新增", "came"), made.gained, "--good", "triangle"),
        (seen.say("消失", "went"), made.lost, "--red", "diamond"),
    )
    for name, some, colour, symbol in groups:
        at = {_place(points, one): one for one in some if one.series == series}
        data = [point.counts.n if place in at else None for place, point in enumerate(points)]
        drawn["series"].append(
            {
                "name": name,
                "type": "scatter",
                "data": data,
                "symbol": symbol,
                "symbolSize": 13,
                "itemStyle": {"color": colour},
            }  # fmt: skip
        )
        drawn["legend"]["data"].append(name)
    return drawn


def _place(points: list[Point], one: Warned) -> int:
    return max((place for place, point in enumerate(points) if point.start <= one.at), default=0)


def _desk(seen: Visit) -> Tuning:
    if seen.parts.tuning is None:
        raise Refused(404, ("这里没有接上调参台。", "The workbench is not connected here."))
    return seen.parts.tuning


def _instant(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise Refused(400, ("时间有误，请重新比较。", "That is no time; compare again."))
    return when


def _told(answer: Response) -> Response:
    """With a word to the page that what is in force has changed."""
    answer.headers["HX-Trigger"] = "tuned"
    return answer


def _reason(given: Mapping[str, str]) -> str:
    reason = given.get("reason", "").strip()
    if not reason:
        raise Refused(400, ("请写明原因。", "Say why."))
    return reason[:500]
