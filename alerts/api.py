"""The page behind an acknowledgement link: opening it shows how things stand, and only its button acknowledges.

Chat programs and mail scanners open links by themselves, so GET changes nothing. A link works once, for one incident
and person, until it expires; what is refused says why without telling anything about the incident, and is recorded
(:mod:`alerts.refused`). Before it shows a button and after it was pressed the page asks the live view, so that it says
"has taken it on" only when that is so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import escape
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from alerts.acknowledging import Stands, sentence, stands
from alerts.notify.links import Claim, Links
from alerts.once import Once
from contracts.clock import Clock
from contracts.errors import Recoverable
from contracts.records import Command, CommandKind
from contracts.view import IncidentFile

log = logging.getLogger(__name__)

Send = Callable[[Command], Awaitable[None]]
Refuse = Callable[[str, Claim | None], Awaitable[None]]
"""Hears why a link was refused, and its claim; none for a forged one. It must not raise."""
Wait = Callable[[float], Awaitable[None]]
LOOKS, BETWEEN = 20, 0.2
"""How often the view is asked whether a pressed button has taken effect, and the seconds between."""

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
    "unavailable": (503, "暂时无法接手，请稍后再试。It could not be taken on just now; try again in a moment."),
}
_STATUS = {Stands.MINE: 200, Stands.TAKEN: 409, Stands.OVER: 409}
_HANDED_IN = (
    "已提交，但实时视图还没有显示；请到控制台确认。"
    "It was handed in, but the live view does not show it yet: make sure in the console."
)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Incidents(Protocol):
    """What the page reads of :class:`contracts.view.LiveView`."""

    async def incident(self, incident: str) -> IncidentFile | None:
        """One incident; raises Unavailable while the store is away."""


class AckPage:
    """What the page answers, apart from HTTP routes.

    Parameters
    ----------
    send
        Puts the command into the log; raises Recoverable when it cannot, and then the link stays good.
    view
        How incidents stand.
    wait
        Lets seconds pass while the view comes after a pressed button.
    """

    def __init__(
        self,
        links: Links,
        send: Send,
        clock: Clock,
        once: Once,
        view: Incidents,
        refuse: Refuse,
        wait: Wait = asyncio.sleep,
    ) -> None:
        self._links, self._clock, self._once = links, clock, once
        self._send, self._view, self._refuse, self._wait = send, view, refuse, wait

    async def show(self, token: str) -> HTMLResponse:
        """How things stand, with a button while nobody has it."""
        claim = self._claim(token)
        if isinstance(claim, HTMLResponse):
            return claim
        try:
            found, owner = await self._look(claim)
            used = await self._once.used(claim.id)
        except Recoverable as error:
            return _unavailable(error)
        if found in _STATUS:
            return _stood(claim, found, owner)
        if used:  # not recorded: nobody tried anything
            return _refusal("used", _how(claim, found, owner))
        return _page(200, _question(claim, found))

    async def press(self, token: str) -> HTMLResponse:
        """Take it on, unless somebody has it or it is over; the answer says what became of it."""
        claim = self._claim(token)
        if isinstance(claim, HTMLResponse):
            return claim
        try:
            found, owner = await self._look(claim)
            if await self._once.used(claim.id):
                return self._refused("used", claim, _how(claim, found, owner))
            if found in _STATUS:
                return _stood(claim, found, owner)
            if not await self._once.first(claim.id, claim.expires):
                return self._refused("used", claim, _how(claim, found, owner))
            await self._give(claim)
        except Recoverable as error:
            return _unavailable(error)
        return await self._outcome(claim)

    def _claim(self, token: str) -> Claim | HTMLResponse:
        claim = self._links.read(token, _EVER)
        if not isinstance(claim, Claim):
            return self._refused("forged", None)
        return claim if self._clock.now() < claim.expires else self._refused("expired", claim)

    def _refused(self, why: str, claim: Claim | None, more: str = "") -> HTMLResponse:
        answer = _refusal(why, more)
        answer.background = BackgroundTask(self._refuse, why, claim)
        return answer

    async def _look(self, claim: Claim) -> tuple[Stands, str]:
        known = await self._view.incident(claim.incident)
        card = None if known is None else known.card
        return stands(claim, card), "" if card is None else card.owner

    async def _give(self, claim: Claim) -> None:
        command = command_of(claim, self._clock.now())
        try:
            await self._send(command)
        except Recoverable:
            await self._once.undo(command.id)
            raise

    async def _outcome(self, claim: Claim) -> HTMLResponse:
        """What the view shows of a command that the log has; of two who press at once one hears of the other."""
        for _ in range(LOOKS):
            try:
                found, owner = await self._look(claim)
            except Recoverable as error:
                log.warning("whether an acknowledgement was taken cannot be seen: %s", error)
                break
            if found in _STATUS:
                return _stood(claim, found, owner)
            await self._wait(BETWEEN)
        return _page(202, _of(claim) + f"<p>{_HANDED_IN}</p>")


def ack_router(page: AckPage) -> APIRouter:
    """Routes ``GET`` and ``POST /ack/{token}``."""
    router = APIRouter()

    @router.get("/ack/{token}", response_class=HTMLResponse)
    async def show(token: str) -> HTMLResponse:
        return await page.show(token)

    @router.post("/ack/{token}", response_class=HTMLResponse)
    async def press(token: str) -> HTMLResponse:
        return await page.press(token)

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


def _of(claim: Claim) -> str:
    return f"<p>{escape(claim.brand)} · {escape(claim.incident)}</p>"


def _how(claim: Claim, found: Stands, owner: str) -> str:
    return f"<p>{escape(sentence(claim, found, owner))}</p>"


def _question(claim: Claim, found: Stands) -> str:
    label = f"{escape(claim.person)}：由我接手 · I take it on"
    return f"{_of(claim)}{_how(claim, found, '')}<form method='post'><button autofocus>{label}</button></form>"


def _stood(claim: Claim, found: Stands, owner: str) -> HTMLResponse:
    return _page(_STATUS[found], _of(claim) + _how(claim, found, owner))


def _refusal(why: str, more: str = "") -> HTMLResponse:
    status, text = _REFUSED[why]
    return _page(status, f"<p>{text}</p>{more}")


def _unavailable(error: Recoverable) -> HTMLResponse:
    log.warning("an acknowledgement could not be taken: %s", error)
    return _refusal("unavailable")


def _page(status: int, body: str) -> HTMLResponse:
    style = "body{font:1.2rem sans-serif;margin:3rem auto;max-width:30rem}button{font:inherit;padding:1rem;width:100%}"
    head = "<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>烽火 Fenghuo</title>"
    page = f"<!doctype html><html lang='zh'><head>{head}<style>{style}</style></head><body>{body}</body></html>"
    return HTMLResponse(page, status_code=status, headers=HEADERS)
