"""Runs of plans as the ledger tells them, and drills that need nothing running."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from alerts.ledger.verify import Found
from alerts.names import nearest
from alerts.plans.events import PlanEvent, by_run, plan_event
from alerts.plans.machine import Begin, Run, close, done, raise_level, start, tick
from alerts.plans.settings import Level, Plan
from alerts.spans import span
from contracts.errors import InvalidFile

WALK = "推演 walk-through"
_LINE = re.compile(r"\+(\d{1,6}[smhd])\s+(done|skip|raise|close)(?:\s+(\S+))?(?:\s+(\S+))?(?:\s+(.*))?")


def runs_of(found: Sequence[Found]) -> dict[str, list[PlanEvent]]:
    """Events of each run that the ledger holds, runs by their start; what is no event of a run is passed over."""
    events = (plan_event(one.entry) for one in found if one.entry is not None)
    runs = by_run([one for one in events if one is not None])
    return {name: runs[name] for name in sorted(runs, key=lambda name: (runs[name][0].at, name))}


@dataclass(frozen=True, slots=True)
class Cue:
    """One step of a drill."""

    after: timedelta
    what: str
    task: str = ""
    by: str = ""
    note: str = ""


def read_script(path: Path, plan: Plan) -> list[Cue]:
    """The steps of a drill of ``plan``, a line each: ``+12m done confirm Li note``; raises InvalidFile naming the row.

    ``skip`` takes the same, ``raise`` a level, ``close`` nothing. Empty lines and those that begin with # are free.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFile(str(path), f"cannot be read ({type(error).__name__})") from error
    cues = []
    for row, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            cues.append(_cue(line.strip(), path, row))
            _known_task(cues[-1], plan, path, row)
    return sorted(cues, key=lambda cue: cue.after)


def _known_task(cue: Cue, plan: Plan, path: Path, row: int) -> None:
    tasks = [task.name for task in plan.tasks]
    if cue.what in ("done", "skip") and cue.task not in tasks:
        raise InvalidFile(
            str(path), f"no task of {plan.name} is called {cue.task}; {nearest(cue.task, tasks)}", row=row
        )


def drill(plan: Plan, begin: Begin, script: Sequence[Cue] | None) -> list[PlanEvent]:
    """A run on paper: by the script, or as if each task were done by its owner at its deadline."""
    run, first = start(plan, begin)
    events = list(first)
    if script is None:
        return events + _walked(run, begin.at)
    for cue in script:
        run, more = _stepped(run, plan, cue, begin.at + cue.after)
        events.extend(more)
    return events


def _walked(run: Run, at: datetime) -> list[PlanEvent]:
    events: list[PlanEvent] = []
    last = at
    left = sorted((step.sheet for step in run.steps), key=lambda sheet: sheet.due)
    while left:
        open_names = {sheet.name for sheet in left}
        sheet = next((one for one in left if not open_names & set(one.needs)), left[0])
        left.remove(sheet)
        last = max(last, sheet.due)
        run, more = done(run, sheet.name, sheet.role.both, last, note=WALK)
        events.extend(more)
    _, more = close(run, WALK, last)
    return [*events, *more]


def _stepped(run: Run, plan: Plan, cue: Cue, at: datetime) -> tuple[Run, tuple[PlanEvent, ...]]:
    if cue.what == "raise":
        return raise_level(run, plan, Level(cue.task), at)
    if cue.what == "close":
        return close(run, cue.by or WALK, at, cue.note)
    run, before = tick(run, at, inclusive=False)
    run, after = done(run, cue.task, cue.by or WALK, at, skipped=cue.what == "skip", note=cue.note)
    return run, (*before, *after)


def _cue(line: str, path: Path, row: int) -> Cue:
    match = _LINE.fullmatch(line)
    after = span(match[1]) if match else None
    if match is None or not isinstance(after, timedelta):
        raise InvalidFile(str(path), "must be like: +12m done TASK PERSON NOTE", row=row)
    what, task = match[2], match[3] or ""
    if what == "close":
        return Cue(after, what, "", task, " ".join(part for part in (match[4], match[5]) if part))
    if what == "raise" and task not in tuple(Level):
        raise InvalidFile(str(path), "raise needs a level: I, II, III or IV", row=row)
    if not task:
        raise InvalidFile(str(path), f"{what} needs a task", row=row)
    return Cue(after, what, task, match[4] or "", match[5] or "")
