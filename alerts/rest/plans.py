"""``/v1/plans`` and ``/v1/runs``: response plans, starting one, ticking its tasks, and its report."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from alerts.plans.fellow import run_id
from alerts.plans.lint import problems_of
from alerts.plans.report import html, markdown, report
from alerts.plans.settings import Level, Plan, PlanBook
from alerts.rest.giving import Given, Key, give
from alerts.rest.incidents import Comment, file_of
from alerts.rest.office import Office
from alerts.rest.paging import Cursor, Limit, Page, page_of
from alerts.rest.problems import Problem, examples
from alerts.rest.who import Here, Planner, Viewer
from contracts.records import CommandKind
from contracts.view import RunCard

router = APIRouter(tags=["plans"])
PlanName = Annotated[str, Path(max_length=100)]
RunId = Annotated[str, Path(max_length=200, description="The run's whole id.")]


class PlanLine(BaseModel):
    """One plan as a line of a list."""

    name: str
    zh: str
    en: str
    tasks: int
    by_rule: bool = Field(description="Whether rules start it; by hand anybody may.")


class NewRun(BaseModel):
    """A plan to start."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"plan": "outage", "incident": "b426a466e2af89fc", "level": "II"}]},
    )

    plan: Annotated[str, Field(max_length=100)]
    incident: Annotated[str, Field(max_length=64)] = Field(default="", description="The open incident that carries it.")
    brand: Annotated[str, Field(max_length=200)] = Field(default="", description="That of the incident, if not given.")
    level: Level = Level.II
    drill: bool = Field(default=False, description="Tell nobody outside.")
    comment: Comment = ""


class Does(StrEnum):
    """What is done with a task."""

    DONE = "done"
    SKIP = "skip"


