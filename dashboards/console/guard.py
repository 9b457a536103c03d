"""What every answer carries and every request must pass, whatever the page: headers, and where a form came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing evaluated, nothing from another host."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE = ("GET", "HEAD", "OPTIONS")
MOST_BODY = 300_000
"""Bytes of a form: a rules file fits, a flood does not."""


class Guard:
    """ASGI middleware that streams: what is sent event by event stays so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a form of another site or of unbounded size; put the headers on every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith(("/static/", "/libraries/")):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = _refused(scope)
        await (refused or self._app)(scope, receive, dressed)


def _refused(scope: Scope) -> PlainTextResponse | None:
    if scope["method"] in SAFE:
        return None
    headers = Headers(scope=scope)
    if not same_site(headers.get("origin"), headers.get("sec-fetch-site"), headers.get("host", "")):
        return PlainTextResponse("这个请求来自别的网站。This form came from another site.\n", 403)
    length = headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BODY:
        return PlainTextResponse("内容太大。Too large.\n", 413)
    return None


def same_site(origin: str | None, fetched: str | None, host: str) -> bool:
    """Whether a browser says that a form came from our own page; a client that is no browser says nothing.

    >>> same_site("http://a:8", None, "a:8"), same_site("http://b", None, "a:8"), same_site(None, "cross-site", "a:8")
    (True, False, False)
    """
    if fetched is not None and fetched not in ("same-origin", "none"):
        return False
    return origin is None or (origin != "null" and urlsplit(origin).netloc == host)
