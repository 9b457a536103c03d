"""One run of a plan, pure: run and step in, run and events out.

Deadlines are fixed when a task is asked for. Time passes by :func:`tick`, which fires what is due in order of time,
so that it does not matter how often it is called. Something done at the very instant of its deadline is in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from alerts.plans.events import Dial, PlanEvent, PlanEventKind, Sheet
from alerts.plans.settings import Level, Plan, Role, Task, Text

ABANDONED = timedelta(days=30)
"""A run that nobody closed is closed after this time."""
T = TypeVar("T")
_UNKNOWN = Text(zh="未知", en="unknown")


@dataclass(frozen=True, slots=True)
class Step:
    """One task in a run."""

    sheet: Sheet
    remind_at: datetime
    done: bool = False
    """Done or skipped."""
    reminded: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """One clock in a run."""

    dial: Dial
    met_by: str
    met: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one plan."""

    id: str
    plan: str
    brand: str
    level: Level
    started_at: datetime
    incident: str = ""
    drill: bool = False
    steps: tuple[Step, ...] = ()
    clocks: tuple[Running, ...] = ()
    closed: bool = False

    def step(self, name: str) -> Step | None:
        """The task of that name, if it is asked for."""
        return next((one for one in self.steps if one.sheet.name == name), None)


@dataclass(frozen=True, slots=True)
class Begin:
    """What a run begins with."""

    id: str
    brand: str
    level: Level
    at: datetime
    by: str
    incident: str = ""
    drill: bool = False
    note: str = ""


Stepped = tuple[Run, tuple[PlanEvent, ...]]


def start(plan: Plan, begin: Begin) -> Stepped:
    """A new run."""
    blank = Run(begin.id, plan.name, begin.brand, begin.level, begin.at, begin.incident, begin.drill)
    run, tasks, clocks = _asked(blank, plan, begin.at)
    event = _event(run, PlanEventKind.STARTED, begin.at, by=begin.by, note=begin.note, title=plan.title)
    return run, (event.model_copy(update={"tasks": tasks, "clocks": clocks}),)


def raise_level(run: Run, plan: Plan, level: Level, at: datetime) -> Stepped:
    """A graver level: what it asks for besides joins with deadlines from now; nothing if it is no graver."""
    if run.closed or run.level.covers(level):
        return run, ()
    run, told = _before(run, at)
    run, tasks, clocks = _asked(replace(run, level=level), plan, at)
    event = _event(run, PlanEventKind.RAISED, at, title=plan.title)
    event = event.model_copy(update={"tasks": tasks, "clocks": clocks})
    met = [one.dial for one in run.clocks if one.met and one.dial in clocks]
    return run, (*told, event, *(_clock_met(run, dial, at) for dial in met))


def done(run: Run, task: str, by: str, at: datetime, *, skipped: bool = False, note: str = "") -> Stepped:
    """Somebody did a task (or decided that it is not needed); refused when it cannot be."""
    run, told = _before(run, at)
    step = run.step(task)
    refusal = _refusal(run, step, task, skipped=skipped)
    if step is None or refusal:
        event = _event(run, PlanEventKind.REFUSED, at, task=task, by=by, note=refusal)
        return run, (*told, event)
    kind = PlanEventKind.TASK_SKIPPED if skipped else PlanEventKind.TASK_DONE
    event = _event(run, kind, at, task=task, by=by, note=note, title=step.sheet.title, due=step.sheet.due)
    steps = tuple(replace(one, done=True) if one is step else one for one in run.steps)
    run, met = _met(replace(run, steps=steps), task, at) if not skipped else (replace(run, steps=steps), ())
    return run, (*told, event, *met)


def close(run: Run, by: str, at: datetime, note: str = "") -> Stepped:
    """The run ends; what was not done stays so."""
    run, told = _before(run, at)
    if run.closed:
        return run, (*told, _event(run, PlanEventKind.REFUSED, at, by=by, note="the run is closed already"))
    return replace(run, closed=True), (*told, _event(run, PlanEventKind.CLOSED, at, by=by, note=note))


def tick(run: Run, now: datetime, *, inclusive: bool = True) -> Stepped:
    """Everything due up to ``now``, earliest first."""
    told: list[PlanEvent] = []
    while not run.closed and (due := min(_due(run), default=None)) is not None:
        if due[0] > now or (due[0] == now and not inclusive):
            break
        run, event = _fire(run, *due)
        told.append(event)
    return run, tuple(told)


def next_due(run: Run) -> datetime | None:
    """When something next falls due in an open run."""
    return None if run.closed else min((due for due, _, _ in _due(run)), default=None)


def _before(run: Run, at: datetime) -> Stepped:
    return tick(run, at, inclusive=False)


