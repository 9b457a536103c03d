"""Response plans under way: start one, tick its tasks, close it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import JsonValue
from starlette.responses import Response

from contracts.records import CommandKind, Tier
from contracts.view import RunCard
from dashboards.console.story import file_of
from dashboards.console.visit import Gone, Refused, Visit, fields, form, visit

router = APIRouter()
LEVELS = ("I", "II", "III", "IV")


@router.get("/plans")
async def plans(seen: Annotated[Visit, Depends(visit)]) -> Response:
    """Runs that are open, then those that are closed, and which plans there are."""
    runs = await seen.parts.view.runs(closed=True)
    papers = seen.parts.papers
    return seen.page(
        "plans.html",
        open=[one for one in runs if one.closed is None],
        closed=[one for one in reversed(runs) if one.closed is not None][:50],
        plans=papers.plans() if papers is not None else (),
        here="plans",
    )


@router.post("/incidents/{incident}/plan")
async def start(incident: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """A plan starts for an incident."""
    seen.need("plan")
    card, given = (await file_of(seen, incident)).card, await fields(seen.request)
    papers = seen.parts.papers
    if papers is None or given.get("plan") not in [one.name for one in papers.plans()]:
        raise Refused(400, ("请选择一个预案。", "Choose a plan."))
    level = given.get("level", "") or LEVELS[len(Tier) - 1 - card.tier.rank]
    if level not in LEVELS:
        raise Refused(400, ("响应级别只有 I 到 IV。", "Levels are I to IV."))
    running = [one for one in await seen.parts.view.runs(card.brand) if one.incident == incident]
    if any(one.plan == given["plan"] for one in running):
        raise Refused(409, ("这个预案已经在执行。", "This plan is under way already."))
    args: dict[str, JsonValue] = {
        "do": "start",
        "plan": given["plan"],
        "level": level,
        "incident": incident,
        "drill": False,
    }
    await seen.parts.commands.give(CommandKind.PLAN, card.brand, seen.name, args)
    return seen.done(f"/incidents/{incident}", "预案已启动。", "The plan has started.")


@router.post("/runs/{run}/tasks/{task}")
async def tick(run: str, task: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """A task is done, or not needed this time."""
    seen.need("plan")
    found, given = await _run(seen, run), await fields(seen.request)
    known = next((one for one in found.tasks if one.name == task), None)
    if known is None:
        raise Gone(("预案里没有这个任务。", "The plan has no such task."))
    if known.state in ("done", "skipped"):
        raise Refused(409, (f"{known.by} 已经处理了这个任务。", f"{known.by} has seen to this task already."))
    waiting = {one.name for one in found.tasks if one.state not in ("done", "skipped")} & set(known.needs)
    if waiting:
        names = "、".join(one.title.zh for one in found.tasks if one.name in waiting)
        english = ", ".join(one.title.en for one in found.tasks if one.name in waiting)
        raise Refused(409, (f"要先完成：{names}。", f"To be done before: {english}."))
    do = "skip" if given.get("do") == "skip" else "done"
    note = given.get("note", "").strip()[:2000]
    if do == "skip" and not note:
        raise Refused(400, ("跳过任务请写明原因。", "Say why the task is skipped."))
    args = {"do": do, "run": run, "task": task, "by": seen.name}
    await seen.parts.commands.give(CommandKind.PLAN, found.brand, seen.name, args, note)
    return seen.done(_back(found), "已记录。", "Noted.")


@router.post("/runs/{run}/close")
async def close(run: str, seen: Annotated[Visit, Depends(form)]) -> Response:
    """A run is over."""
    seen.need("plan")
    found = await _run(seen, run)
    args = {"do": "close", "run": run, "task": "", "by": seen.name}
    await seen.parts.commands.give(CommandKind.PLAN, found.brand, seen.name, args)
    return seen.done(_back(found), "预案已结束。", "The plan is closed.")


async def _run(seen: Visit, run: str) -> RunCard:
    found = next((one for one in await seen.parts.view.runs(closed=True) if one.run == run), None)
    if found is None:
        raise Gone(("没有这次预案执行。", "There is no such run of a plan."))
    if found.closed is not None:
        raise Refused(409, ("这次预案已经结束。", "This run is closed already."))
    return found


def _back(run: RunCard) -> str:
    return f"/incidents/{run.incident}" if run.incident else "/plans"
