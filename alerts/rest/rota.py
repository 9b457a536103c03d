"""``/v1/rota``: who is on duty, whom each tier pages, the shifts ahead, and swaps."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from alerts.duty.rota import on_duty, shifts, step_people
from alerts.duty.settings import Shift, Swap
from alerts.duty.swaps import made_before, refusal
from alerts.rest.giving import Given, Key, give
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Swapper, Viewer
from contracts.records import CommandKind, Tier
from contracts.records.incident import rfc3339

router = APIRouter(prefix="/rota", tags=["rota"])
EVERYBODY = "*"
MOST_DAYS = 400


class OnDuty(BaseModel):
    """Who has one rota."""

    rota: str
    person: str | None = Field(description="Nobody outside of its hours.")


class StepPeople(BaseModel):
    """Whom one step of an escalation pages."""

    tier: Tier
    step: int
    after: timedelta
    people: list[str]


class Duty(BaseModel):
    """Who is on duty at a time."""

    at: datetime
    on: list[OnDuty]
    paged: list[StepPeople]


class PlannedShift(BaseModel):
    """One person from one time to another."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"rota": "duty", "person": "lin", "start": "2026-03-02T01:00:00Z", "end": "2026-03-09T01:00:00Z"}
            ]
        }
    )

    rota: str
    person: str
    start: datetime
    end: datetime


class SwapCard(BaseModel):
    """One swap that was commanded and is not over."""

    id: str
    rota: str
    out: str
    into: str
    start: datetime
    end: datetime
    author: str
    comment: str


class NewSwap(BaseModel):
    """Somebody stands in for somebody else."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rota": "duty",
                    "out": "lin",
                    "into": "wang",
                    "start": "2026-03-02T09:00:00+08:00",
                    "end": "2026-03-03T09:00:00+08:00",
                    "comment": "dentist",
                }
            ]
        },
    )

    rota: str
    out: str = Field(description="Who would have been on duty, swaps before this one considered.")
    into: str = Field(description="Who is instead.")
    start: AwareDatetime
    end: AwareDatetime
    comment: Annotated[str, Field(max_length=500)] = ""


When = Annotated[AwareDatetime | None, Query(description="RFC 3339 with a zone; now, if not given.")]


@router.get("", summary="Who is on duty")
async def now(who: Viewer, here: Here, at: When = None) -> Duty:
    """Of each rota the person, of each tier's escalation whom each step pages; swaps considered."""
    when = at or here.clock.now()
    duty = here.duty_now((await here.books.deciding()).swaps())
    paged = [
        StepPeople(
            tier=tier, step=number, after=step.after, people=[one.name for one in step_people(duty, tier, number, when)]
        )
        for tier, plan in sorted(duty.escalation.items(), key=lambda pair: pair[0].rank)
        for number, step in enumerate(plan.steps)
    ]
    on = [OnDuty(rota=one.name, person=on_duty(one, when)) for one in duty.rotas]
    return Duty(at=when, on=on, paged=paged)


@router.get("/shifts", summary="The shifts ahead")
async def planned(
    who: Viewer,
    here: Here,
    start: When = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 14,
    rota: Annotated[str | None, Query(max_length=200)] = None,
) -> list[PlannedShift]:
    """Of one rota or all, by start; swaps considered."""
    begin = start or here.clock.now()
    end = begin + timedelta(days=days)
    duty = here.duty_now((await here.books.deciding()).swaps())
    found = [
        _planned(one.name, shift) for one in duty.rotas if rota in (None, one.name) for shift in shifts(one, begin, end)
    ]
    return sorted(found, key=lambda one: (one.start, one.rota))


@router.get(
    "/{rota}.ics",
    summary="A rota as iCalendar",
    responses={**examples(404), 200: {"content": {"text/calendar": {}}}},
    response_class=Response,
)
async def calendar(
    who: Viewer,
    here: Here,
    rota: Annotated[str, Path(max_length=200)],
    start: When = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 90,
) -> Response:
    """The shifts ahead of one rota for everybody's own calendar; swaps considered."""
    from alerts.duty.ical import to_ical  # a tenth of a second, and few ask

    duty = here.duty_now((await here.books.deciding()).swaps())
    found = next((one for one in duty.rotas if one.name == rota), None)
    if found is None:
        known = ", ".join(one.name for one in duty.rotas) or "none"
        raise Problem(404, f"no rota is called {rota}", "path.rota", f"one of: {known}")
    begin = (start or here.clock.now()).replace(second=0, microsecond=0)
    payload = await asyncio.to_thread(to_ical, found, begin, begin + timedelta(days=days))
    return Response(payload, media_type="text/calendar", headers={"Cache-Control": "no-store"})


@router.get("/swaps", summary="Swaps that are not over")
async def swaps(who: Viewer, here: Here) -> list[SwapCard]:
    """Those that were commanded, the oldest first; those of duty.yaml stand there."""
    known = (await here.books.deciding()).swaps().values()
    return [
        SwapCard(
            id=one.id,
            rota=one.rota,
            out=one.swap.out,
            into=one.swap.into,
            start=one.swap.start,
            end=one.swap.end,
            author=one.author,
            comment=one.swap.comment,
        )
        for one in known
    ]


@router.post("/swaps", status_code=202, summary="Swap a duty")
async def swap(who: Swapper, here: Here, body: NewSwap, key: Key = None) -> Given:
    """Whatever is paged from then on follows it, and so do later swaps: a stand-in can be replaced.

    To take one back, swap the other way round for the same time. 422 when `out` has no duty then."""
    wanted = Swap.model_construct(out=body.out, into=body.into, start=body.start, end=body.end)
    before = made_before((await here.books.deciding()).swaps(), key)
    found = refusal(here.duty_now(before), body.rota, wanted, here.clock.now())
    if found is not None:
        field, wrong, instead = found
        raise Problem(422, wrong, f"body.{field}", instead)
    args = {"rota": body.rota, "out": body.out, "into": body.into}
    times = {"start": rfc3339(body.start), "end": rfc3339(body.end)}
    return await give(here, key, who, CommandKind.SWAP, EVERYBODY, {**args, **times}, body.comment)


def _planned(rota: str, shift: Shift) -> PlannedShift:
    return PlannedShift(rota=rota, person=shift.person, start=shift.start, end=shift.end)
