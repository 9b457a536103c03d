"""What contradicts itself in a plan although each part is valid; for ``fenghuo check`` and before any start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from alerts.plans.settings import PLACEHOLDERS, Level, Plan, PlanBook, PlanClock, Task

_OPEN = re.compile(r"\{([^{}]*)\}")


def problems(book: PlanBook) -> list[str]:
    """Every contradiction as a sentence that names file, line, plan and part, and says what to do."""
    return [sentence for plan in book.plans for sentence in problems_of(plan, book.places)]


def problems_of(plan: Plan, places: dict[str, str]) -> list[str]:
    """The contradictions of one plan."""
    found = [*_roles(plan), *_needs(plan), *_deadlines(plan), *_clocks(plan), *_templates(plan)]
    return [_sentence(plan, places, part, text) for part, text in found]


Found = Iterator[tuple[str, str]]


def _roles(plan: Plan) -> Found:
    known = {role.name for role in plan.roles}
    for task in plan.tasks:
        for name in (task.owner, *task.partners):
            if name not in known:
                yield _part(task), f"no role is called {name}; known: {', '.join(sorted(known))}"
    used = {name for task in plan.tasks for name in (task.owner, *task.partners)}
    for role in plan.roles:
        if role.name not in used:
            yield f"roles/{role.name}", "has nothing to do; give it a task or remove it"


def _needs(plan: Plan) -> Found:
    tasks = {task.name: task for task in plan.tasks}
    for task in plan.tasks:
        for name in task.needs:
            if name not in tasks:
                yield _part(task), f"needs {name}, and no task is called so"
            elif not task.level.covers(tasks[name].level):
                yield _part(task), f"needs {name}, which only levels up from {tasks[name].level.value} have"
    graph = {task.name: {name for name in task.needs if name in tasks} for task in plan.tasks}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names = list(reversed(error.args[1][1:]))
        first = names.index(min(names, key=list(tasks).index))
        circle = [*names[first:], *names[:first], names[first]]
        yield _part(tasks[circle[0]]), f"waits for itself: {' needs '.join(circle)}; remove one of these needs"


def _deadlines(plan: Plan) -> Found:
    tasks = {task.name: task for task in plan.tasks}
    for task in plan.tasks:
        for name in task.needs:
            if name in tasks and task.within < tasks[name].within:
                text = f"is due after {task.within}, before {name} ({tasks[name].within}), which it needs"
                yield _part(task), f"{text}; give it more time or that one less"


def _clocks(plan: Plan) -> Found:
    tasks = {task.name: task for task in plan.tasks}
    for clock in plan.clocks:
        task = tasks.get(clock.met_by)
        if task is None:
            yield f"clocks/{clock.name}", f"is met by {clock.met_by}, and no task is called so"
            continue
        if task.within > clock.within:
            text = f"runs out after {clock.within}, and {task.name}, which meets it, is due only after {task.within}"
            yield f"clocks/{clock.name}", text
        missing = _without(task, clock)
        if missing:
            text = f"holds at level {', '.join(missing)}, where {task.name}, which meets it, is not asked for"
            yield f"clocks/{clock.name}", text


def _without(task: Task, clock: PlanClock) -> list[str]:
    return [level.value for level in Level if level in clock.levels and not level.covers(task.level)]


def _templates(plan: Plan) -> Found:
    known = {one.name for one in plan.templates}
    for task in plan.tasks:
        if task.template is not None and task.template not in known:
            yield _part(task), f"no template is called {task.template}; known: {', '.join(sorted(known)) or 'none'}"
    for template in plan.templates:
        for name in sorted({*_OPEN.findall(template.zh), *_OPEN.findall(template.en)} - set(PLACEHOLDERS)):
            text = f"leaves {{{name}}} open, which nothing fills; known: {', '.join(PLACEHOLDERS)}"
            yield f"templates/{template.name}", text


def _part(task: Task) -> str:
    return f"tasks/{task.name}"


def _sentence(plan: Plan, places: dict[str, str], part: str, text: str) -> str:
    where = places.get(f"{plan.name}/{part}")
    what, _, name = part.partition("/")
    named = f"plan {plan.name}: {what.removesuffix('s')} {name}: {text}"
    return f"{where}: {named}" if where else named
