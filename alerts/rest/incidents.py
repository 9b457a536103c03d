"""``/v1/incidents``: what is open, its timeline, why somebody was (not) told; taking on and handing over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from alerts.rest.giving import Given, Key, give
from alerts.rest.office import Office
from alerts.rest.paging import Cursor, Limit, Page, page_of
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Acker, Here, Viewer
from alerts.why import Answer
from contracts.records import CommandKind, IncidentEventKind, SignalKind, Tier
from contracts.view import IncidentCard, IncidentFile

router = APIRouter(prefix="/incidents", tags=["incidents"])
IncidentId = Annotated[str, Path(min_length=8, max_length=64, description="The incident's whole id.")]
Comment = Annotated[str, Field(max_length=500, description="What you want to say; it stands in the ledger.")]


class Why(BaseModel):
    """What became of one signal."""

    at: datetime
    signal: str
    series: str
    kind: SignalKind
    score: float
    support: int
    observed: float
    expected: float
    rule: str = Field(description="The rule that decided; empty when none fits.")
    tier: Tier | None = Field(description="What the signal alone deserves.")
    reason: str = Field(description="Why the incident changed, why nothing did, or what kept it from being told.")
    event: IncidentEventKind | None = Field(description="The change it made, if it made one.")
    told: bool
    sentence: str

    @classmethod
    def of(cls, one: Answer) -> Why:
        """The answer as it is shown."""
        given = {name: getattr(one, name) for name in cls.model_fields if name not in ("reason", "sentence")}
        return cls(**given, reason=one.reason.value, sentence=one.sentence())


class Taken(BaseModel):
    """Somebody takes it on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "calling the warehouse"}]})

    comment: Comment = ""


class HandedOver(BaseModel):
    """It passes to somebody else, who has taken it on from then."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "wang", "comment": "shift ends"}]})

    to: Annotated[str, Field(min_length=1, max_length=200, description="A name of `fenghuo people list`.")]
    comment: Comment = ""


@router.get("", summary="Incidents, open or ended")
async def incidents(
    who: Viewer,
    here: Here,
    state: Annotated[str, Query(pattern="^(open|ended)$", description="`open` or `ended`.")] = "open",
    brand: Annotated[str | None, Query(max_length=200)] = None,
    tier: Annotated[Tier | None, Query(description="At least this tier.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[IncidentCard]:
    """Open ones: the highest tier first, then the latest change. Ended ones: the last first."""
    if state == "open":
        cards = await here.view.open_incidents(brand)
        fitting = [one for one in cards if tier is None or one.tier.rank >= tier.rank]
        return page_of(fitting, lambda one: (-one.tier.rank, -one.changed.timestamp(), one.incident), limit, cursor)
    ended = await here.view.ended(brand, limit=100_000)
    fitting = [one for one in ended if tier is None or one.highest.rank >= tier.rank]
    return page_of(fitting, lambda one: (-(one.ended or one.changed).timestamp(), one.incident), limit, cursor)


@router.get("/{incident}", summary="One incident with its timeline", responses=dict(examples(404)))
async def incident(who: Viewer, here: Here, incident: IncidentId) -> IncidentFile:
    """Its changes, who was told of each, the escalation so far, its plans, and what is due next."""
    return await file_of(here, incident)


@router.get("/{incident}/why", summary="Why was I (not) told?", responses=dict(examples(404)))
async def why(who: Viewer, here: Here, incident: IncidentId, limit: Limit = 100, cursor: Cursor = None) -> Page[Why]:
    """Each of its last signals with its rule, its tier, what it changed, and what kept it from being told."""
    answers = (await here.books.deciding()).about(incident)
    if not answers:
        await file_of(here, incident)
    return page_of([Why.of(one) for one in answers], lambda one: (one.at.timestamp(), one.signal), limit, cursor)


@router.post("/{incident}/ack", status_code=202, summary="Take it on", responses=dict(examples(404, 409)))
async def ack(who: Acker, here: Here, incident: IncidentId, body: Taken, key: Key = None) -> Given:
    """You have it from now: nobody is paged for it any more. 409 when it is over or somebody else has it."""
    card = await open_card(here, incident)
    if card.owner and card.owner != who.name:
        raise Problem(409, f"{card.owner} has taken it on already", "incident", "hand it over with …/hand-over")
    args = {"incident": incident, "by": who.name}
    return await give(here, key, who, CommandKind.ACK, card.brand, args, body.comment)


@router.post("/{incident}/hand-over", status_code=202, summary="Hand it over", responses=dict(examples(404, 409)))
async def hand_over(who: Acker, here: Here, incident: IncidentId, body: HandedOver, key: Key = None) -> Given:
    """Somebody else has it from now. 409 when it is over, 422 when nobody of that name may take it on."""
    card = await open_card(here, incident)
    known = here.tokens.colleagues()
    if body.to not in known:
        raise Problem(422, f"nobody called {body.to} may take incidents on", "body.to", f"one of {', '.join(known)}")
    args = {"incident": incident, "to": body.to}
    return await give(here, key, who, CommandKind.HAND_OVER, card.brand, args, body.comment)


async def file_of(here: Office, incident: str) -> IncidentFile:
    """The incident; 404 when it is not known."""
    found = await here.view.incident(incident)
    if found is None:
        raise Problem(
            404, f"no incident is called {incident}", "path.incident", "GET /v1/incidents lists those that are known"
        )
    return found


async def open_card(here: Office, incident: str) -> IncidentCard:
    """The open incident; 404 when it is not known, 409 when it is over."""
    card = (await file_of(here, incident)).card
    if not card.open:
        raise Problem(409, f"incident {incident} is over", "path.incident", "there is nothing left to do")
    return card
