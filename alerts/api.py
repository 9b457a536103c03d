"""The page behind an acknowledgement link: opening it shows a button, and only the button acknowledges.

Chat programs and mail scanners open links by themselves, so GET changes nothing. A link works once, for one incident
and person, until it expires; what is refused says why without telling anything about the incident, and is recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from html import escape
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from alerts.notify.links import Claim, Links
from contracts.clock import Clock
from contracts.errors import Recoverable
from contracts.records import Command, CommandKind

log = logging.getLogger(__name__)

Send = Callable[[Command], Awaitable[None]]
Refuse = Callable[[str, str], None]
"""Hears why a link was refused and the id of its claim, empty for a forged one."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
_REFUSED = {
    "forged": (404, "这个链接无效。This link is not valid."),
    "expired": (410, "这个链接已过期。This link has expired."),
    "used": (409, "这个链接已使用过。This link was used already."),
    "unavailable": (503, "暂时无法接手，请再按一次。It could not be taken on just now; press again."),
}


class Once(Protocol):
    """Remembers which links were used; raises Recoverable when it cannot."""

    async def first(self, name: str, until: datetime) -> bool:
        """Whether nobody asked for ``name`` before; it may be forgotten after ``until``."""

    async def undo(self, name: str) -> None:
        """As if it had not been asked for."""


class OnceInMemory:
    """The twin for one process: forgets with it, and the log still takes each command once.

    >>> import asyncio
    >>> from datetime import UTC
    >>> once, until = OnceInMemory(), datetime(2026, 1, 1, tzinfo=UTC)
    >>> [asyncio.run(once.first(name, until)) for name in ("a", "a", "b")]
    [True, False, True]
    """

    def __init__(self, most: int = 10_000) -> None:
        self._used: dict[str, datetime] = {}
        self._most = most

    async def first(self, name: str, until: datetime) -> bool:
        """Whether nobody asked for ``name`` before."""
        if name in self._used:
            return False
        self._used[name] = until
        if len(self._used) > self._most:
            del self._used[next(iter(self._used))]
        return True

    async def undo(self, name: str) -> None:
        """As if it had not been asked for."""
        self._used.pop(name, None)


def refuse_quietly(why: str, claim: str) -> None:
    """Write a refused link into the log."""
    log.warning("an acknowledgement link was refused: %s %s", why, claim)


def ack_router(links: Links, send: Send, clock: Clock, once: Once, refuse: Refuse = refuse_quietly) -> APIRouter:
    """Routes ``GET`` and ``POST /ack/{token}``.

    Parameters
    ----------
    send
        Puts the command into the log; raises Recoverable when it cannot, and then the link stays good.
    """
    router = APIRouter()

    def claim_of(token: str) -> Claim | HTMLResponse:
        claim = links.read(token, clock.now())
        if isinstance(claim, Claim):
            return claim
        refuse(claim, "")
        return _refused(claim)

    async def _sent(command: Command) -> None:
        try:
            await send(command)
        except Recoverable:
            await once.undo(command.id)
            raise

    @router.get("/ack/{token}", response_class=HTMLResponse)
    async def show(token: str) -> HTMLResponse:
        claim = claim_of(token)
        return claim if isinstance(claim, HTMLResponse) else _page(200, _question(claim))

    @router.post("/ack/{token}", response_class=HTMLResponse)
    async def press(token: str) -> HTMLResponse:
        claim = claim_of(token)
        if isinstance(claim, HTMLResponse):
            return claim
        try:
            if not await once.first(claim.id, claim.expires):
                refuse("used", claim.id)
                return _refused("used")
            await _sent(command_of(claim, clock.now()))
        except Recoverable as error:
            log.warning("an acknowledgement could not be taken: %s", error)
            return _refused("unavailable")
        return _page(200, f"<p>{escape(claim.person)} 已接手 has taken it on: {escape(claim.incident)}</p>")

    return router


def command_of(claim: Claim, now: datetime) -> Command:
    """The command that a pressed button gives; its id is the claim's, so the log takes it once."""
    return Command(
        id=claim.id,
        kind=CommandKind.ACK,
        brand=claim.brand,
        author=claim.person,
        issued_at=now,
        reason="by link",
        args={"incident": claim.incident, "by": claim.person},
    )


def _question(claim: Claim) -> str:
    brand, incident, person = escape(claim.brand), escape(claim.incident), escape(claim.person)
    return (
        f"<p>{brand} · {incident}</p><form method='post'><button autofocus>"
        f"{person}：由我接手 · I take it on</button></form>"
    )


def _refused(why: str) -> HTMLResponse:
    status, text = _REFUSED[why]
    return _page(status, f"<p>{text}</p>")


def _page(status: int, body: str) -> HTMLResponse:
    style = "body{font:1.2rem sans-serif;margin:3rem auto;max-width:30rem}button{font:inherit;padding:1rem;width:100%}"
    head = "<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>烽火 Fenghuo</title>"
    page = f"<!doctype html><html lang='zh'><head>{head}<style>{style}</style></head><body>{body}</body></html>"
    return HTMLResponse(page, status_code=status, headers=HEADERS)
