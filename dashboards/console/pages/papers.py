"""Rules, plans, rota, silences: as they hold, and to be changed where the log takes it, checked before."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, Response

from contracts.desk import Paper, Papers, Roster, Stand
from contracts.records import CommandKind
from dashboards.console.present import present
from dashboards.console.visit import Gone, Refused, Visit, fields, form, visit

router = APIRouter()
AHEAD = timedelta(days=14)
"""How far the rota is shown."""
MOST_TEXT = 250_000


@router.get("/settings")
async def settings(
    seen: Annotated[Visit, Depends(visit)], paper: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Silences, the rota, and one of the papers."""
    now = await present(seen)
    known = seen.parts.papers
    found: list[Paper] = [] if known is None else list(await asyncio.to_thread(known.papers))
    shifts = () if known is None else await asyncio.to_thread(known.shifts, now, now + AHEAD)
    chosen = next((one for one in found if one.name == paper), None)
    if paper and chosen is None:
        raise Gone(("没有这个文件。", "There is no such file."))
    return seen.page(
        "papers.html",
        silences=await seen.parts.view.silences(),
        shifts=shifts,
        roster=Roster() if known is None else await asyncio.to_thread(known.roster),
        now=now,
        papers=found,
        paper=chosen or next((one for one in found if one.editable), None),
        here="settings",
    )


@router.post("/settings/check")
async def check(seen: Annotated[Visit, Depends(form)]) -> Response:
    """What is wrong with a text, without saving it."""
    papers, name, text, _ = await _given(seen)
    found = await asyncio.to_thread(papers.problems, name, text)
    return HTMLResponse(seen.draw("parts/checked.html", problems=found))


@router.post("/settings/save")
async def save(seen: Annotated[Visit, Depends(form)]) -> Response:
    """A checked text comes into force."""
    seen.need("rules")
    papers, name, text, reason = await _given(seen)
    found = await asyncio.to_thread(papers.problems, name, text)
    if found:
        return HTMLResponse(seen.draw("parts/checked.html", problems=found), 422)
    if not reason:
        raise Refused(400, ("请写明原因。", "Say why."))
    told = await papers.save(name, text, seen.name, reason)
    return seen.done("/settings", f"已生效。{told}", f"In force. {told}")


@router.post("/swaps")
async def swap(seen: Annotated[Visit, Depends(form)]) -> Response:
    """Somebody stands in for somebody else on duty."""
    seen.need("swap")
    papers, given = seen.parts.papers, await fields(seen.request)
    if papers is None:
        raise Refused(404, ("这里没有接上设置。", "Settings are not connected here."))
    reason = given.get("reason", "").strip()[:500]
    if not reason:
        raise Refused(400, ("请写明原因。", "Say why."))
    start, end = (_local(seen, given.get(name, "")) for name in ("start", "end"))
    stand = Stand(given.get("out", "")[:200], given.get("into", "")[:200], start, end)
    name = await papers.swap(given.get("rota", "")[:200], stand, seen.name, reason)
    return seen.done(
        "/settings", f"已换班（命令 {name}），写入台账。", f"Swapped (command {name}); it stands in the ledger."
    )


@router.post("/silences/{silence}/end")
async def unsilence(silence: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """A silence ends now."""
    seen.need("silence")
    known = next((one for one in await seen.parts.view.silences() if one.silence.id == silence), None)
    if known is None:
        raise Gone(("这条静默已经结束。", "This silence is over already."))
    await seen.parts.commands.give(CommandKind.UNSILENCE, known.brand, seen.name, {"silence": silence})
    return seen.done("/settings", "静默已结束。", "The silence has ended.")


def _local(seen: Visit, text: str) -> datetime:
    """A time as a form gives it, in the site's time; raises Refused when it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            400, ("时间写法不对，例如 2026-03-02T09:00。", "That is no time; write 2026-03-02T09:00.")
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=seen.parts.zone)


async def _given(seen: Visit) -> tuple[Papers, str, str, str]:
    if seen.parts.papers is None:
        raise Refused(404, ("这里没有接上设置。", "Settings are not connected here."))
    given = await fields(seen.request)
    text = given.get("text", "")
    if len(text) > MOST_TEXT:
        raise Refused(413, ("文件太大。", "The file is too large."))
    return seen.parts.papers, given.get("name", ""), text.replace("\r\n", "\n"), given.get("reason", "").strip()[:500]
