"""The console as one ASGI application. It starts nothing and reads no environment: everything is handed in."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from contracts.errors import FenghuoError, Recoverable
from contracts.tries import Tries
from dashboards.console.guard import Guard
from dashboards.console.hub import Hub
from dashboards.console.pages import cases, duty, health, incident, live, papers, plans, sentiment, signin, tuning
from dashboards.console.parts import Parts
from dashboards.console.session import Over, Sessions
from dashboards.console.visit import Office, Refused, SignInNeeded, Visit, environment, guest, visit

STATIC = Path(__file__).parent / "static"
PAGES = (signin, duty, live, incident, plans, sentiment, cases, tuning, papers, health)


def make_app(parts: Parts) -> FastAPI:
    """The console over ``parts``; raises ValueError for a short key."""
    if len(parts.key) < 16:
        raise ValueError("the key that signs sessions needs at least 16 bytes")
    app = FastAPI(title="Fenghuo console", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office = Office(
        parts, Sessions(parts.key), Tries(), Over(parts.endings, parts.clock), Hub(parts.view), environment()
    )
    app.add_middleware(Guard)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount("/libraries", StaticFiles(directory=parts.libraries))
    for page in PAGES:
        app.include_router(page.router)
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(FenghuoError, _failed)
    app.add_exception_handler(HTTPException, _unknown)
    return app


async def _sign_in(request: Request, _: Exception) -> Response:
    wanted = request.url.path if request.method == "GET" else "/"
    if request.headers.get("hx-request") == "true":
        back = request.headers.get("hx-current-url", "")
        place = "/" + back.split("/", 3)[3] if back.count("/") >= 3 else "/"
        return Response(status_code=401, headers={"HX-Redirect": _door(place)})
    return RedirectResponse(_door(wanted), 303)


def _door(wanted: str) -> str:
    from urllib.parse import quote

    return f"/sign-in?over=1&next={quote(wanted, safe='')}"


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return await _told(request, error.status, error.words[0], error.words[1])


async def _failed(request: Request, error: Exception) -> Response:
    waits = isinstance(error, Recoverable)
    zh = "暂时读不到数据或写不进命令，什么都没有改变；请稍后再试。" if waits else "这样不行，什么都没有改变。"
    en = "Data or log cannot be reached just now; nothing was changed. Try again in a moment." if waits else (
        "This cannot be done; nothing was changed.")  # fmt: skip
    return await _told(request, 503 if waits else 400, zh, en, str(error))


async def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return await _told(request, status, "没有这个页面。", "There is no such page.")


async def _told(request: Request, status: int, zh: str, en: str, more: str = "") -> HTMLResponse:
    seen: Visit = guest(request)
    if seen.partial:
        text = " ".join(filter(None, (seen.say(zh, en), more)))
        return HTMLResponse(seen.draw("parts/said.html", text=text, bad=True), status)
    try:
        seen = await visit(request)
    except SignInNeeded:
        return seen.page("told.html", status, text=seen.say(zh, en), more=more, here="")
    return seen.page("told.html", status, text=seen.say(zh, en), more=more, here="")
