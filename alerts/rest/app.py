"""The API as one ASGI application, to be mounted under ``/v1``. It starts nothing: everything is handed in."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field

from alerts.rest import cases, incidents, plans, problems, rota, rules, silences, words
from alerts.rest.office import Office
from alerts.rest.who import Here, Viewer
from contracts.access import Action, may

ROUTERS = (
    incidents.router,
    silences.router,
    rota.router,
    plans.router,
    cases.router,
    rules.router,
    words.router,
)
DESCRIPTION = """
What people and programs read and do. Send `Authorization: Bearer TOKEN` with every request; `fenghuo people token NAME`
makes one.

Each write becomes one command in the log and stands in the ledger: the answer `202` says that the log has it, and the
view shows it a moment later. Errors are `application/problem+json`: what is wrong, where, and what to do. Times are
RFC 3339; those of incidents are event times.
"""
_me = APIRouter(tags=["me"])


class Me(BaseModel):
    """Whom the token belongs to."""

    name: str
    role: str
    may: list[str] = Field(description="What the role may do.")
    reached: datetime | None = Field(description="Event time that the view has reached; none while it is empty.")


@_me.get("/me", summary="Who am I, and what may I do?")
async def me(who: Viewer, here: Here) -> Me:
    """Also a way to try a token, and to see whether the view answers."""
    able = [one.value for one in Action if may(who.role, one)]
    return Me(name=who.name, role=who.role, may=able, reached=await here.view.reached())


def make_api(office: Office) -> FastAPI:
    """The API over ``office``; its OpenAPI document stands at ``/openapi.json`` of where it is mounted."""
    app = FastAPI(
        title="Fenghuo",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses=dict(problems.examples(401, 403, 422, 429, 503)),
        servers=[{"url": "/v1"}],
        root_path_in_servers=False,
    )
    app.state.office = office
    for router in (_me, *ROUTERS):
        app.include_router(router)
    problems.handle(app)
    return app
