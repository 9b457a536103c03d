"""Errors for people: what happened, where, and what to do, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from contracts.errors import Invalid, Lost, Recoverable
from contracts.plain import more_of, sentence

TITLES = {
    400: "This request cannot be read",
    401: "Who are you?",
    403: "Your role may not do this",
    404: "There is no such thing",
    405: "That cannot be done here",
    409: "It does not fit how things stand",
    413: "Too large",
    422: "Something in it is wrong",
    429: "Too many tries",
    503: "Something behind it does not answer",
}


class ProblemBody(BaseModel):
    """How every error looks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": TITLES[404],
                    "status": 404,
                    "what": "no incident is called 0123",
                    "where": "incident",
                    "todo": "GET /v1/incidents lists those that are known",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    what: str
    """What is wrong, in a sentence."""
    where: str = ""
    """The field, header or part of the path."""
    todo: str = ""
    """What to do about it."""


class Problem(Exception):
    """Ends a request with an error of this status."""

    def __init__(self, status: int, what: str, where: str = "", todo: str = "", wait: float | None = None) -> None:
        self.status = status
        self.what = what
        self.where = where
        self.todo = todo
        self.wait = wait
        super().__init__(what)


def answer(problem: Problem) -> Response:
    """The problem as a response."""
    body = ProblemBody(
        title=TITLES.get(problem.status, "This went wrong"),
        status=problem.status,
        what=problem.what,
        where=problem.where,
        todo=problem.todo,
    )
    headers = {"Cache-Control": "no-store"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(problem.wait)))
    return JSONResponse(body.model_dump(), problem.status, headers, media_type="application/problem+json")


def handle(app: FastAPI) -> None:
    """Every error that a route of ``app`` may end with becomes a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _wrong)
    app.add_exception_handler(HTTPException, _plain)
    for kind in (Recoverable, Lost, Invalid):
        app.add_exception_handler(kind, _raised)


def examples(*statuses: int) -> Mapping[int | str, dict[str, Any]]:
    """For OpenAPI: the errors a route may end with beside those that all have."""
    return {status: {"model": ProblemBody, "description": TITLES[status]} for status in statuses}


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return answer(error)


async def _raised(request: Request, error: Exception) -> Response:
    if isinstance(error, Recoverable):
        again = "nothing was changed for sure; send the same request again, with the same Idempotency-Key"
        todo = "ask again in a moment" if request.method == "GET" else again
        return answer(Problem(503, str(error), todo=todo, wait=error.retry_after))
    if isinstance(error, Lost):
        return answer(Problem(503, str(error), todo="start the console anew; it reads everything again", wait=30))
    return answer(Problem(422, str(error), todo="mend it and send it again"))


async def _wrong(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    said = sentence({**first, "loc": first["loc"][1:]}, _asked(request)) + more_of(error.errors())
    status = 400 if first["type"] == "json_invalid" else 422
    return answer(Problem(status, said, where, "see /v1/openapi.json for what is taken here"))


def _asked(request: Request) -> object:
    """What the body of the route that was asked is."""
    field = getattr(request.scope.get("route"), "body_field", None)
    return None if field is None else field.field_info.annotation


async def _plain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path
    what = f"{request.method} {path} is no route of this API" if status in (404, 405) else str(error)
    return answer(Problem(status, what, "path", "GET /v1/openapi.json lists all routes"))
