"""One run of a plan as a card, folded from its entries in the ledger. Pure; folding some again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from alerts.plans.events import Dial, PlanEvent, PlanEventKind, Sheet
from alerts.plans.settings import Text
from contracts.view import ClockCard, RunCard, TaskCard, Words

_STATES = ("open", "due_soon", "overdue", "skipped", "done")
"""A task goes only forward."""
_TASK = {
    PlanEventKind.DUE_SOON: "due_soon",
    PlanEventKind.TASK_OVERDUE: "overdue",
    PlanEventKind.TASK_DONE: "done",
    PlanEventKind.TASK_SKIPPED: "skipped",
}
_CLOCK = {PlanEventKind.CLOCK_OVERDUE: "overdue", PlanEventKind.CLOCK_MET: "met"}
P = TypeVar("P", TaskCard, ClockCard)


def stepped(card: RunCard | None, event: PlanEvent) -> RunCard | None:
    """The card with one event more; ``None`` while the start of the run is not known."""
    kind = event.kind
    if card is None:
        return _begun(event) if kind is PlanEventKind.STARTED else None
    if kind is PlanEventKind.RAISED:
        return _raised(card, event)
    if kind is PlanEventKind.CLOSED:
        return card if card.closed else card.model_copy(update={"closed": event.at, "closed_by": event.by})
    if kind in _TASK:
        return card.model_copy(update={"tasks": _put(card.tasks, event.task, lambda one: _task_after(one, event))})
    if kind in _CLOCK:
        return card.model_copy(update={"clocks": _put(card.clocks, event.task, lambda one: _clock_after(one, event))})
    return card


def _begun(event: PlanEvent) -> RunCard:
    return RunCard(
        run=event.run,
        plan=event.plan,
        title=_words(event.title) if event.title else None,
        brand=event.brand,
        level=event.level.value,
        started=event.at,
        by=event.by,
        incident=event.incident,
        drill=event.drill,
        tasks=tuple(_task(one) for one in event.tasks),
        clocks=tuple(_clock(one) for one in event.clocks),
    )


def _raised(card: RunCard, event: PlanEvent) -> RunCard:
    """What a graver level asks for besides; the run may belong to another incident from here on."""
    tasks, clocks = {one.name for one in card.tasks}, {one.name for one in card.clocks}
    return card.model_copy(
        update={
            "level": event.level.value,
            "incident": event.incident,
            "tasks": (*card.tasks, *(_task(one) for one in event.tasks if one.name not in tasks)),
            "clocks": (*card.clocks, *(_clock(one) for one in event.clocks if one.name not in clocks)),
        }
    )


def _task_after(task: TaskCard, event: PlanEvent) -> TaskCard:
    state = _TASK[event.kind]
    if _STATES.index(state) <= _STATES.index(task.state):
        return task
    who: dict[str, str | datetime] = {"by": event.by, "at": event.at, "note": event.note} if event.by else {}
    return task.model_copy(update={"state": state, **who})


def _clock_after(clock: ClockCard, event: PlanEvent) -> ClockCard:
    state = _CLOCK[event.kind]
    if clock.state == "met" or clock.state == state:
        return clock
    return clock.model_copy(update={"state": state, "at": event.at if state == "met" else None})


def _put(parts: tuple[P, ...], name: str, change: Callable[[P], P]) -> tuple[P, ...]:
    return tuple(change(one) if one.name == name else one for one in parts)


def _task(sheet: Sheet) -> TaskCard:
    return TaskCard(
        name=sheet.name,
        title=_words(sheet.title),
        role=_words(sheet.role),
        department=_words(sheet.department),
        due=sheet.due,
        state="open",
        needs=sheet.needs,
        partners=tuple(_words(one) for one in sheet.partners),
    )


def _clock(dial: Dial) -> ClockCard:
    return ClockCard(name=dial.name, title=_words(dial.title), due=dial.due, state="open")


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)
