"""The HTTP door: requests to items and outcomes to answers; everything else is :mod:`streams.door`.

Plain request handlers on purpose: the bodies are taken apart by orjson and the intake's own models, which
costs a fifth of what declared body models do.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import orjson
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from contracts.errors import InvalidRecord, OutOfSpace, Recoverable
from contracts.records import CaseEvent, Mention
from streams.door import Deps, Door, Guest, Outcome
from streams.pulse import PULSE_SECONDS
from streams.settings import Kind
from streams.sources.body import Body, Refusal, items

_LOG = logging.getLogger("fenghuo.intake")
_PROGRESS_BYTES = 10_000

Handler = Callable[[Request], Awaitable[Response]]


def create_app(deps: Deps) -> FastAPI:
    """The application: ``/v1/mentions``, ``/v1/case-events``, ``/v1/progress`` and ``/healthz``.

    Its lifespan writes the marks of living sources every second and sends what waits before it ends. The door
    itself is ``app.state.door``.
    """
    door = Door(deps)
    desk = _Desk(deps, door)
    app = FastAPI(title="Fenghuo intake", lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.door = door
    app.add_route("/v1/mentions", _answered(desk.mentions), methods=["POST"])
    app.add_route("/v1/case-events", _answered(desk.case_events), methods=["POST"])
    app.add_route("/v1/progress", _answered(desk.progress), methods=["POST"])
    app.add_route("/healthz", desk.healthz, methods=["GET"])
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    beating = asyncio.create_task(_beat(app.state.door))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await app.state.door.close()


async def _beat(door: Door) -> None:
    while True:
        try:
            await door.pulse()
        except Recoverable as error:
            _LOG.warning("progress marks wait: %s", error)
        await asyncio.sleep(PULSE_SECONDS)


class _Desk:
    """The handlers."""

    def __init__(self, deps: Deps, door: Door) -> None:
        self._clock = deps.clock
        self._limits = deps.sources.intake
        self._door = door
        self._by_token = {
            guest.source.token_sha256: guest for guest in door.guests.values() if guest.source.token_sha256 is not None
        }

    async def mentions(self, request: Request) -> Response:
        """``POST /v1/mentions``."""
        return await self._take(request, Mention)

    async def case_events(self, request: Request) -> Response:
        """``POST /v1/case-events``."""
        return await self._take(request, CaseEvent)

    async def progress(self, request: Request) -> Response:
        """``POST /v1/progress`` with ``{"event_time": …}``."""
        guest = self._welcome(request)
        if guest.source.kind is not Kind.CLOCKED:
            raise Refusal(
                403, f"only sources of kind clocked say how far their time is; this one is {guest.source.kind}"
            )
        found = items(await self._body(request, _PROGRESS_BYTES), "application/json", 1)
        if not found or not isinstance(found[0], dict) or "event_time" not in found[0]:
            raise Refusal(400, 'send {"event_time": "2026-01-05T09:30:00+08:00"}')
        at = await self._door.progress(guest, found[0]["event_time"], _place(request))
        return _json(200, {"event_time": at.isoformat()})

    async def healthz(self, request: Request) -> Response:
        """``GET /healthz``: the process answers; ``waiting`` items are on their way to the log."""
        return _json(200, {"status": "ok", "waiting": self._door.waiting})

    async def _take(self, request: Request, kind: type[Mention] | type[CaseEvent]) -> Response:
        guest = self._welcome(request)
        body = b""
        try:
            body = await self._body(request, self._limits.max_body)
            found = items(body, request.headers.get("content-type", ""), self._limits.max_items)
        except Refusal as refusal:
            guest.bucket.charge(1, self._clock.monotonic())
            await self._door.refuse(guest, str(refusal), f"{_place(request)} body", body or None)
            raise
        guest.bucket.charge(len(found), self._clock.monotonic())
        return _reply(await self._door.take(guest, found, _place(request), kind=kind))

    def _welcome(self, request: Request) -> Guest:
        """The source behind the token, if it may send now."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(401, "say who you are: Authorization: Bearer TOKEN")
        digest = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
        guest = self._by_token.get(digest)
        if guest is None or not hmac.compare_digest(digest, guest.source.token_sha256 or ""):
            raise Refusal(403, "no source has this token; its SHA-256 belongs into sources.yaml as token_sha256")
        wait = guest.bucket.wait(self._clock.monotonic())
        if wait > 0:
            rate = guest.source.rate.per_second
            raise Refusal(429, f"more than {rate:,.0f} items a second; slow down", retry_after=wait)
        return guest

    async def _body(self, request: Request, limit: int) -> bytes:
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("gzip", "x-gzip", "identity", ""):
            raise Refusal(415, "only gzip is understood as Content-Encoding")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > limit:
            raise Refusal(413, f"the body is larger than {limit:,} bytes; send it in parts")
        body = Body(packed=encoding.endswith("gzip"), limit=limit, unpacked=self._limits.max_unpacked)
        async for chunk in request.stream():
            body.feed(chunk)
        return body.whole()


def _answered(handler: Handler) -> Handler:
    """Errors as answers: a sentence each."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as error:
            return _error(error.status, str(error), error.retry_after)
        except InvalidRecord as error:
            return _error(400, str(error))
        except OutOfSpace as error:
            return _error(507, f"{error}; nothing of this request was kept for sure, send it again", error.retry_after)
        except Recoverable as error:
            return _error(503, f"{error}; nothing of this request was kept for sure, send it again", error.retry_after)
        except ClientDisconnect:
            return _error(400, "the request was cut off")

    return answer


def _reply(outcome: Outcome) -> Response:
    status = 200 if not outcome.refused else 207 if outcome.accepted else 400
    refused = [{"index": one.index, "field": one.field, "reason": one.reason} for one in outcome.refused]
    return _json(status, {"accepted": outcome.accepted, "refused": refused, "ignored": list(outcome.ignored)})


def _error(status: int, sentence: str, retry_after: float | None = None) -> Response:
    response = _json(status, {"error": sentence})
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return response


def _json(status: int, content: object) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def _place(request: Request) -> str:
    return f"POST {request.scope['path']}"