class Ticked(BaseModel):
    """A task is done, or not needed this time."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"do": "done", "comment": "sent at 12:40"}]}
    )

    do: Does = Does.DONE
    comment: Comment = ""


class Closed(BaseModel):
    """The run is over."""

    model_config = ConfigDict(extra="forbid")

    comment: Comment = ""


@router.get("/plans", summary="Plans that can be started")
async def plans(who: Viewer, here: Here) -> list[PlanLine]:
    """By name."""
    book = sorted((await here.plans_now()).plans, key=lambda one: one.name)
    return [
        PlanLine(name=one.name, zh=one.title.zh, en=one.title.en, tasks=len(one.tasks), by_rule=bool(one.starts))
        for one in book
    ]


@router.get("/plans/{plan}", summary="One plan", responses=dict(examples(404)))
async def plan(who: Viewer, here: Here, plan: PlanName) -> Plan:
    """Roles, tasks with deadlines and checklists, clocks, templates."""
    return _plan(await here.plans_now(), plan, 404, "path.plan")


@router.get("/runs", summary="Runs of plans")
async def runs(
    who: Viewer,
    here: Here,
    brand: Annotated[str | None, Query(max_length=200)] = None,
    closed: Annotated[bool, Query(description="Those that are closed too.")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[RunCard]:
    """By start, the oldest first."""
    found = await here.view.runs(brand, closed=closed)
    return page_of(found, lambda one: (one.started.timestamp(), one.run), limit, cursor)


@router.post("/runs", status_code=202, summary="Start a plan", responses=dict(examples(404, 409)))
async def start(who: Planner, here: Here, body: NewRun, key: Key = None) -> Given:
    """`run` of the answer is the id of the run. 409 when the incident is over."""
    book = await here.plans_now()
    chosen = _plan(book, body.plan, 422, "body.plan")
    found = problems_of(chosen, book.places)
    if found:
        raise Problem(422, found[0], "body.plan", "mend the file; `fenghuo check` names every mistake")
    brand = await _brand(here, body)
    args = {"do": "start", "plan": body.plan, "level": body.level.value, "drill": body.drill, "incident": body.incident}
    given = await give(here, key, who, CommandKind.PLAN, brand, args, body.comment, body)
    return given.model_copy(update={"run": run_id(body.plan, given.command)})


@router.get("/runs/{run}", summary="One run", responses=dict(examples(404)))
async def run(who: Viewer, here: Here, run: RunId) -> RunCard:
    """Its tasks and clocks as they stand."""
    return await _run(here, run)


@router.post("/runs/{run}/tasks/{task}", status_code=202, summary="Tick a task", responses=dict(examples(404, 409)))
async def tick(
    who: Planner, here: Here, run: RunId, task: Annotated[str, Path(max_length=100)], body: Ticked, key: Key = None
) -> Given:
    """Done or skipped. 409 when the run is closed, the task is done, or others must be done before."""
    card = await _open_run(here, run)
    sheet = next((one for one in card.tasks if one.name == task), None)
    if sheet is None:
        known = ", ".join(one.name for one in card.tasks)
        raise Problem(404, f"run {run} has no task {task}", "path.task", f"it has: {known}")
    if sheet.state in ("done", "skipped") and sheet.by != who.name:
        raise Problem(409, f"{sheet.by} has {sheet.state} it already", "path.task", "nothing is left to do")
    waiting = [one.name for one in card.tasks if one.name in sheet.needs and one.state not in ("done", "skipped")]
    if waiting and body.do is Does.DONE:
        raise Problem(409, f"{', '.join(waiting)} must be done before", "path.task", "do or skip that first")
    args = {"do": body.do.value, "run": run, "task": task, "by": who.name}
    return await give(here, key, who, CommandKind.PLAN, card.brand, args, body.comment)


@router.post("/runs/{run}/close", status_code=202, summary="Close a run", responses=dict(examples(404, 409)))
async def close(who: Planner, here: Here, run: RunId, body: Closed, key: Key = None) -> Given:
    """What was not done stays so."""
    card = await _open_run(here, run)
    args = {"do": "close", "run": run, "task": "", "by": who.name}
    return await give(here, key, who, CommandKind.PLAN, card.brand, args, body.comment)


@router.get(
    "/runs/{run}/report",
    summary="The report of a run",
    responses={**examples(404), 200: {"content": {"text/html": {}, "text/markdown": {}}}},
    response_class=Response,
)
async def told(
    who: Viewer,
    here: Here,
    run: RunId,
    form: Annotated[str, Query(alias="format", pattern="^(html|markdown)$")] = "html",
) -> Response:
    """Every step, time and person, as the ledger has them."""
    events = await here.books.run(run)
    if not events:
        raise Problem(404, f"the ledger knows of no run {run}", "path.run", "GET /v1/runs lists runs")
    made = report(events, ZoneInfo(here.zone))
    if form == "html":
        return HTMLResponse(
            html(made), headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        )
    return PlainTextResponse(markdown(made), media_type="text/markdown")


def _plan(book: PlanBook, name: str, status: int, where: str) -> Plan:
    found = book.plan(name)
    if found is None:
        known = ", ".join(one.name for one in book.plans)
        raise Problem(status, f"no plan is called {name}", where, f"one of: {known or 'none'}")
    return found


async def _brand(here: Office, body: NewRun) -> str:
    if not body.incident:
        if not body.brand:
            raise Problem(422, "for which brand?", "body.brand", "name the brand or the incident")
        return body.brand
    card = (await file_of(here, body.incident)).card
    if not card.open:
        raise Problem(409, f"incident {body.incident} is over", "body.incident", "name the brand alone")
    if body.brand not in ("", card.brand):
        raise Problem(422, f"this incident is of {card.brand}", "body.brand", "leave the brand out")
    return card.brand


async def _run(here: Office, run: str) -> RunCard:
    found = next((one for one in await here.view.runs(closed=True) if one.run == run), None)
    if found is None:
        raise Problem(404, f"no run is called {run}", "path.run", "GET /v1/runs lists them")
    return found


async def _open_run(here: Office, run: str) -> RunCard:
    found = await _run(here, run)
    if found.closed is not None:
        raise Problem(409, f"run {run} was closed by {found.closed_by}", "path.run", "start the plan anew")
    return found
