"""Coming in, going out, and the language."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import Unavailable
from dashboards.console.session import IDLE
from dashboards.console.visit import COOKIE, LANGUAGE, Gone, Visit, fields, form, guest, keep

router = APIRouter()
_YEAR = timedelta(days=365)
_ALONE = (
    "已退出；其他控制台进程暂时通知不到，那里最迟两小时不用后失效。",
    "Signed out; other processes of the console cannot be told just now: there it ends after two hours without use.",
)
log = logging.getLogger(__name__)


@router.get("/sign-in")
async def ask(seen: Annotated[Visit, Depends(guest)], next: str = "/", over: str = "", alone: str = "") -> Response:
    """The form."""
    alone = seen.say(*_ALONE) if alone else ""
    return seen.page("signin.html", next=within(next), over=bool(over), wrong=alone, here="")


@router.post("/sign-in")
async def enter(request: Request, seen: Annotated[Visit, Depends(guest)]) -> Response:
    """Check name and password; a session begins."""
    given = await fields(request)
    name, place = given.get("name", "").strip()[:200], within(given.get("next", "/"))
    now, office = seen.parts.clock.now(), seen.office
    if office.tries.blocked(name, now):
        wrong = seen.say("尝试太多次，请五分钟后再来。", "Too many tries; come back in five minutes.")
        return seen.page("signin.html", 429, next=place, over=False, wrong=wrong, here="")
    person = await asyncio.to_thread(seen.parts.people.check, name, given.get("password", "")[:1000])
    if person is None:
        office.tries.failed(name, now)
        wrong = seen.say("姓名或密码不对。", "Name or password is wrong.")
        return seen.page("signin.html", 401, next=place, over=False, wrong=wrong, here="")
    answer = RedirectResponse(place, 303)
    keep(answer, COOKIE, office.sessions.cookie(office.sessions.begin(person.name, now)), seen.parts, IDLE)
    return answer


@router.post("/sign-out")
async def leave(seen: Annotated[Visit, Depends(form)]) -> Response:
    """The session ends, in every process; where the others cannot hear of it just now, the next page says so."""
    place = "/sign-in"
    if seen.session is not None:
        seen.office.sessions.end(seen.session)
        try:
            await seen.office.over.end(seen.session)
        except Unavailable as error:
            log.warning("the end of a session cannot be told to other processes: %s", error)
            place = "/sign-in?alone=1"
    answer = RedirectResponse(place, 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.get("/language/{language}")
async def switch(language: str, seen: Annotated[Visit, Depends(guest)], next: str = "/") -> Response:
    """Chinese or English from now on, in this browser."""
    if language not in ("zh", "en"):
        raise Gone(("只有中文和英文。", "There is Chinese and English only."))
    answer = RedirectResponse(within(next), 303)
    keep(answer, LANGUAGE, language, seen.parts, _YEAR)
    return answer


def within(place: str) -> str:
    """A place of this site, never another host.

    >>> within("/cases?a=1"), within("//evil"), within("https://evil"), within("/\\\\evil")
    ('/cases?a=1', '/', '/', '/')
    """
    safe = place.startswith("/") and not place.startswith("//") and "\\" not in place and place.isprintable()
    return place if safe else "/"
