"""What changes, told to open pages as server-sent events: small notices, after which a page reads its part again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from contracts.view import Change, ChangeKind
from dashboards.console.visit import SignInNeeded, Visit, visit

router = APIRouter()
BEAT = 15.0
"""Seconds after which a silent connection is proved to live."""
GATHER = 0.05
"""Seconds in which notices are gathered, so that a burst of them makes a page read once."""


@router.get("/events")
async def events(seen: Annotated[Visit, Depends(visit)]) -> Response:
    """Notices until the page goes away or the session is over."""
    return StreamingResponse(_told(seen), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _told(seen: Visit) -> AsyncIterator[str]:
    async for changes in seen.office.hub.listen(BEAT, GATHER):
        try:
            await visit(seen.request)
        except SignInNeeded:
            yield "event: over\ndata: -\n\n"
            return
        for name in dict.fromkeys(name for one in changes for name in names(one)):
            yield f"event: {name}\ndata: -\n\n"
        if not changes:
            yield ": here\n\n"


def names(change: Change) -> tuple[str, ...]:
    """What a page can wait for.

    >>> names(Change(kind=ChangeKind.INCIDENT, brand="A", id="b426a466e2af89fc"))
    ('board', 'incident-b426a466e2af89fc')
    """
    match change.kind:
        case ChangeKind.INCIDENT:
            return ("board", f"incident-{change.id}")
        case ChangeKind.TOLD:
            return (f"incident-{change.id}",)
        case ChangeKind.PLAN:
            return ("board", "plans")
        case ChangeKind.STANDING:
            return ("standing",)
        case ChangeKind.EMPTIED | ChangeKind.MISSED:
            return ("all",)