def _due(run: Run) -> Iterator[tuple[datetime, int, int]]:
    """What is to come, as (when, which kind, index); of one instant reminders come first."""
    for index, step in enumerate(run.steps):
        if not step.done and not step.reminded and not step.overdue and step.remind_at < step.sheet.due:
            yield step.remind_at, 0, index
        if not step.done and not step.overdue:
            yield step.sheet.due, 1, index
    for index, clock in enumerate(run.clocks):
        if not clock.met and not clock.overdue:
            yield clock.dial.due, 2, index
    yield run.started_at + ABANDONED, 3, 0


def _fire(run: Run, due: datetime, kind: int, index: int) -> tuple[Run, PlanEvent]:
    if kind == 3:
        return replace(run, closed=True), _event(run, PlanEventKind.CLOSED, due, note="nobody closed it in time")
    if kind == 2:
        clock = run.clocks[index]
        run = replace(run, clocks=_put(run.clocks, index, replace(clock, overdue=True)))
        return run, _event(
            run, PlanEventKind.CLOCK_OVERDUE, due, task=clock.dial.name, title=clock.dial.title, due=clock.dial.due
        )
    step = run.steps[index]
    changed = replace(step, reminded=True) if kind == 0 else replace(step, overdue=True)
    told = PlanEventKind.DUE_SOON if kind == 0 else PlanEventKind.TASK_OVERDUE
    run = replace(run, steps=_put(run.steps, index, changed))
    return run, _event(run, told, due, task=step.sheet.name, title=step.sheet.title, due=step.sheet.due)


def _put(parts: tuple[T, ...], index: int, part: T) -> tuple[T, ...]:
    return (*parts[:index], part, *parts[index + 1 :])


def _refusal(run: Run, step: Step | None, task: str, *, skipped: bool) -> str:
    if run.closed:
        return "the run is closed already"
    if step is None:
        return f"no task {task} is asked for; asked for: {', '.join(one.sheet.name for one in run.steps)}"
    if step.done:
        return "it is done already"
    waiting = [name for name in step.sheet.needs if (one := run.step(name)) is not None and not one.done]
    return f"{', '.join(waiting)} must be done or skipped before" if waiting and not skipped else ""


def _met(run: Run, task: str, at: datetime) -> Stepped:
    events = []
    clocks = []
    for clock in run.clocks:
        if clock.met_by == task and not clock.met:
            clock = replace(clock, met=True)
            events.append(_clock_met(run, clock.dial, at))
        clocks.append(clock)
    return replace(run, clocks=tuple(clocks)), tuple(events)


def _clock_met(run: Run, dial: Dial, at: datetime) -> PlanEvent:
    return _event(run, PlanEventKind.CLOCK_MET, at, task=dial.name, title=dial.title, due=dial.due)


def _asked(run: Run, plan: Plan, at: datetime) -> tuple[Run, tuple[Sheet, ...], tuple[Dial, ...]]:
    """The run with all that its level asks for; and what of it is new."""
    known = {one.sheet.name for one in run.steps}
    new = [task for task in plan.tasks if task.name not in known and run.level.covers(task.level)]
    steps = [Step(sheet := _sheet(plan, task, at), max(at, sheet.due - plan.remind)) for task in new]
    ticking = {one.dial.name for one in run.clocks}
    clocks = [
        Running(Dial(name=one.name, title=one.title, due=at + one.within), one.met_by)
        for one in plan.clocks
        if one.name not in ticking and run.level in one.levels
    ]
    made = {one.sheet.name for one in run.steps if one.done}
    clocks = [replace(one, met=one.met_by in made) for one in clocks]
    run = replace(run, steps=(*run.steps, *steps), clocks=(*run.clocks, *clocks))
    return run, tuple(one.sheet for one in steps), tuple(one.dial for one in clocks)


def _sheet(plan: Plan, task: Task, at: datetime) -> Sheet:
    owner = plan.role(task.owner)
    partners = [role for name in task.partners if (role := plan.role(name)) is not None]
    return Sheet(
        name=task.name,
        title=task.title,
        role=owner.title if owner else _UNKNOWN,
        department=owner.department if owner else _UNKNOWN,
        due=at + task.within,
        partners=tuple(_partner(one) for one in partners),
        needs=task.needs,
    )


def _partner(role: Role) -> Text:
    return Text(zh=f"{role.department.zh}/{role.title.zh}", en=f"{role.department.en}/{role.title.en}")


def _event(
    run: Run,
    kind: PlanEventKind,
    at: datetime,
    *,
    task: str = "",
    by: str = "",
    note: str = "",
    title: Text | None = None,
    due: datetime | None = None,
) -> PlanEvent:
    return PlanEvent(
        kind=kind,
        at=at,
        run=run.id,
        plan=run.plan,
        brand=run.brand,
        level=run.level,
        incident=run.incident,
        drill=run.drill,
        task=task,
        by=by,
        note=note,
        title=title,
        due=due,
    )
