"""One incident: its page, its report, and what people do with it. Each form becomes a command in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import JsonValue
from starlette.responses import HTMLResponse, Response

from contracts.records import CommandKind, Tier, Verdict
from contracts.records.incident import rfc3339
from contracts.view import IncidentCard
from dashboards.console.pages.duty import choices
from dashboards.console.story import alike, file_of, lasted, story
from dashboards.console.visit import Refused, Visit, fields, form, visit

router = APIRouter()
HOURS = ("1", "2", "4", "8", "24")
"""Lengths of a silence, and of an announced event, in hours."""
MOST_PAST = 500


@router.get("/incidents/{incident}")
async def page(incident: str, seen: Annotated[Visit, Depends(visit)]) -> Response:
    """The whole page."""
    return seen.page("incident.html", body=await _body(seen, incident), incident=incident, here="duty")


@router.get("/incidents/{incident}/body")
async def body(incident: str, seen: Annotated[Visit, Depends(visit)]) -> Response:
    """What changes of it, for a page that is open."""
    return HTMLResponse(await _body(seen, incident))


@router.get("/incidents/{incident}/report")
async def report(incident: str, seen: Annotated[Visit, Depends(visit)]) -> Response:
    """All of it on one page for printing."""
    told = await story(seen, incident)
    reached = await seen.parts.view.reached() or told.card.changed
    now = seen.parts.clock.now()
    return seen.page("report.html", story=told, lasted=lasted(told.card, reached), now=now, here="duty")


async def _body(seen: Visit, incident: str) -> str:
    told = await story(seen, incident)
    past = await seen.parts.view.ended(limit=MOST_PAST)
    reached = await seen.parts.view.reached() or told.card.changed
    return seen.draw(
        "parts/incident.html", story=told, alike=alike(told.card, past), reached=reached,
        lasted=lasted(told.card, reached), **await choices(seen),
    )  # fmt: skip


@router.post("/incidents/{incident}/acknowledge")
async def acknowledge(incident: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """I take it on. Somebody who was faster is named, and nothing is done."""
    seen.need("ack")
    card = await _open(seen, incident)
    if card.owner:
        raise Refused(
            409,
            (f"{card.owner} 已经接手；要换人请用“移交”。", f"{card.owner} has taken it on already; use hand over."),
        )
    await _give(seen, CommandKind.ACK, card, {"by": seen.name})
    return _done(seen, incident, "已接手，稍候更新。", "Taken on; the page follows in a moment.")


@router.post("/incidents/{incident}/hand-over")
async def hand_over(incident: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """It passes to a colleague."""
    seen.need("ack")
    card, given = await _open(seen, incident), await fields(seen.request)
    if given.get("to") not in seen.parts.people.colleagues():
        raise Refused(400, ("请选择移交给谁。", "Choose whom to hand it over to."))
    if card.owner != given.get("owner", ""):
        raise Refused(409, (f"现在由 {card.owner} 负责，请看过再移交。", f"{card.owner} has it now; look again first."))
    await _give(seen, CommandKind.HAND_OVER, card, {"to": given["to"]}, given.get("comment", ""))
    return _done(seen, incident, f"已移交给 {given['to']}。", f"Handed over to {given['to']}.")


@router.post("/incidents/{incident}/silence")
async def silence(incident: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """Nobody is told of its scope for some hours."""
    seen.need("silence")
    card, given = await _open(seen, incident), await fields(seen.request)
    comment = _comment(given)
    reached = await seen.parts.view.reached() or card.changed
    upto = given.get("upto", "red")
    if given.get("hours") not in HOURS or upto not in tuple(Tier):
        raise Refused(400, ("请选择时长和级别。", "Choose how long and up to which tier."))
    parts: dict[str, JsonValue] = {name: value for name, value in card.scope.items() if name != "brand"}
    until = rfc3339(reached + timedelta(hours=int(given["hours"])))
    await _give(seen, CommandKind.SILENCE, card, {"until": until, "upto": upto, "where": parts}, comment)
    return _done(seen, incident, "已静默。", "Silenced.")


@router.post("/incidents/{incident}/feedback")
async def feedback(incident: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """True, expected, noise or the new normal."""
    seen.need("feedback")
    card, given = (await file_of(seen, incident)).card, await fields(seen.request)
    if given.get("verdict") not in tuple(Verdict):
        raise Refused(400, ("请选择一个判断。", "Choose a verdict."))
    verdict = Verdict(given["verdict"])
    hours = given.get("hours", "24")
    if hours not in HOURS:
        raise Refused(400, ("请选择活动还要持续多久。", "Choose how much longer the event lasts."))
    reached = await seen.parts.view.reached() or card.changed
    until = reached + timedelta(hours=int(hours)) if verdict is Verdict.EXPECTED else None
    await seen.parts.commands.feedback(incident, verdict, seen.name, until, given.get("comment", "")[:2000])
    return _done(seen, incident, "已记录，从下一个统计桶起生效。", "Noted; it holds from the next bucket.")


async def _open(seen: Visit, incident: str) -> IncidentCard:
    card = (await file_of(seen, incident)).card
    if not card.open:
        raise Refused(
            409, ("事件已经解除，没有什么可做的了。", "The incident has been resolved; nothing is left to do.")
        )
    return card


async def _give(
    seen: Visit, kind: CommandKind, card: IncidentCard, args: dict[str, JsonValue], comment: str = ""
) -> None:
    args = {"incident": card.incident, **args}
    await seen.parts.commands.give(kind, card.brand, seen.name, args, comment[:2000])


def _comment(given: dict[str, str]) -> str:
    comment = given.get("comment", "").strip()
    if not comment:
        raise Refused(400, ("请写明原因。", "Say why."))
    return comment


def _done(seen: Visit, incident: str, zh: str, en: str) -> Response:
    return seen.done(f"/incidents/{incident}", zh, en)
