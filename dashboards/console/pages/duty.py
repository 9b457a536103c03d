"""The duty board: what is open, by tier, live; and one incident beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from contracts.records import Tier
from contracts.view import IncidentCard, RunCard
from dashboards.console.story import story
from dashboards.console.visit import Refused, Visit, visit

router = APIRouter()
MOST_ROWS = 1_000
MOST_ENDED = 15


@router.get("/")
async def duty(seen: Annotated[Visit, Depends(visit)], incident: str = "") -> Response:
    """The whole page; without a choice the gravest incident is shown beside the list."""
    cards = await seen.parts.view.open_incidents()
    chosen = incident or (cards[0].incident if cards else "")
    board = await drawn(seen)
    detail = ""
    if chosen:
        try:
            detail = await beside(seen, chosen)
        except Refused as error:
            detail = seen.draw("parts/said.html", text=seen.say(*error.words), bad=True)
    return seen.page("duty.html", board=board, detail=detail, chosen=chosen, here="duty")


@router.get("/board")
async def board(seen: Annotated[Visit, Depends(visit)]) -> Response:
    """The list alone, for a page that is open."""
    return HTMLResponse(await drawn(seen))


@router.get("/incidents/{incident}/beside")
async def one(incident: str, seen: Annotated[Visit, Depends(visit)]) -> Response:
    """One incident beside the list."""
    return HTMLResponse(await beside(seen, incident))


async def beside(seen: Visit, incident: str) -> str:
    """One incident as it stands beside the list; raises Gone."""
    return seen.draw("parts/beside.html", story=await story(seen, incident), **await choices(seen))


async def choices(seen: Visit) -> dict[str, object]:
    """What the forms of an incident offer."""
    papers = seen.parts.papers
    return {
        "colleagues": [one for one in seen.parts.people.colleagues() if one != seen.name],
        "plans": papers.plans() if papers is not None else (),
    }


async def drawn(seen: Visit) -> str:
    """The list as text. It is the same for all who read one language, so it is drawn once for each notice: who asks
    while it is drawn waits for it."""
    hub, kept = seen.office.hub, seen.office.board.get(seen.language)
    version = hub.version
    if kept is not None and hub.listening and kept[0] == version:
        return kept[1]
    async with seen.office.drawing:
        kept = seen.office.board.get(seen.language)
        if kept is not None and hub.listening and kept[0] >= version:
            return kept[1]
        version = hub.version
        text = await _draw(seen)
        if hub.listening:
            seen.office.board[seen.language] = (version, text)
        return text


async def _draw(seen: Visit) -> str:
    found = await seen.parts.view.board(MOST_ENDED)
    cards, runs = found.open, {one.run: one for one in found.runs}
    return seen.draw(
        "parts/board.html",
        groups=grouped(cards[:MOST_ROWS]),
        more=max(0, len(cards) - MOST_ROWS),
        tally=Counter(one.tier for one in cards),
        tiers=tuple(reversed(Tier)),
        done={one.incident: progress(one, runs) for one in cards if one.runs},
        sources=found.sources,
        ended=found.ended,
        reached=found.reached,
    )


def grouped(cards: Sequence[IncidentCard]) -> list[tuple[Tier, list[IncidentCard]]]:
    """By tier, the highest first; tiers without an incident are left out."""
    found = [(tier, [one for one in cards if one.tier is tier]) for tier in reversed(Tier)]
    return [(tier, some) for tier, some in found if some]


def progress(card: IncidentCard, runs: dict[str, RunCard]) -> tuple[int, int, bool]:
    """Tasks done and all, of the plans of an incident; whether any is overdue."""
    tasks = [task for name in card.runs if name in runs for task in runs[name].tasks]
    done = sum(task.state in ("done", "skipped") for task in tasks)
    return done, len(tasks), any(task.state == "overdue" for task in tasks)
